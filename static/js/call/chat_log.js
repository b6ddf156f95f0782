/** The lines of a chat as this browser knows them, and which of them are new to the person. */

/** @typedef {{identity: string, name: string}} Somebody */
/** @typedef {{id: string, name: string, size: number}} Attached */
/**
 * @typedef {object} Line as the companion socket says it (docs/protocol.md, "The history")
 * @property {number} seq
 * @property {number} first
 * @property {string} id
 * @property {Somebody & {card: Record<string, string>}} from
 * @property {string} text
 * @property {string} at
 * @property {string | null} reply_to
 * @property {Somebody | null} to
 * @property {string[]} mentions
 * @property {Attached | null} file
 * @property {boolean} edited
 * @property {boolean} deleted
 */

/** Keeps lines by their id; a newer state replaces an older one. */
export class ChatLog {
  /** @type {Map<string, Line>} */
  #lines = new Map();
  /** the newest number up to which the person has read */
  read = 0;
  /** this browser's identity */
  me = "";
  /** there are earlier lines on the server */
  more = false;

  /** Forget everything that is on the server. */
  clear() {
    this.#lines.clear();
  }

  /**
   * Take a line; say whether it tells anything new.
   * @param {Line} line
   * @returns {boolean}
   */
  take(line) {
    const known = this.#lines.get(line.id);
    if (known && known.seq >= line.seq) return false;
    this.#lines.set(line.id, line);
    return true;
  }

  /**
   * @param {string | null} id
   * @returns {Line | null}
   */
  find(id) {
    return (id && this.#lines.get(id)) || null;
  }

  /** @returns {Line[]} in the order in which they were said */
  get lines() {
    return [...this.#lines.values()].sort((one, other) => one.first - other.first);
  }

  /** @returns {Line[]} those of others that the person has not seen */
  get unread() {
    return this.lines.filter((line) => this.#isNew(line));
  }

  /** @param {Line} line */
  #isNew({ first, deleted, from }) {
    return first > this.read && !deleted && from.identity !== this.me;
  }

  /** Note that the person has seen everything. */
  see() {
    this.read = Math.max(this.read, ...this.lines.map((line) => line.first));
  }
}
