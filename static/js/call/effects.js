/** Gives microphone and camera what the person chose: a background, less noise. What that needs is loaded when it is chosen. */

import { pictureCapture } from "./capture.js";
import { LocalAudioTrack, LocalVideoTrack } from "./livekit.js";
import { media } from "./media_choices.js";
import { ownImage } from "./own_images.js";

/** @typedef {import("livekit-client").LocalTrack} LocalTrack */
/** @typedef {import("./background.js").Background} Background */
/** @typedef {import("./background_painter.js").Look} Look */

/** As part of the picture's width: who stands behind is a shape, or a colour. */
const BLUR = { light: 0.006, strong: 0.02 };
const IMAGES = new URL("../../img/backgrounds/", import.meta.url);
const RATE_HZ = 48_000; // of RNNoise
const SOUND_STARTS_MS = 2000;

/** @type {AudioContext | null} */
let sound = null;

/** The background cannot be made here; the camera must not be shown without it. */
export class BackgroundError extends Error {
  name = "BackgroundError";
}

/**
 * Say whether this browser can change the background.
 * @returns {boolean}
 */
export function canChangeBackground() {
  canDraw ??= draws();
  return canDraw;
}

/** @type {boolean | undefined} */
let canDraw;

/** @returns {boolean} */
function draws() {
  const hasStreams = "MediaStreamTrackGenerator" in window || "captureStream" in HTMLCanvasElement.prototype;
  if (!hasStreams || typeof WebAssembly !== "object" || typeof OffscreenCanvas !== "function") return false;
  return new OffscreenCanvas(1, 1).getContext("webgl2") !== null;
}

/**
 * Say whether this browser can filter noise.
 * @returns {boolean}
 */
export function canFilterNoise() {
  return typeof AudioWorkletNode === "function" && typeof WebAssembly === "object";
}

/**
 * Give how the camera is opened, with its background ready. Throws when the chosen one cannot be made: the camera
 * must not be shown without it.
 * @returns {Promise<import("livekit-client").VideoCaptureOptions>}
 */
export function dressedCapture() {
  return forChosen(async (background) => {
    if (background === "none") return pictureCapture();
    return { ...pictureCapture(), processor: await told("background", prepared(background)) };
  });
}

/**
 * Do something for the chosen background, and once more when another one is chosen meanwhile. Throws `BackgroundError`.
 * @template T
 * @param {(background: string) => Promise<T>} action
 * @returns {Promise<T>}
 */
async function forChosen(action) {
  const { background } = media.now;
  const [result] = await Promise.allSettled([action(background)]);
  if (background !== media.now.background) return forChosen(action);
  if (result.status === "rejected") throw new BackgroundError(String(result.reason));
  return result.value;
}

/** @param {string} background @returns {Promise<Background>} */
async function prepared(background) {
  const [{ Background }, look] = await Promise.all([import("./background.js"), lookOf(background)]);
  return Background.prepare(look);
}

/** An own image that is gone leaves a strong blur. @param {string} background @returns {Promise<Look>} */
async function lookOf(background) {
  const [kind, name] = background.split(":");
  if (kind === "light") return { blur: BLUR.light };
  const blob = kind === "image" ? await delivered(name) : (await ownImage(name ?? ""))?.blob;
  return blob ? { image: await createImageBitmap(blob) } : { blur: BLUR.strong };
}

/** @param {string} name @returns {Promise<Blob | undefined>} */
async function delivered(name) {
  const answer = await fetch(new URL(`${name}.webp`, IMAGES));
  return answer.ok ? answer.blob() : undefined;
}

/**
 * Give a track what was chosen, or take away what was.
 * @param {LocalTrack} track of the microphone or the camera
 */
export async function dress(track) {
  if (track instanceof LocalVideoTrack) await dressPicture(track);
  if (track instanceof LocalAudioTrack) await dressSound(track);
}

/**
 * Say what goes on while something is prepared.
 * @template T
 * @param {import("./media_choices.js").Progress["choice"]} choice
 * @param {Promise<T>} preparing
 * @returns {Promise<T>}
 */
async function told(choice, preparing) {
  media.tell({ choice, state: "preparing" });
  try {
    const made = await preparing;
    media.tell({ choice, state: "ready" });
    return made;
  } catch (error) {
    media.tell({ choice, state: "failed" });
    throw error;
  }
}

/** @param {LocalVideoTrack} track */
function dressPicture(track) {
  return forChosen(async (background) => {
    const worn = /** @type {Background | undefined} */ (track.getProcessor());
    if (background === "none") await undress(track);
    else if (worn) worn.use(await told("background", lookOf(background)));
    else await track.setProcessor(await told("background", prepared(background)));
  });
}

/** @param {LocalVideoTrack} track */
async function undress(track) {
  if (!track.getProcessor()) return;
  await track.stopProcessor();
  const { stopEngine } = await import("./background.js");
  if (media.now.background === "none") stopEngine();
}

/** @param {LocalAudioTrack} track */
async function dressSound(track) {
  const { noise, stereo } = media.now;
  const isWanted = noise === "strong" && !stereo && canFilterNoise();
  if (!isWanted && track.getProcessor()) await track.stopProcessor();
  if (!isWanted || track.getProcessor()) return;
  const { NoiseFilter } = await import("./noise.js");
  await told("noise", filter(track, new NoiseFilter()));
}

/**
 * A context that the browser holds back would send silence.
 * @param {LocalAudioTrack} track
 * @param {import("./noise.js").NoiseFilter} noise
 */
async function filter(track, noise) {
  sound ??= new AudioContext({ sampleRate: RATE_HZ });
  await Promise.race([sound.resume(), new Promise((resolve) => setTimeout(resolve, SOUND_STARTS_MS))]);
  if (sound.state !== "running") throw new Error("The browser holds the sound back");
  await track.setAudioContext(sound);
  await track.setProcessor(noise);
}

/**
 * Give the device's own track, without background or filter.
 * @param {LocalTrack} track
 * @returns {MediaStreamTrack}
 */
export function sourceOf(track) {
  const processor = /** @type {{source?: MediaStreamTrack} | undefined} */ (track.getProcessor());
  return processor?.source ?? track.mediaStreamTrack;
}
