/** The worker that gives every picture of the camera its background, away from the page that must stay smooth. */

import { Painter } from "./background_painter.js";
import { Segmenter } from "./segmenter.js";

/** @typedef {{type: "open"} | {type: "look", look: import("./background_painter.js").Look} | {type: "pipe", readable: ReadableStream<VideoFrame>, writable: WritableStream<VideoFrame>} | {type: "picture", picture: ImageBitmap}} Order */

const painter = new Painter();
/** @type {Segmenter | null} */
let segmenter = null;

/** @type {Record<string, (order: any) => unknown>} */
const HANDLERS = { open, look, pipe, picture: draw };

addEventListener("message", ({ data }) => HANDLERS[data.type]?.(data));

async function open() {
  try {
    segmenter = await Segmenter.open();
    say({ type: "ready" });
  } catch (error) {
    say({ type: "failed", reason: String(error) });
  }
}

/** @param {{look: import("./background_painter.js").Look}} order */
function look(order) {
  painter.look = order.look;
}

/**
 * Take pictures from one stream and give them to the other, until the camera ends.
 * @param {{readable: ReadableStream<VideoFrame>, writable: WritableStream<VideoFrame>}} order
 */
function pipe({ readable, writable }) {
  const stream = new TransformStream({
    transform(/** @type {VideoFrame} */ frame, /** @type {TransformStreamDefaultController<VideoFrame>} */ controller) {
      controller.enqueue(changed(frame));
    },
  });
  readable.pipeThrough(stream).pipeTo(writable).catch(() => undefined); // the camera was turned off
}

/**
 * @param {VideoFrame} frame
 * @returns {VideoFrame}
 */
function changed(frame) {
  const { timestamp, displayWidth: width, displayHeight: height } = frame;
  try {
    paint(frame, { width, height });
    return new VideoFrame(painter.canvas, { timestamp, alpha: "discard" });
  } catch (error) {
    say({ type: "failed", reason: String(error) });
    throw error;
  } finally {
    frame.close();
  }
}

/**
 * For browsers whose tracks give no stream: one picture in, one out.
 * @param {{picture: ImageBitmap}} order
 */
function draw({ picture }) {
  paint(picture, { width: picture.width, height: picture.height });
  picture.close();
  const painted = painter.canvas.transferToImageBitmap();
  say({ type: "painted", painted }, [painted]);
}

/**
 * @param {CanvasImageSource} picture
 * @param {{width: number, height: number}} size
 */
function paint(picture, size) {
  painter.paint(picture, size, maskOf(picture));
}

/**
 * Where the person cannot be found, everything is background.
 * @param {CanvasImageSource} picture
 * @returns {ImageData | null}
 */
function maskOf(picture) {
  try {
    return segmenter?.maskOf(picture) ?? null;
  } catch {
    return null;
  }
}

/**
 * @param {object} message
 * @param {Transferable[]} [moved]
 */
function say(message, moved = []) {
  /** @type {any} */ (self).postMessage(message, moved);
}
