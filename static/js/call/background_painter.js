/** Puts a person before a blurred or another background. Runs in a worker. */

import { SIZE } from "./segmenter.js";

/** @typedef {{blur: number} | {image: ImageBitmap}} Look how much is blurred, as part of the picture's width; or what is behind */

/** Blurring a small picture costs little, and nobody sees the difference. */
const SHRINK = 4;
/** The mask is coarse: its edge is softened by this part of the picture's width. */
const SOFT = 1 / 400;
/** A browser without `filter` blurs by shrinking so much more. */
const ROUGH = 1.5;

/** Paints one picture after the other on `canvas`. */
export class Painter {
  /** @type {Look} */
  look = { blur: 0 };
  canvas = new OffscreenCanvas(SIZE.width, SIZE.height);
  #context = contextOf(this.canvas);
  #mask = new OffscreenCanvas(SIZE.width, SIZE.height);
  #behind = new OffscreenCanvas(SIZE.width, SIZE.height);

  /**
   * Paint a picture of this size. Without a mask all of it is background, so that nothing private is shown.
   * @param {CanvasImageSource} picture
   * @param {{width: number, height: number}} size
   * @param {ImageData | null} mask
   */
  paint(picture, size, mask) {
    resize(this.canvas, size.width, size.height);
    const context = this.#context;
    context.globalCompositeOperation = "copy";
    if (mask) {
      contextOf(this.#mask).putImageData(mask, 0, 0);
      if ("filter" in context) context.filter = `blur(${size.width * SOFT}px)`;
      context.drawImage(this.#mask, 0, 0, size.width, size.height);
      if ("filter" in context) context.filter = "none";
      context.globalCompositeOperation = "source-in";
      context.drawImage(picture, 0, 0, size.width, size.height);
      context.globalCompositeOperation = "destination-over";
    }
    if ("image" in this.look) cover(context, this.look.image, size);
    else this.#blur(picture, size, this.look.blur);
  }

  /**
   * @param {CanvasImageSource} picture
   * @param {{width: number, height: number}} size
   * @param {number} blur
   */
  #blur(picture, { width, height }, blur) {
    const context = contextOf(this.#behind);
    const radius = (blur * width) / SHRINK;
    const shrink = "filter" in context ? SHRINK : Math.max(SHRINK, blur * width * ROUGH);
    resize(this.#behind, Math.max(1, Math.round(width / shrink)), Math.max(1, Math.round(height / shrink)));
    if ("filter" in context) context.filter = `blur(${radius}px)`;
    // A little larger than the canvas: what lies outside is nothing, and would darken the edge.
    const [wide, high, out] = [this.#behind.width, this.#behind.height, 2 * radius];
    context.drawImage(picture, -out, -out, wide + 2 * out, high + 2 * out);
    this.#context.drawImage(this.#behind, 0, 0, width, height);
  }
}

/**
 * Fill the canvas with an image, without distorting it.
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {ImageBitmap} image
 * @param {{width: number, height: number}} size
 */
function cover(context, image, { width, height }) {
  const scale = Math.max(width / image.width, height / image.height);
  const [wide, high] = [image.width * scale, image.height * scale];
  context.drawImage(image, (width - wide) / 2, (height - high) / 2, wide, high);
}

/**
 * @param {OffscreenCanvas} canvas
 * @param {number} width
 * @param {number} height
 */
function resize(canvas, width, height) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

/**
 * @param {OffscreenCanvas} canvas
 * @returns {OffscreenCanvasRenderingContext2D}
 */
function contextOf(canvas) {
  return /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
}
