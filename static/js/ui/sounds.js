/** Plays what the others say, one `<audio>` per track, none of them visible. */

/** @typedef {import("../call/people.js").RemoteTrack} RemoteTrack */

/** Keeps the audio elements in step with the tracks. */
export class Sounds {
  /** @type {Map<RemoteTrack, HTMLMediaElement>} */
  #playing = new Map();

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
  }

  /** @param {RemoteTrack[]} tracks */
  render(tracks) {
    for (const [track, element] of this.#playing) {
      if (tracks.includes(track)) continue;
      track.detach(element);
      element.remove();
      this.#playing.delete(track);
    }
    for (const track of tracks) if (!this.#playing.has(track)) this.#play(track);
  }

  /** @param {RemoteTrack} track */
  #play(track) {
    const element = track.attach();
    this.#playing.set(track, element);
    this.root.append(element);
  }
}
