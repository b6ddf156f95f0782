/** The pages of the stage: buttons, keys and swipes that turn them, and the number of the page that is open. */

import { find } from "./find.js";

/** @typedef {import("./layout.js").Plan} Plan */

/** A finger that goes further than this, and mostly sideways, turns the page. */
const SWIPE_PX = 48;
const STEEPEST = 0.6;
/** Where the keys that turn pages belong to something else. */
const ELSEWHERE = "input, textarea, select, [contenteditable], dialog, [popover], [data-panel]";

/** Draws the buttons; says `turn` with -1 or 1. */
export class Pager extends EventTarget {
  #drawn = "";

  /** @param {HTMLElement} root the stage */
  constructor(root) {
    super();
    this.element = find(root, "[data-pager]", HTMLElement);
    this.previous = find(this.element, "[data-previous]", HTMLButtonElement);
    this.next = find(this.element, "[data-next]", HTMLButtonElement);
    this.number = find(this.element, "[data-page]", HTMLElement);
    this.spoken = find(root, "[data-page-spoken]", HTMLElement);
    this.previous.addEventListener("click", () => this.#turn(-1));
    this.next.addEventListener("click", () => this.#turn(1));
    document.addEventListener("keydown", (event) => this.#press(event));
    this.#swipes(root);
  }

  /** @param {Plan} plan */
  render({ page, pages, pager }) {
    const drawn = JSON.stringify([page, pages, pager]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.element.hidden = pager === null;
    this.spoken.textContent = pager ? interpolate(gettext("Page %s of %s"), [String(page + 1), String(pages)]) : "";
    if (!pager) return;
    this.number.textContent = `${page + 1} / ${pages}`;
    mark(this.previous, page === 0);
    mark(this.next, page === pages - 1);
    const { style } = this.element;
    style.transform = `translate(${Math.round(pager.x)}px, ${Math.round(pager.y)}px)`;
    style.width = `${Math.floor(pager.width)}px`;
    style.height = `${Math.floor(pager.height)}px`;
  }

  /** @param {-1 | 1} step */
  #turn(step) {
    const button = step < 0 ? this.previous : this.next;
    if (this.element.hidden || button.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new CustomEvent("turn", { detail: step }));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if ((event.key !== "PageUp" && event.key !== "PageDown") || this.element.hidden) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.target instanceof Element && event.target.closest(ELSEWHERE)) return;
    event.preventDefault();
    this.#turn(event.key === "PageUp" ? -1 : 1);
  }

  /** @param {HTMLElement} root */
  #swipes(root) {
    /** @type {PointerEvent | null} */
    let start = null;
    root.addEventListener("pointerdown", (event) => (start = event.pointerType === "touch" && event.isPrimary ? event : null));
    root.addEventListener("pointercancel", () => (start = null));
    root.addEventListener("pointerup", (event) => {
      if (!start || event.pointerId !== start.pointerId) return;
      const [across, down] = [event.clientX - start.clientX, event.clientY - start.clientY];
      start = null;
      if (Math.abs(across) > SWIPE_PX && Math.abs(down) < Math.abs(across) * STEEPEST) this.#turn(across > 0 ? -1 : 1);
    });
  }
}

/**
 * A button that keeps its focus where there is no further page.
 * @param {HTMLButtonElement} button
 * @param {boolean} isAtEnd
 */
function mark(button, isAtEnd) {
  button.setAttribute("aria-disabled", String(isAtEnd));
}
