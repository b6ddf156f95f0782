/** A frame of another site may have no storage: then one in memory takes its place for as long as the page is open. */

/** What pages use of `Storage`. */
class Memory {
  /** @type {Map<string, string>} */
  #kept = new Map();

  /** @param {string} key */
  getItem(key) {
    return this.#kept.get(key) ?? null;
  }

  /**
   * @param {string} key
   * @param {string} value
   */
  setItem(key, value) {
    this.#kept.set(key, String(value));
  }

  /** @param {string} key */
  removeItem(key) {
    this.#kept.delete(key);
  }
}

for (const name of /** @type {const} */ (["localStorage", "sessionStorage"])) {
  try {
    window[name].getItem("");
  } catch {
    Object.defineProperty(window, name, { value: new Memory() });
  }
}
