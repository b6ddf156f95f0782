/** Whether a microphone that is on brings nothing at all: muted at the device, or the wrong one. */

/** Below this there is not even the noise of a room (`createAudioAnalyser` gives 0 to 1). */
const NOTHING = 0.015;
export const SILENT_MS = 6000;

/** Counts how long nothing was heard. */
export class Silence {
  #since = 0;

  /** @param {number} now_ms when the microphone was turned on */
  constructor(now_ms) {
    this.#since = now_ms;
  }

  /**
   * Take a level and say whether the microphone seems silent.
   * @param {number} level from 0 to 1
   * @param {number} now_ms
   * @returns {boolean}
   */
  hear(level, now_ms) {
    if (level > NOTHING) this.#since = now_ms;
    return now_ms - this.#since >= SILENT_MS;
  }
}
