/** What is received of the others: everything, small pictures, or sound only. The server sends no more than is asked for. */

import { RoomEvent, Track, VideoQuality } from "./livekit.js";
import { media } from "./media_choices.js";

/** @typedef {import("livekit-client").RemoteTrackPublication} RemoteTrackPublication */

const SAVING_FPS = 15;
const USUAL_FPS = 60;

/** Keeps what is asked for in step with the person's choice and with who comes. */
export class Receiving {
  /** @param {import("livekit-client").Room} room */
  constructor(room) {
    this.room = room;
    for (const event of [RoomEvent.Connected, RoomEvent.Reconnected, RoomEvent.TrackPublished, RoomEvent.TrackSubscribed]) {
      room.on(event, () => this.apply());
    }
  }

  /** Ask for what the person chose. */
  apply() {
    for (const { videoTrackPublications } of this.room.remoteParticipants.values()) {
      for (const publication of videoTrackPublications.values()) ask(publication);
    }
  }
}

/**
 * Shared screens are read, so that they are whole unless only sound is wanted.
 * @param {RemoteTrackPublication} publication
 */
function ask(publication) {
  const { receive } = media.now;
  const isWanted = receive !== "sound";
  if (publication.isDesired !== isWanted) publication.setSubscribed(isWanted);
  if (!isWanted || publication.source !== Track.Source.Camera) return;
  const isSmall = receive === "saving";
  if (!isSmall && publication.videoQuality === VideoQuality.HIGH) return; // as the stage asks for it
  publication.setVideoQuality(isSmall ? VideoQuality.LOW : VideoQuality.HIGH);
  publication.setVideoFPS(isSmall ? SAVING_FPS : USUAL_FPS);
}
