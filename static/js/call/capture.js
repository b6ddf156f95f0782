/** How microphone and camera are opened and sent, as the person chose. */

import { loadChoices } from "./devices.js";
import { media } from "./media_choices.js";

/** @typedef {import("livekit-client").AudioCaptureOptions} AudioCaptureOptions */
/** @typedef {import("livekit-client").VideoCaptureOptions} VideoCaptureOptions */
/** @typedef {import("livekit-client").TrackPublishOptions} TrackPublishOptions */

const WIDE = 16 / 9;

/** @param {string} deviceId @returns {{deviceId: ConstrainDOMString} | undefined} */
function wished(deviceId) {
  return deviceId ? { deviceId: { ideal: deviceId } } : undefined;
}

/**
 * Give how the microphone is opened: music is left as it is, speech is cleaned.
 * @returns {AudioCaptureOptions}
 */
export function soundCapture() {
  const { echo, noise, stereo } = media.now;
  return {
    ...wished(loadChoices().microphone),
    echoCancellation: echo && !stereo,
    noiseSuppression: noise === "browser" && !stereo,
    autoGainControl: !stereo,
    channelCount: stereo ? 2 : 1,
  };
}

/**
 * Give how the camera is opened.
 * @returns {VideoCaptureOptions}
 */
export function pictureCapture() {
  const { height, fps } = media.now;
  return { ...wished(loadChoices().camera), resolution: { width: Math.round(height * WIDE), height, frameRate: fps } };
}

/**
 * Give how a track is sent: music with all it has, without gaps and repetition.
 * @param {{kind: string}} track
 * @returns {TrackPublishOptions | undefined}
 */
export function sendingOf({ kind }) {
  if (kind !== "audio" || !media.now.stereo) return undefined;
  return { forceStereo: true, dtx: false, red: false, audioPreset: { maxBitrate: 128_000 } };
}
