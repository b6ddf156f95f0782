/** Panels beside the stage (chat, polls…): one open at a time, opened by its control, closed by it, by its cross or by Escape. */

import { find } from "./find.js";

/** Connects every `data-panel-open` control below `root` with the panel that it names. */
export class Panels extends EventTarget {
  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.root = root;
    for (const control of this.#controls()) {
      control.addEventListener("click", () => this.toggle(control.dataset.panelOpen ?? ""));
    }
    const more = find(root, "[data-more]", HTMLElement);
    // Before the control acts, so that a dialog gives the focus back to what opened the menu.
    more.addEventListener("click", () => more.hidePopover(), { capture: true });
    for (const panel of root.querySelectorAll("[data-panel]")) {
      find(panel, "[data-panel-close]", HTMLElement).addEventListener("click", () => this.close());
      panel.addEventListener("keydown", (event) => {
        if (/** @type {KeyboardEvent} */ (event).key === "Escape") this.close();
      });
    }
  }

  /** @returns {string} the name of the open panel, or nothing */
  get open() {
    return this.root.dataset.openPanel ?? "";
  }

  /** @param {string} name */
  toggle(name) {
    if (this.open === name) this.close();
    else this.show(name);
  }

  /** @param {string} name */
  show(name) {
    this.#draw(name);
    find(this.root, `[data-panel="${name}"] h2`, HTMLElement).focus();
    this.dispatchEvent(new CustomEvent("open", { detail: name }));
  }

  /** Close the open panel and go back to its control. */
  close() {
    const { open } = this;
    this.#draw("");
    if (open) this.#controls().find((control) => control.dataset.panelOpen === open)?.focus();
  }

  /** @returns {HTMLElement[]} */
  #controls() {
    return [...this.root.querySelectorAll("[data-panel-open]")].filter((one) => one instanceof HTMLElement);
  }

  /** @param {string} name */
  #draw(name) {
    this.root.dataset.openPanel = name;
    for (const panel of this.root.querySelectorAll("[data-panel]")) {
      if (panel instanceof HTMLElement) panel.hidden = panel.dataset.panel !== name;
    }
    for (const control of this.#controls()) {
      control.setAttribute("aria-expanded", String(control.dataset.panelOpen === name));
    }
  }
}
