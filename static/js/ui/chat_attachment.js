/** The file that goes with the next line: chosen, dropped or pasted, and sent with what the line says. */

import { sizeText } from "./chat_line.js";
import { find } from "./find.js";

/** Holds one file. */
export class ChatAttachment {
  /** @type {File | null} */
  file = null;
  #isAllowed = false;

  /**
   * @param {HTMLElement} root the panel
   * @param {() => void} changed
   */
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.input = find(root, "[data-chat-file-input]", HTMLInputElement);
    find(root, "[data-chat-attach]", HTMLElement).addEventListener("click", () => this.input.click());
    find(root, "[data-chat-detach]", HTMLElement).addEventListener("click", () => this.take(null));
    this.input.addEventListener("change", () => this.take(this.input.files?.[0] ?? null));
    root.addEventListener("paste", (event) => this.#takeFrom(event, event.clipboardData));
    root.addEventListener("dragover", (event) => this.#isAllowed && event.preventDefault());
    root.addEventListener("drop", (event) => this.#takeFrom(event, event.dataTransfer));
  }

  /** @param {boolean} isAllowed */
  permit(isAllowed) {
    this.#isAllowed = isAllowed;
    find(this.root, "[data-chat-attach]", HTMLElement).hidden = !isAllowed;
    if (!isAllowed && this.file) this.take(null);
  }

  /**
   * @param {Event} event
   * @param {DataTransfer | null} data
   */
  #takeFrom(event, data) {
    const file = data?.files[0];
    if (!file || !this.#isAllowed) return;
    event.preventDefault();
    this.take(file);
  }

  /** @param {File | null} file */
  take(file) {
    this.file = file;
    this.input.value = "";
    find(this.root, "[data-chat-attached]", HTMLElement).hidden = !file;
    find(this.root, "[data-chat-attached-name]", HTMLElement).textContent = file ? `${file.name}, ${sizeText(file.size)}` : "";
    this.changed();
  }

  /**
   * Send the file with a line. Rejects as `Live.ask` does.
   * @param {Record<string, string | undefined>} fields
   * @returns {Promise<void>}
   */
  async send(fields) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) if (value) form.set(name, value);
    if (this.file) form.set("file", this.file);
    const { files = "", csrf = "" } = this.root.dataset;
    const answer = await fetch(files, { method: "POST", body: form, headers: { "X-CSRFToken": csrf } }).catch(() => null);
    if (answer?.ok) return;
    if (!answer) throw { code: "cut", message: "" };
    const message = answer.status === 413 ? gettext("This file is too large.") : "";
    throw { code: "refused", message, ...(await answer.json().catch(() => ({}))) };
  }
}
