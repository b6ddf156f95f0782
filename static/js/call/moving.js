/** Takes what a person sends along from one room of a meeting to another. */

import { sourceOf } from "./effects.js";
import { DisconnectReason, LocalAudioTrack, LocalVideoTrack, Track } from "./livekit.js";

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
    if (track && KEPT.includes(source) && !isMuted) kept.push(renewed(track));
    else track?.stop();
  }
  return kept;
}

/**
 * Give what a device sends as a new track, undressed: the former one knows which layers nobody watched in the room before.
 * @param {LocalTrack} track
 * @returns {LocalTrack}
 */
function renewed(track) {
  void track.getProcessor()?.destroy();
  const Kind = track.kind === Track.Kind.Video ? LocalVideoTrack : LocalAudioTrack;
  return Object.assign(new Kind(sourceOf(track), track.constraints, false), { source: track.source });
}

/**
 * Say whether the end of a connection means that the person goes on in the main room.
 * @param {DisconnectReason | undefined} reason
 * @returns {boolean}
 */
export function isSentOn(reason) {
  return reason !== undefined && SENT_ON.includes(reason);
}
