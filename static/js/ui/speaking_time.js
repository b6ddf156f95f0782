/** How long people and their organisations have spoken, from the stays that the server tells the hosts. */

/** @typedef {import("./attendance_panel.js").Stay} Stay */

/** Sums of stays: somebody who comes back has another one. */
export class SpeakingTime {
  /** @type {Map<string, number>} milliseconds by identity */
  #people = new Map();
  /** @type {Map<string, number>} milliseconds by organisation */
  #organizations = new Map();

  /** @param {Iterable<Stay>} stays */
  constructor(stays) {
    for (const { identity, organization, spoken_ms } of stays) {
      add(this.#people, identity, spoken_ms);
      add(this.#organizations, organization, spoken_ms);
    }
  }

  /** Give the organisations that have spoken, the one that spoke most first, as words. */
  get organizations() {
    return [...this.#organizations].sort(([, one], [, other]) => other - one).map(([name, ms]) => `${name} · ${duration(ms)}`);
  }

  /**
   * Say how long a person and their organisation have spoken; nothing when neither has.
   * @param {string} identity
   * @param {string} organization
   */
  words(identity, organization) {
    const ms = this.#people.get(identity);
    const together = this.#organizations.get(organization);
    const parts = [ms && interpolate(gettext("spoke %s"), [duration(ms)]), together && `${organization} ${duration(together)}`];
    return parts.filter(Boolean).join(" · ");
  }
}

/**
 * @param {Map<string, number>} sums
 * @param {string} key
 * @param {number} ms
 */
function add(sums, key, ms) {
  if (key && ms) sums.set(key, (sums.get(key) ?? 0) + ms);
}

/** @param {number} ms */
export function duration(ms) {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
