/** Whose each track is, by the id that WebRTC's statistics have for it. */

/** @typedef {{name: string, isLocal: boolean, source: string}} Owner */

/**
 * @param {import("livekit-client").Room} room
 * @returns {Map<string, Owner>}
 */
export function ownersOf(room) {
  /** @type {Map<string, Owner>} */
  const owners = new Map();
  for (const participant of [room.localParticipant, ...room.remoteParticipants.values()]) {
    for (const { track, source } of participant.trackPublications.values()) {
      const owner = { name: participant.name || participant.identity, isLocal: participant.isLocal, source };
      if (track) owners.set(track.mediaStreamTrack.id, owner);
    }
  }
  return owners;
}
