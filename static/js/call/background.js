/** The background of the camera's picture, as a processor of livekit-client's tracks. The work is done in a worker. */

import { media } from "./media_choices.js";

/** @typedef {import("./background_painter.js").Look} Look */
/** @typedef {import("livekit-client").VideoProcessorOptions} Options */

const FPS = 24;
const PICTURE_MS = 1000 / FPS;
/** The model and its machine have some 3 MB, compressed. */
const PATIENCE_MS = 60_000;

/** @type {Promise<Worker> | null} */
let engine = null;

/**
 * Give the worker, ready to paint; it is started once.
 * @returns {Promise<Worker>}
 */
function started() {
  if (engine) return engine;
  const starting = start(() => {
    if (engine === starting) engine = null;
  });
  engine = starting;
  return starting;
}

/**
 * @param {() => void} forget called when the worker can paint no more
 * @returns {Promise<Worker>}
 */
function start(forget) {
  const worker = new Worker(new URL("./background_worker.js", import.meta.url), { type: "module" });
  let isReady = false;
  return new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ reason) => {
      worker.terminate();
      forget();
      reject(new Error(reason));
      if (isReady) media.tell({ choice: "background", state: "broken" });
    };
    const timer = setTimeout(() => fail("late"), PATIENCE_MS);
    worker.addEventListener("error", ({ message }) => fail(message));
    worker.addEventListener("message", ({ data }) => {
      if (data.type === "ready") resolve(worker);
      if (data.type === "ready") isReady = true;
      if (data.type === "failed") fail(data.reason);
      if (data.type !== "painted") clearTimeout(timer);
    });
    worker.postMessage({ type: "open" });
  });
}

/** Free what the worker holds. */
export function stopEngine() {
  void engine?.then((worker) => worker.terminate(), () => undefined);
  engine = null;
}

/** Gives one track its background. Its `source` is the camera's own track. */
export class Background {
  name = "background";
  /** @type {MediaStreamTrack | undefined} */
  processedTrack;
  /** @type {MediaStreamTrack | undefined} */
  source;
  #stop = () => {};

  /** @param {Worker} worker */
  constructor(worker) {
    this.worker = worker;
  }

  /**
   * Give a processor that needs no more loading.
   * @param {Look} look
   */
  static async prepare(look) {
    const background = new Background(await started());
    background.use(look);
    return background;
  }

  /** @param {Look} look */
  use(look) {
    this.worker.postMessage({ type: "look", look });
  }

  /** @param {Options} options */
  async init({ track, element }) {
    this.source = track;
    if ("MediaStreamTrackProcessor" in window && "MediaStreamTrackGenerator" in window) this.#stream(track);
    else this.#copy(track, /** @type {HTMLVideoElement} */ (element));
  }

  /** @param {Options} options */
  async restart(options) {
    this.#stop();
    await this.init(options);
  }

  async destroy() {
    this.#stop();
    this.processedTrack?.stop();
  }

  /** @param {MediaStreamTrack} track */
  #stream(track) {
    const { MediaStreamTrackProcessor, MediaStreamTrackGenerator } = /** @type {any} */ (window);
    const { readable } = new MediaStreamTrackProcessor({ track });
    const generator = new MediaStreamTrackGenerator({ kind: "video" });
    this.worker.postMessage({ type: "pipe", readable, writable: generator.writable }, [readable, generator.writable]);
    this.processedTrack = generator;
    this.#stop = () => generator.stop();
  }

  /**
   * @param {MediaStreamTrack} track
   * @param {HTMLVideoElement} video
   */
  #copy(track, video) {
    const canvas = video.ownerDocument.createElement("canvas");
    const { width = 640, height = 360 } = track.getSettings();
    [canvas.width, canvas.height] = [width, height];
    const context = /** @type {ImageBitmapRenderingContext} */ (canvas.getContext("bitmaprenderer"));
    const stopClock = this.#everyPicture(video, (painted) => context.transferFromImageBitmap(painted));
    [this.processedTrack] = canvas.captureStream(FPS).getVideoTracks();
    this.#stop = stopClock;
  }

  /**
   * Send pictures to the worker, one at a time, and hand on what comes back.
   * @param {HTMLVideoElement} video
   * @param {(painted: ImageBitmap) => void} show
   * @returns {() => void} ends it
   */
  #everyPicture(video, show) {
    let isWaiting = false;
    const hear = (/** @type {MessageEvent} */ { data }) => {
      if (data.type !== "painted") return;
      isWaiting = false;
      show(data.painted);
    };
    const take = async () => {
      if (isWaiting || video.readyState < video.HAVE_CURRENT_DATA) return;
      isWaiting = true;
      const picture = await createImageBitmap(video).catch(() => null);
      if (picture) this.worker.postMessage({ type: "picture", picture }, [picture]);
      else isWaiting = false;
    };
    this.worker.addEventListener("message", hear);
    const clock = setInterval(() => void take(), PICTURE_MS);
    return () => {
      clearInterval(clock);
      this.worker.removeEventListener("message", hear);
    };
  }
}
