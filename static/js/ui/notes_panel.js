/** The shared notes beside the stage: a text box in which several people write, with everybody's cursor where it was. */

import { find } from "./find.js";

/** @typedef {import("../call/notes.js").Notes} Notes */
/** @typedef {import("../call/notes.js").Step} Step */

const WRITING_MS = 4000;

/** Binds the text box to the document; Yjs is fetched when the panel is opened for the first time. */
export class NotesPanel {
  /** @type {Notes | null} */
  #notes = null;
  /** @type {Map<string, number>} who writes, until when */
  #writing = new Map();

  /** @param {import("./topics.js").Place} place */
  constructor({ root, call, panels }) {
    this.root = find(root, '[data-panel="notes"]', HTMLElement);
    this.box = find(this.root, "[data-notes-text]", HTMLTextAreaElement);
    this.call = call;
    call.addEventListener("moved", () => this.#changeRoom(panels.open === "notes"));
    panels.addEventListener("open", (event) => {
      if (/** @type {CustomEvent<string>} */ (event).detail === "notes") void this.#open();
    });
    this.box.addEventListener("input", () => this.#write());
  }

  /** What the companion socket says is nothing to the notes. */
  hear() {}

  /**
   * Take the notes of another room instead.
   * @param {boolean} isShown
   */
  #changeRoom(isShown) {
    this.#notes?.close();
    this.#notes = null;
    this.#writing.clear();
    this.box.value = "";
    if (isShown) void this.#open();
  }

  async #open() {
    if (this.#notes) return;
    const { Notes } = await import("../call/notes.js");
    if (this.#notes) return;
    const notes = new Notes(this.call.slug);
    this.#notes = notes;
    notes.addEventListener("change", (event) => this.#notes === notes && this.#merge(/** @type {CustomEvent<Step[]>} */ (event).detail));
    notes.addEventListener("state", () => this.#draw());
    notes.addEventListener("writing", (event) => this.#tellWriting(/** @type {CustomEvent<string>} */ (event).detail));
    notes.open();
    this.#draw();
  }

  /** Hand on what was typed: the part between what is the same at the beginning and at the end. */
  #write() {
    if (!this.#notes) return;
    const [before, after] = [this.#notes.text.toString(), this.box.value];
    const cursor = this.box.selectionEnd;
    const most = Math.min(before.length, after.length);
    // Of several places where the same letters may have been typed, the cursor tells the one.
    let end = 0;
    while (end < Math.min(most, after.length - cursor) && before.at(-1 - end) === after.at(-1 - end)) end += 1;
    let start = 0;
    while (start < most - end && before[start] === after[start]) start += 1;
    while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
    this.#notes.replace(start, before.length - start - end, after.slice(start, after.length - end));
  }

  /**
   * Show what somebody else has written; the selection stays around the same letters.
   * @param {Step[]} steps
   */
  #merge(steps) {
    const { selectionStart, selectionEnd, selectionDirection, scrollTop } = this.box;
    this.box.value = this.#notes?.text.toString() ?? "";
    this.box.setSelectionRange(moved(selectionStart, steps), moved(selectionEnd, steps), selectionDirection);
    this.box.scrollTop = scrollTop;
  }

  #draw() {
    const notes = this.#notes;
    if (!notes) return;
    this.box.readOnly = !notes.isWritable;
    find(this.root, "[data-notes-state]", HTMLElement).textContent = this.#stateText(notes);
    for (const kind of ["md", "odt"]) {
      const link = find(this.root, `[data-notes-${kind}]`, HTMLAnchorElement);
      link.hidden = !notes.gathering;
      link.href = `/rooms/${this.call.slug}/gatherings/${notes.gathering}/notes.${kind}`;
    }
  }

  /** @param {Notes} notes */
  #stateText(notes) {
    if (!notes.isConnected) return gettext("Connecting…");
    if (notes.isFull) return gettext("The notes are full: nothing more is kept until something is taken out.");
    if (!notes.isWritable) return gettext("You can read these notes, not write in them.");
    const names = [...this.#writing.keys()];
    return names.length ? interpolate(gettext("Writing now: %s"), [names.join(", ")]) : "";
  }

  /** @param {string} name */
  #tellWriting(name) {
    const until = Date.now() + WRITING_MS;
    this.#writing.set(name, until);
    setTimeout(() => {
      if (this.#writing.get(name) === until) this.#writing.delete(name);
      this.#draw();
    }, WRITING_MS);
    this.#draw();
  }
}

/**
 * Give where a place of the text is after a change by somebody else.
 * @param {number} place
 * @param {Step[]} steps
 * @returns {number}
 */
function moved(place, steps) {
  let at = 0;
  let now = place;
  for (const { inserted = "", deleted = 0, kept = 0 } of steps) {
    if (inserted && at < now) now += inserted.length;
    if (deleted && at < now) now -= Math.min(deleted, now - at);
    at += inserted.length + kept;
  }
  return now;
}
