/** Whether a microphone that is on brings nothing at all: muted at the device, or the wrong one. */

/** Below this level (`level.js`) there is not even the noise of a room. */
const NOTHING = 0.015;
const SILENT_MS = 6000;

/** Counts for how long nothing was heard. */
export class Silence {
  /** @type {number | null} */
  #since = null;

  /**
   * Take a level and say whether the microphone seems silent.
   * @param {number} level from 0 to 1
   * @param {number} now_ms
   * @returns {boolean}
   */
  hear(level, now_ms) {
    if (level > NOTHING || this.#since === null) this.#since = now_ms;
    return now_ms - this.#since >= SILENT_MS;
  }
}
