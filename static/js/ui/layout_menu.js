/** The choice of a layout, and full screen. */

import { LAYOUTS, layoutOf } from "../call/layouts.js";
import { find, setIcon } from "./find.js";
import { fill } from "./full_screen.js";

/** @typedef {import("./stage.js").Stage} Stage */

/** Connects the menu below `root` with the stage. */
export class LayoutMenu {
  /**
   * @param {HTMLElement} root
   * @param {Stage} stage
   */
  constructor(root, stage) {
    this.root = root;
    const menu = find(root, "[data-layout-menu]", HTMLElement);
    for (const layout of LAYOUTS) {
      const choice = find(menu, `[value="${layout}"]`, HTMLInputElement);
      choice.checked = stage.layout === layout;
      choice.addEventListener("change", () => (stage.layout = layoutOf(choice.value)));
    }
    menu.addEventListener("toggle", () => menu.matches(":popover-open") && find(menu, "input:checked", HTMLInputElement).focus());
    this.full = find(root, "[data-full-screen]", HTMLButtonElement);
    this.full.hidden = !document.fullscreenEnabled;
    this.full.addEventListener("click", () => fill(root));
    document.addEventListener("fullscreenchange", () => this.#drawFull());
    const share = find(root, "[data-share]", HTMLElement);
    const fillShare = find(share, "[data-share-full]", HTMLButtonElement);
    fillShare.hidden = !document.fullscreenEnabled;
    fillShare.addEventListener("click", () => fill(share));
  }

  #drawFull() {
    const isFull = document.fullscreenElement === this.root;
    setIcon(this.full, isFull ? "unfill" : "fill");
    find(this.full, "[data-label]", HTMLElement).textContent = isFull ? gettext("Leave full screen") : gettext("Full screen");
  }
}
