/** Short sounds for what happens in a call, made by Web Audio. */

import { loadChoices } from "./devices.js";

/** @typedef {import("./preferences.js").Kind} Kind */

/** For each kind the notes: hertz, and seconds after the first. @type {Record<Kind, [number, number][]>} */
const TUNES = {
  join: [[523, 0], [784, 0.11]],
  leave: [[784, 0], [523, 0.11]],
  chat: [[1175, 0]],
  hand: [[659, 0], [880, 0.1], [1109, 0.2]],
  waiting: [[880, 0], [880, 0.2], [1175, 0.4]],
  recording: [[440, 0], [440, 0.3]],
};
const GAINS = { soft: 0.04, medium: 0.1, loud: 0.25 };
const NOTE_S = 0.22;
const ATTACK_S = 0.015;
const SILENT = 0.0001;
/** What comes together sounds once. */
const PAUSE_MS = 500;

/** Plays one sound at a time through the loudspeaker that was chosen. */
export class Chimes {
  /** @type {AudioContext | null} */
  #context = null;
  #playedAt = -Infinity;

  /**
   * @param {Kind} kind
   * @param {keyof typeof GAINS} loudness
   */
  async play(kind, loudness) {
    const now = performance.now();
    if (now - this.#playedAt < PAUSE_MS) return;
    this.#playedAt = now;
    this.#context ??= new AudioContext();
    await this.#context.resume().catch(() => undefined);
    await useSpeaker(this.#context, loadChoices().speaker);
    for (const [hertz, after] of TUNES[kind]) note(this.#context, hertz, after, GAINS[loudness]);
  }
}

/**
 * @param {AudioContext & {setSinkId?: (id: string) => Promise<void>, sinkId?: string}} context
 * @param {string} speaker
 */
async function useSpeaker(context, speaker) {
  if (speaker && context.setSinkId && context.sinkId !== speaker) await context.setSinkId(speaker).catch(() => undefined);
}

/**
 * @param {AudioContext} context
 * @param {number} hertz
 * @param {number} after seconds from now
 * @param {number} gain
 */
function note(context, hertz, after, gain) {
  const begins = context.currentTime + after;
  const [tone, level] = [context.createOscillator(), context.createGain()];
  tone.frequency.value = hertz;
  level.gain.setValueAtTime(SILENT, begins);
  level.gain.exponentialRampToValueAtTime(gain, begins + ATTACK_S);
  level.gain.exponentialRampToValueAtTime(SILENT, begins + NOTE_S);
  tone.connect(level).connect(context.destination);
  tone.start(begins);
  tone.stop(begins + NOTE_S);
}
