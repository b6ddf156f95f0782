/** Finds the person in a picture. Runs in a worker; everything it loads comes from our own origin. */

import { withMetadata } from "./model_metadata.js";

/** @typedef {import("@mediapipe/tasks-vision").ImageSegmenter} ImageSegmenter */

const VENDOR = new URL("../../vendor/@mediapipe/", import.meta.url);
const BUNDLE = new URL("tasks-vision/vision_bundle.mjs", VENDOR).href;
const MODEL = new URL("selfie_segmentation/selfie_segmentation_landscape.tflite", VENDOR).href;
const WASM = {
  wasmLoaderPath: new URL("tasks-vision/wasm/vision_wasm_module_internal.js", VENDOR).href,
  wasmBinaryPath: new URL("tasks-vision/wasm/vision_wasm_module_internal.wasm", VENDOR).href,
};
/** What the model looks at. */
export const SIZE = { width: 256, height: 144 };
/** Surer than the second is the person, less sure than the first is the background; between them the edge is soft. */
const [BEHIND, PERSON] = [0.3, 0.8];
/** How much of the last mask stays, so that edges do not flicker. */
const CALM = 0.35;

/** Gives masks; `open` loads the model first. */
export class Segmenter {
  #canvas = new OffscreenCanvas(SIZE.width, SIZE.height);
  #context = /** @type {OffscreenCanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
  #sureness = new Float32Array(SIZE.width * SIZE.height);
  #mask = new ImageData(SIZE.width, SIZE.height);

  /** @param {ImageSegmenter} segmenter */
  constructor(segmenter) {
    this.segmenter = segmenter;
  }

  /** @returns {Promise<Segmenter>} */
  static async open() {
    /** @type {typeof import("@mediapipe/tasks-vision")} */
    const { ImageSegmenter } = await import(BUNDLE);
    const answer = await fetch(MODEL);
    if (!answer.ok) throw new Error(`The model answers ${answer.status}`);
    Object.assign(self, { Module: { printErr() {} } }); // MediaPipe reports there what goes well; what fails is thrown
    const modelAssetBuffer = withMetadata(new Uint8Array(await answer.arrayBuffer()));
    const segmenter = await ImageSegmenter.createFromOptions(WASM, {
      baseOptions: { modelAssetBuffer, delegate: "CPU" },
      runningMode: "VIDEO",
      outputConfidenceMasks: true,
      outputCategoryMask: false,
    });
    return new Segmenter(segmenter);
  }

  /**
   * Give the person as an opaque shape of `SIZE` on nothing. The next call writes to the same picture.
   * @param {CanvasImageSource} picture
   * @returns {ImageData}
   */
  maskOf(picture) {
    this.#context.drawImage(picture, 0, 0, SIZE.width, SIZE.height);
    this.segmenter.segmentForVideo(this.#canvas, performance.now(), ({ confidenceMasks }) => {
      const found = confidenceMasks?.[0]?.getAsFloat32Array();
      if (found) blend(this.#sureness, found, this.#mask.data);
    });
    return this.#mask;
  }

  close() {
    this.segmenter.close();
  }
}

/**
 * Mix what was found with what was sure before, and write it as the opacity of `pixels`.
 * @param {Float32Array} sureness
 * @param {Float32Array} found
 * @param {Uint8ClampedArray} pixels
 */
function blend(sureness, found, pixels) {
  for (let index = 0; index < sureness.length; index += 1) {
    const value = CALM * sureness[index] + (1 - CALM) * found[index];
    sureness[index] = value;
    pixels[4 * index + 3] = (255 * (value - BEHIND)) / (PERSON - BEHIND);
  }
}
