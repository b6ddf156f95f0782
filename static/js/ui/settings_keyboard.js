/** The part of the settings where shortcuts get other keys. */

import { keysOf, whyNot } from "../call/shortcuts.js";
import { find } from "./find.js";
import { drawKeys, wordsOf } from "./keys.js";

/** @type {Record<string, (other: string) => string>} */
const PROBLEMS = {
  unreadable: () => gettext("Only letters, digits, the space bar and F1 to F12 can be shortcuts."),
  taken: () => gettext("Your browser or a screen reader needs these keys."),
  single: () => gettext("Add Ctrl or Alt, or allow single keys above."),
  twice: (other) => interpolate(gettext("These keys are those of: %s."), [other]),
};

/** Draws the keys of each row, and records new ones. */
export class KeyboardSettings {
  /** @type {HTMLElement | null} the row whose keys are being recorded */
  #row = null;

  /**
   * @param {HTMLElement} root
   * @param {import("../call/preferences.js").Preferences} preferences
   */
  constructor(root, preferences) {
    this.root = root;
    this.preferences = preferences;
    this.rows = [...root.querySelectorAll("tr[data-shortcut]")].filter((row) => row instanceof HTMLElement);
    for (const row of this.rows) this.#enable(row);
    find(root, "[data-keys-reset]", HTMLElement).addEventListener("click", () => {
      preferences.set({ shortcuts: null });
      this.#tell(gettext("The usual keys are back."));
    });
    preferences.addEventListener("change", () => this.#draw());
    this.#draw();
  }

  /** @param {HTMLElement} row */
  #enable(row) {
    const record = find(row, "[data-record]", HTMLElement);
    record.addEventListener("click", () => (this.#row === row ? this.#stop() : this.#record(row)));
    record.addEventListener("keydown", (event) => this.#row === row && this.#hear(event));
    record.addEventListener("blur", () => this.#row === row && this.#stop());
    find(row, "[data-clear]", HTMLElement).addEventListener("click", () => {
      this.preferences.set({ shortcuts: { [nameOf(row)]: "" } });
      this.#tell(gettext("This shortcut has no keys now."));
    });
  }

  #draw() {
    const { shortcuts } = this.preferences.values;
    drawKeys(this.root, shortcuts);
    for (const row of this.rows) find(row, "[data-clear]", HTMLButtonElement).disabled = !shortcuts[nameOf(row)];
  }

  /** @param {HTMLElement} row */
  #record(row) {
    this.#stop();
    this.#row = row;
    const record = find(row, "[data-record]", HTMLElement);
    record.classList.add("recording");
    find(row, "[data-record-label]", HTMLElement).textContent = gettext("Press the keys…");
    this.#problem(row, "");
    this.#tell(gettext("Press the new keys, or Escape to leave it as it is."));
  }

  #stop() {
    if (!this.#row) return;
    find(this.#row, "[data-record]", HTMLElement).classList.remove("recording");
    find(this.#row, "[data-record-label]", HTMLElement).textContent = gettext("Change");
    this.#row = null;
  }

  /** @param {KeyboardEvent} event */
  #hear(event) {
    const row = this.#row;
    if (!row || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    const keys = keysOf(event);
    if (event.key === "Escape") this.#stop();
    else if (keys) this.#take(row, keys);
  }

  /**
   * @param {HTMLElement} row
   * @param {string} keys
   */
  #take(row, keys) {
    const { code, other } = whyNot(keys, nameOf(row), this.preferences.values);
    this.#problem(row, code && PROBLEMS[code](this.#labelOf(other ?? "")));
    if (code) return;
    this.#stop();
    this.preferences.set({ shortcuts: { [nameOf(row)]: keys } });
    this.#tell(interpolate(gettext("The keys are now: %s."), [wordsOf(keys)]));
  }

  /** @param {string} name */
  #labelOf(name) {
    const row = this.rows.find((one) => nameOf(one) === name);
    return row ? (find(row, "th", HTMLElement).firstChild?.textContent ?? "") : "";
  }

  /**
   * @param {HTMLElement} row
   * @param {string} text
   */
  #problem(row, text) {
    find(row, "[data-problem]", HTMLElement).textContent = text;
  }

  /** @param {string} text */
  #tell(text) {
    find(this.root, "[data-keys-status]", HTMLElement).textContent = text;
  }
}

/** @param {HTMLElement} row */
function nameOf(row) {
  return row.dataset.shortcut ?? "";
}
