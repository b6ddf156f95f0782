/** Sends what a person brings along: from the page before entering, or from another room of the meeting. */

import { sendingOf } from "./capture.js";
import { dress } from "./effects.js";
import { Track } from "./livekit.js";
import { media } from "./media_choices.js";

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
  const device = deviceOf(track);
  if (device === "camera") await dress(track); // a microphone gets its filter once it is sent
  const { background } = media.now;
  if (!isWanted(device)) return track.stop();
  await participant.publishTrack(track, sendingOf(track));
  if (!isWanted(device)) await track.mute(); // the media client does not turn off what is not published yet
  if (device === "camera" && media.now.background !== background) await dress(track).catch(() => participant.unpublishTrack(track));
}

/**
 * @param {LocalTrack} track
 * @returns {Device}
 */
function deviceOf({ kind }) {
  return kind === Track.Kind.Audio ? "microphone" : "camera";
}
