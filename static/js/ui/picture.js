/** A `<video>` that shows one track at a time. */

/** @typedef {import("../call/people.js").VideoTrack} VideoTrack */

/** Shows a track, or nothing: what is not shown anywhere is not sent to this browser (livekit-client's adaptive stream). */
export class Picture {
  /** @type {Pick<VideoTrack, "attach" | "detach"> | null} */
  #track = null;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.video = video;
  }

  /** @param {Pick<VideoTrack, "attach" | "detach"> | null} track */
  show(track) {
    if (track === this.#track) return;
    this.#track?.detach(this.video);
    this.#track = track;
    track?.attach(this.video);
  }
}
