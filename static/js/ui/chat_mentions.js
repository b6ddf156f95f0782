/** Names that are offered while somebody writes an @. */

import { find } from "./find.js";

const ASKED = /@([^@\n]{0,40})$/u;
const MOST = 6;

/** Offers names below a text field; arrows choose, Enter or Tab takes, Escape closes. */
export class ChatMentions {
  #chosen = 0;

  /**
   * @param {HTMLElement} root
   * @param {HTMLTextAreaElement} text
   * @param {() => string[]} namesOf
   */
  constructor(root, text, namesOf) {
    this.text = text;
    this.namesOf = namesOf;
    this.list = find(root, "[data-chat-names]", HTMLElement);
    this.status = find(root, "[data-chat-names-status]", HTMLElement);
    text.addEventListener("input", () => this.#offer());
    text.addEventListener("blur", () => this.#close());
  }

  get #asked() {
    return ASKED.exec(this.text.value.slice(0, this.text.selectionStart))?.[1] ?? null;
  }

  #offer() {
    const asked = this.#asked?.toLocaleLowerCase();
    const names = asked === undefined ? [] : [...new Set(this.namesOf())].filter((name) => name.toLocaleLowerCase().startsWith(asked));
    this.#chosen = 0;
    this.list.replaceChildren(...names.slice(0, MOST).map((name, number) => this.#option(name, number)));
    this.list.hidden = names.length === 0;
    this.status.textContent = names.length
      ? interpolate(ngettext("%s name: Tab takes it", "%s names: arrows choose, Tab takes", names.length), [String(names.length)])
      : "";
    this.#draw();
  }

  /**
   * @param {string} name
   * @param {number} number
   */
  #option(name, number) {
    const option = document.createElement("li");
    option.id = `chat-name-${number}`;
    option.setAttribute("role", "option");
    option.textContent = name;
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.#take(name);
    });
    return option;
  }

  #draw() {
    [...this.list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === this.#chosen)));
    if (this.list.hidden) this.text.removeAttribute("aria-activedescendant");
    else this.text.setAttribute("aria-activedescendant", `chat-name-${this.#chosen}`);
  }

  #close() {
    this.list.hidden = true;
    this.status.textContent = "";
    this.#draw();
  }

  /**
   * Say whether a key was for the names.
   * @param {KeyboardEvent} event
   * @returns {boolean}
   */
  press(event) {
    const key = KEYS[event.key];
    if (this.list.hidden || !key || event.isComposing) return false;
    event.preventDefault();
    event.stopPropagation();
    const { length } = this.list.children;
    if (key === "take") this.#take(this.list.children[this.#chosen].textContent ?? "");
    else if (key === "close") this.#close();
    else this.#chosen = (this.#chosen + key + length) % length;
    this.#draw();
    return true;
  }

  /** @param {string} name */
  #take(name) {
    const caret = this.text.selectionStart;
    this.text.setRangeText(`${name} `, caret - (this.#asked?.length ?? 0), caret, "end");
    this.#close();
    this.text.dispatchEvent(new Event("input"));
    this.#close();
  }
}

/** @type {Record<string, number | "take" | "close">} */
const KEYS = { ArrowUp: -1, ArrowDown: 1, Enter: "take", Tab: "take", Escape: "close" };
