/** What a person has chosen for themselves: kept with the account of who is signed in, in this browser for a guest. */

import { effective, withoutSingles } from "./shortcuts.js";

/** @typedef {"join" | "leave" | "chat" | "hand" | "waiting" | "recording"} Kind */
/**
 * @typedef {object} Values
 * @property {string} text_size
 * @property {string} contrast
 * @property {string} motion
 * @property {string} font
 * @property {string} captions_size
 * @property {string} captions_colours
 * @property {string} captions_position
 * @property {"all" | "important" | "none"} announcements
 * @property {"soft" | "medium" | "loud"} loudness
 * @property {boolean} quiet
 * @property {boolean} single_keys
 * @property {Record<Kind, boolean>} shown
 * @property {Record<Kind, boolean>} sounds
 * @property {Record<string, string>} shortcuts
 */
/** @typedef {{[name: string]: any}} Kept only what differs from the defaults */
/** @typedef {{kept: Kept, defaults: Values, usual: Record<string, string>, singles: Record<string, string>}} Given */

const KEY = "visio.preferences";
const ADDRESS = "/api/v1.0/users/me/preferences/";

/** Says `change` when a value differs, here or in another window of a guest, then `kept`, or `trouble` when that failed. */
export class Preferences extends EventTarget {
  /** @type {Promise<unknown>} the requests, one after the other */
  #saving = Promise.resolve();

  /**
   * @param {Given} given by the page
   * @param {{isAccount: boolean, csrf: () => string}} owner
   */
  constructor(given, owner) {
    super();
    this.given = given;
    this.owner = owner;
    /** @type {Kept} */
    this.kept = owner.isAccount ? given.kept : loadKept();
    this.values = wholeOf(this.kept, given);
    if (!owner.isAccount) addEventListener("storage", ({ key }) => key === KEY && this.#put(loadKept()));
  }

  /**
   * Change what is named; `null` brings the default back.
   * @param {Kept} changes
   */
  set(changes) {
    this.#put(merged(this.kept, changes));
    this.#keep("PATCH", changes);
  }

  /** Bring every default back. */
  reset() {
    this.#put({});
    this.#keep("PUT", {});
  }

  /** @param {Kept} kept */
  #put(kept) {
    this.kept = kept;
    this.values = wholeOf(kept, this.given);
    this.dispatchEvent(new Event("change"));
  }

  /**
   * @param {"PATCH" | "PUT"} method
   * @param {Kept} body
   */
  #keep(method, body) {
    if (this.owner.isAccount) this.#saving = this.#saving.then(() => this.#send(method, body));
    else this.dispatchEvent(new Event(saveKept(this.kept) ? "kept" : "trouble"));
  }

  /**
   * @param {"PATCH" | "PUT"} method
   * @param {Kept} body
   */
  async #send(method, body) {
    try {
      const headers = { "Content-Type": "application/json", "X-CSRFToken": this.owner.csrf() };
      const answer = await fetch(ADDRESS, { method, headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(String(answer.status));
      this.dispatchEvent(new Event("kept"));
    } catch {
      this.dispatchEvent(new Event("trouble"));
    }
  }
}

/**
 * @param {Kept} kept
 * @param {Kept} changes
 * @returns {Kept}
 */
function merged(kept, changes) {
  const all = { ...kept };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete all[name];
    else if (typeof value === "object") all[name] = merged(all[name] ?? {}, value);
    else all[name] = value;
  }
  return all.single_keys ? all : { ...all, ...(all.shortcuts && { shortcuts: withoutSingles(all.shortcuts) }) };
}

/**
 * Give every value; what is of another kind than the default is not taken.
 * @param {Kept} kept
 * @param {Given} given
 * @returns {Values}
 */
function wholeOf(kept, { defaults, usual, singles }) {
  /** @type {Kept} */
  const all = {};
  for (const [name, value] of Object.entries(defaults)) {
    const own = typeof kept[name] === typeof value && kept[name] !== null ? kept[name] : undefined;
    all[name] = typeof value === "object" ? { ...value, ...own } : (own ?? value);
  }
  all.shortcuts = effective(kept.shortcuts ?? {}, all.single_keys ? singles : usual);
  return /** @type {Values} */ (all);
}

/** @returns {Kept} */
function loadKept() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return kept && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

/**
 * @param {Kept} kept
 * @returns {boolean} false where the browser forbids it
 */
function saveKept(kept) {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}
