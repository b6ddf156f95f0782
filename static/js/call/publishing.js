/** Sends what a person brings along: from the page before entering, or from another room of the meeting. */

import { sendingOf } from "./capture.js";
import { dress } from "./effects.js";
import { Track } from "./livekit.js";

/** @typedef {import("livekit-client").LocalTrack} LocalTrack */
/** @typedef {"microphone" | "camera"} Device */

/**
 * Say which devices have a track.
 * @param {LocalTrack[]} tracks
 * @returns {Record<Device, boolean>}
 */
export function devicesOf(tracks) {
  const found = tracks.map(deviceOf);
  return { microphone: found.includes("microphone"), camera: found.includes("camera") };
}

/**
 * Send the tracks with the background that is chosen now. Those that nobody wants by then, or that cannot be sent, stop.
 * @param {import("livekit-client").LocalParticipant} participant
 * @param {LocalTrack[]} tracks
 * @param {(device: Device) => boolean} isWanted
 */
export async function publish(participant, tracks, isWanted) {
  const sent = await Promise.allSettled(tracks.map((track) => publishOne(participant, track, isWanted)));
  sent.forEach(({ status }, index) => status === "rejected" && tracks[index].stop());
}

/**
 * @param {import("livekit-client").LocalParticipant} participant
 * @param {LocalTrack} track
 * @param {(device: Device) => boolean} isWanted
 */
async function publishOne(participant, track, isWanted) {
  if (track.kind === Track.Kind.Video) await dress(track); // a microphone gets its filter once it is sent
  if (isWanted(deviceOf(track))) await participant.publishTrack(track, sendingOf(track));
  else track.stop();
}

/**
 * @param {LocalTrack} track
 * @returns {Device}
 */
function deviceOf({ kind }) {
  return kind === Track.Kind.Audio ? "microphone" : "camera";
}
