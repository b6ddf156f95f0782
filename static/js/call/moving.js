/** Takes what a person sends along from one room of a meeting to another. */

import { DisconnectReason, Track } from "./livekit.js";

/** @typedef {import("livekit-client").LocalTrack} LocalTrack */

const KEPT = [Track.Source.Microphone, Track.Source.Camera];

/** For these reasons the server ends a session in a group whose person belongs to another room of the meeting. */
const SENT_ON = [DisconnectReason.MIGRATION, DisconnectReason.ROOM_DELETED];

/**
 * Give the tracks of the microphone and the camera that are on; everything else stops: a screen is shared in one room.
 * @param {import("livekit-client").LocalParticipant} participant
 * @returns {LocalTrack[]}
 */
export function takeAlong(participant) {
  /** @type {LocalTrack[]} */
  const kept = [];
  for (const { track, isMuted, source } of participant.trackPublications.values()) {
    if (track && KEPT.includes(source) && !isMuted) kept.push(track);
    else track?.stop();
  }
  return kept;
}

/**
 * Say whether the end of a connection means that the person goes on in the main room.
 * @param {DisconnectReason | undefined} reason
 * @returns {boolean}
 */
export function isSentOn(reason) {
  return reason !== undefined && SENT_ON.includes(reason);
}
