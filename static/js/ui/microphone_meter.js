/** How loud one's microphone is before entering, and a word when nothing comes from it. */

import { watchLevel } from "../call/level.js";
import { Silence } from "../call/silence.js";
import { find } from "./find.js";

/** @typedef {import("../call/livekit.js").LocalAudioTrack} LocalAudioTrack */

/** Draws the level of one track at a time. */
export class MicrophoneMeter {
  /** @type {LocalAudioTrack | null} */
  #watched = null;
  #stop = () => {};

  /** @param {HTMLElement} root */
  constructor(root) {
    this.meter = find(root, "[data-level]", HTMLElement);
    this.silent = find(root, "[data-silent]", HTMLElement);
  }

  /** @param {LocalAudioTrack | null} track null when the microphone is off */
  watch(track) {
    if (track === this.#watched) return;
    this.#stop();
    this.#watched = track;
    const silence = new Silence();
    this.#stop = track ? watchLevel(track, (level) => this.#draw(level, silence)) : () => {};
    this.#warn(false);
  }

  /**
   * @param {number} level from 0 to 1
   * @param {Silence} silence
   */
  #draw(level, silence) {
    this.meter.style.setProperty("--level", String(level));
    this.meter.setAttribute("aria-valuenow", String(Math.round(level * 100)));
    this.#warn(this.#watched !== null && silence.hear(level, performance.now()));
  }

  /** @param {boolean} isSilent */
  #warn(isSilent) {
    if (isSilent === this.silent.hasChildNodes()) return;
    this.silent.replaceChildren(...(isSilent ? [warning()] : []));
  }
}

/** @returns {HTMLElement} */
function warning() {
  const note = document.createElement("p");
  note.className = "note warning";
  note.textContent = gettext(
    "Your microphone seems silent: nothing is heard from it. Look whether it is muted at the device, or choose another one below.",
  );
  return note;
}
