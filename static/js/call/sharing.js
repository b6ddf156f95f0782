/** Sharing the screen: how it is asked for, and what a person should know of what they chose. */

import { Track } from "./livekit.js";

/** @typedef {"self" | "screen"} Risk the shared tab is this very meeting; the whole screen shows it, too */

/** @type {import("livekit-client").ScreenShareCaptureOptions} */
export const SHARE = {
  // What the others say is not sent back to them as part of the computer's sound.
  audio: { restrictOwnAudio: true, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  systemAudio: "include",
  surfaceSwitching: "include",
  selfBrowserSurface: "exclude",
  contentHint: "detail",
};

const HANDLE = crypto.randomUUID();

/** Let this page recognise itself when it is what is shared; a frame cannot be told from the page around it. */
export function markPage() {
  if (window !== window.top) return;
  /** @type {any} */ (navigator.mediaDevices)?.setCaptureHandleConfig?.({ handle: HANDLE, permittedOrigins: [location.origin] });
}

/**
 * Tell what an endless tunnel of pictures may come from.
 * @param {MediaStreamTrack} track of the shared screen
 * @returns {Risk | null}
 */
export function riskOf(track) {
  const { handle } = /** @type {any} */ (track).getCaptureHandle?.() ?? {};
  if (handle === HANDLE) return "self";
  return track.getSettings().displaySurface === "monitor" ? "screen" : null;
}

/**
 * Give the screen that this person shares.
 * @param {import("livekit-client").LocalParticipant} participant
 * @returns {MediaStreamTrack | undefined}
 */
export function sharedBy(participant) {
  return participant.getTrackPublication(Track.Source.ScreenShare)?.track?.mediaStreamTrack;
}
