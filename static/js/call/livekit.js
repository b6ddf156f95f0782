/** The one door to the vendored media client. */

export {
  BaseKeyProvider,
  CheckStatus,
  ConnectionCheck,
  ConnectionError,
  ConnectionErrorReason,
  ConnectionQuality,
  DisconnectReason,
  LocalAudioTrack,
  LocalVideoTrack,
  RemoteAudioTrack,
  Room,
  RoomEvent,
  Track,
  VideoPresets,
  createAudioAnalyser,
  createLocalAudioTrack,
  createLocalTracks,
  createLocalVideoTrack,
  supportsAudioOutputSelection,
} from "../../vendor/livekit-client/livekit-client.esm.mjs";
