/** The one door to the vendored media client: the minified build, which as a module leaves its names on the global object. */

import "../../vendor/livekit-client/livekit-client.umd.js";

export const {
  BaseKeyProvider,
  CheckStatus,
  ConnectionCheck,
  ConnectionError,
  ConnectionErrorReason,
  ConnectionQuality,
  DisconnectReason,
  LocalAudioTrack,
  LocalVideoTrack,
  Room,
  RoomEvent,
  Track,
  TrackEvent,
  VideoPresets,
  VideoQuality,
  createLocalAudioTrack,
  createLocalTracks,
  createLocalVideoTrack,
} = globalThis.LivekitClient;
