/** The page of somebody who waits to be let in. */

import { find } from "./find.js";

/** @typedef {import("../call/live.js").Heard} Heard */

/** Draws what the companion socket says to somebody at the door. */
export class WaitingView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
  }

  open() {
    this.root.hidden = false;
    find(this.root, "#waiting-title", HTMLElement).focus();
  }

  close() {
    this.root.hidden = true;
  }

  /** @param {Heard} heard */
  hear(heard) {
    if (heard.type === "welcome") find(this.root, "[data-refused]", HTMLElement).hidden = true;
    if (heard.type === "lobby.position") this.#position(heard);
    if (heard.type === "lobby.message") this.#show("[data-host-message]", `${heard.from}: ${heard.text}`);
    if (heard.type === "lobby.refused") this.#show("[data-refused]", gettext("You were not let in."));
    if (heard.type === "error" && heard.message) this.#show("[data-refused]", heard.message);
  }

  /** @param {Heard} heard */
  #position({ position, of, told }) {
    find(this.root, "[data-position]", HTMLElement).textContent = interpolate(
      gettext("You are number %s of %s waiting."),
      [position, of],
    );
    find(this.root, "[data-told]", HTMLElement).textContent = told
      ? gettext("The host has been told.")
      : gettext("No host is in the meeting yet.");
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #show(selector, text) {
    const element = find(this.root, selector, HTMLElement);
    element.hidden = false;
    element.textContent = text;
  }
}
