/** Who is in the call, as plain values that a screen can draw. */

import { ConnectionQuality, Track } from "./livekit.js";

/** LiveKit's numbers for sources (`TrackSource`), by their names in tickets. @type {Record<string, number>} */
const SOURCE_NUMBERS = { camera: 1, microphone: 2, screen_share: 3, screen_share_audio: 4 };

/** @type {Record<string, Person["quality"]>} */
const QUALITIES = { [ConnectionQuality.Poor]: "weak", [ConnectionQuality.Lost]: "lost" };

/** @typedef {import("./livekit.js").Room} Room */
/** @typedef {import("livekit-client").Participant} Participant */
/** @typedef {import("livekit-client").VideoTrack} VideoTrack */
/** @typedef {import("livekit-client").RemoteTrack} RemoteTrack */

/**
 * @typedef {object} Person
 * @property {string} key stays the same when the person reconnects
 * @property {string} name
 * @property {boolean} isLocal
 * @property {boolean} isGuest
 * @property {Record<string, string>} card what the server signed about them
 * @property {boolean} isSpeaking
 * @property {"good" | "weak" | "lost"} quality of the connection, as the server measures it
 * @property {boolean} microphoneOn
 * @property {VideoTrack | null} camera
 * @property {VideoTrack | null} share
 * @property {boolean} isCameraPaused the server holds the picture back, because this browser's connection has no room for it
 * @property {boolean} isSharePaused
 * @property {number} hand the place of the raised hand in the order, from 1; 0 when it is down
 * @property {string} reaction what is shown for a moment, or nothing
 * @property {string} spoken how long this person and their organisation have spoken, for hosts
 * @property {number} spokeAt when this person last spoke, in milliseconds since 1970; 0 for never
 */

/**
 * Give everybody in order of arrival, this browser's person last.
 * @param {Room} room
 * @returns {Person[]}
 */
export function peopleOf(room) {
  const others = [...room.remoteParticipants.values()];
  others.sort((one, other) => arrival(one) - arrival(other));
  return [...others, room.localParticipant].map(personOf);
}

/**
 * Give the sounds to play: microphones and shared sound of the others.
 * @param {Room} room
 * @returns {RemoteTrack[]}
 */
export function soundsOf(room) {
  return [...room.remoteParticipants.values()].flatMap((participant) =>
    [...participant.audioTrackPublications.values()].flatMap((publication) => publication.track ?? []),
  );
}

/**
 * Say whether the server lets a participant send a source, named as in its own terms (`microphone`, `screen_share`).
 * @param {Participant} participant
 * @param {string} source
 * @returns {boolean}
 */
export function maySend({ permissions }, source) {
  if (!permissions) return true;
  const listed = permissions.canPublishSources ?? [];
  return permissions.canPublish && (listed.length === 0 || listed.includes(SOURCE_NUMBERS[source]));
}

/**
 * Say whether the server refuses a source of this person; the call then says so, too.
 * @param {import("./call.js").Call} call
 * @param {string} source
 * @returns {boolean}
 */
export function isRefused(call, source) {
  if (maySend(call.room.localParticipant, source)) return false;
  call.dispatchEvent(new CustomEvent("refused", { detail: source }));
  return true;
}

/**
 * @param {Participant} participant
 * @returns {number}
 */
function arrival(participant) {
  return participant.joinedAt?.getTime() ?? 0;
}

/**
 * @param {Participant} participant
 * @returns {Person}
 */
function personOf(participant) {
  return {
    key: participant.identity,
    name: participant.name || participant.identity,
    isLocal: participant.isLocal,
    isGuest: participant.attributes.kind === "guest",
    card: { ...participant.attributes },
    isSpeaking: participant.isSpeaking,
    quality: QUALITIES[participant.connectionQuality] ?? "good",
    microphoneOn: participant.isMicrophoneEnabled,
    camera: pictureOf(participant, Track.Source.Camera),
    share: pictureOf(participant, Track.Source.ScreenShare),
    isCameraPaused: isPaused(participant, Track.Source.Camera),
    isSharePaused: isPaused(participant, Track.Source.ScreenShare),
    hand: 0,
    reaction: "",
    spoken: "",
    spokeAt: participant.lastSpokeAt?.getTime() ?? 0,
  };
}

/**
 * @param {Participant} participant
 * @param {Track.Source} source
 * @returns {VideoTrack | null}
 */
function pictureOf(participant, source) {
  const publication = participant.getTrackPublication(source);
  return publication && !publication.isMuted ? (publication.videoTrack ?? null) : null;
}

/**
 * @param {Participant} participant
 * @param {Track.Source} source
 * @returns {boolean}
 */
function isPaused(participant, source) {
  return participant.getTrackPublication(source)?.track?.streamState === Track.StreamState.Paused;
}
