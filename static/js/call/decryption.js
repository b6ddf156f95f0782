/** Whose media this browser cannot decrypt: told by the worker's errors, taken back when something is decoded again. */

/** @typedef {import("./livekit.js").Room} Room */
/** @typedef {import("livekit-client").RemoteParticipant} RemoteParticipant */

/** The worker tells each failure several times in the first seconds; the first ones may come while a key is on its way. */
const LOOK_MS = 1000;

/** Keeps the identities in `failing`; calls `changed` when there are others. */
export class Decryption {
  /** @type {Set<string>} */
  failing = new Set();
  /** How much was decoded of whom there was an error about, when last looked. @type {Map<string, number>} */
  #suspects = new Map();

  /**
   * @param {Room} room
   * @param {() => void} changed
   */
  constructor(room, changed) {
    this.room = room;
    this.changed = changed;
    setInterval(() => void this.#look(), LOOK_MS);
  }

  /** @param {string} identity */
  suspect(identity) {
    if (!this.#suspects.has(identity)) this.#suspects.set(identity, NaN);
  }

  /** Forget what was seen: the keys are others now. */
  forget() {
    this.#suspects.clear();
    this.failing.clear();
    this.changed();
  }

  async #look() {
    for (const [identity, before] of this.#suspects) {
      const who = this.room.remoteParticipants.get(identity);
      if (!who) this.#clear(identity);
      else this.#judge(identity, before, await decodedOf(who));
    }
  }

  /**
   * @param {string} identity
   * @param {number} before NaN when looked for the first time
   * @param {number} now
   */
  #judge(identity, before, now) {
    if (now > before) return this.#clear(identity);
    if (this.#suspects.has(identity)) this.#suspects.set(identity, now);
    if (Number.isNaN(before) || this.failing.has(identity)) return;
    this.failing.add(identity);
    this.changed();
  }

  /** @param {string} identity */
  #clear(identity) {
    this.#suspects.delete(identity);
    if (this.failing.delete(identity)) this.changed();
  }
}

/**
 * Give how much of somebody's media was decoded so far: pictures, and sound that was not made up for lost packets.
 * @param {RemoteParticipant} participant
 * @returns {Promise<number>}
 */
async function decodedOf(participant) {
  let decoded = 0;
  for (const { track } of participant.trackPublications.values()) {
    const stats = await track?.getRTCStatsReport();
    for (const report of stats?.values() ?? []) {
      if (report.type !== "inbound-rtp") continue;
      decoded += (report.framesDecoded ?? 0) + (report.totalSamplesReceived ?? 0) - (report.concealedSamples ?? 0);
    }
  }
  return decoded;
}
