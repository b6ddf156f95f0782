/** The agenda beside the stage and the countdown above it, by the server's clock. */

import { clock } from "./clock.js";
import { copyOf, find } from "./find.js";
import { notify } from "./notices.js";

/** @typedef {import("../call/live.js").Heard} Heard */
/** @typedef {{text: string, minutes: number}} Item */

const TICK_MS = 250;

/** Draws what the server tells; hosts change it. */
export class AgendaPanel {
  /** @type {Item[]} */
  #items = [];
  #current = -1;
  /** @type {number | null} on this browser's clock */
  #endsAt = null;
  /** @type {number | null} */
  #left_ms = null;

  /** @param {import("./topics.js").Place} place */
  constructor({ root, live, call }) {
    this.root = find(root, '[data-panel="agenda"]', HTMLElement);
    this.banner = find(root, "[data-timer]", HTMLElement);
    this.live = live;
    this.call = call;
    this.#listen();
    setInterval(() => this.#tick(), TICK_MS);
  }

  #listen() {
    this.#form("[data-agenda-form]", (form) => {
      const text = find(form, "[data-agenda-text]", HTMLInputElement).value.trim();
      const minutes = find(form, "[data-agenda-minutes]", HTMLInputElement).valueAsNumber;
      if (text) this.#replace([...this.#items, { text, minutes }], this.#current);
      form.reset();
      find(form, "[data-agenda-text]", HTMLInputElement).focus();
    });
    this.#form("[data-timer-form]", (form) => {
      this.live.say("timer.start", { seconds: 60 * find(form, "[data-timer-minutes]", HTMLInputElement).valueAsNumber });
    });
    find(this.root, "[data-timer-stop]", HTMLElement).addEventListener("click", () => this.live.say("timer.start", { seconds: 0 }));
    find(this.root, "[data-timer-pause]", HTMLElement).addEventListener("click", () =>
      this.live.say("timer.pause", { paused: this.#left_ms === null }),
    );
  }

  /**
   * @param {string} selector
   * @param {(form: HTMLFormElement) => void} action
   */
  #form(selector, action) {
    const form = find(this.root, selector, HTMLFormElement);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      action(form);
    });
  }

  /**
   * @param {Item[]} items
   * @param {number} current
   */
  #replace(items, current) {
    const fields = { texts: items.map((item) => item.text), minutes: items.map((item) => item.minutes), current };
    this.live.say("agenda.set", fields);
  }

  /** @param {Heard} heard */
  hear(heard) {
    if (heard.type === "room.rights") this.#draw();
    if (heard.type !== "agenda.state") return;
    this.#items = heard.items;
    this.#current = heard.current;
    this.#left_ms = heard.left_ms;
    // The server's clock and this one may differ: what counts is how long it still takes.
    this.#endsAt = heard.ends_at ? Date.now() + Date.parse(heard.ends_at) - Date.parse(heard.now) : null;
    this.#draw();
    this.#tick();
  }

  #draw() {
    find(this.root, "[data-agenda-empty]", HTMLElement).hidden = this.#items.length > 0;
    find(this.root, "[data-agenda]", HTMLElement).replaceChildren(...this.#items.map((item, place) => this.#row(item, place)));
    const isSet = this.#endsAt !== null || this.#left_ms !== null;
    const pause = find(this.root, "[data-timer-pause]", HTMLElement);
    pause.hidden = !isSet;
    pause.textContent = this.#left_ms === null ? gettext("Pause") : gettext("Go on");
    find(this.root, "[data-timer-stop]", HTMLElement).hidden = !isSet;
  }

  /**
   * @param {Item} item
   * @param {number} place
   */
  #row(item, place) {
    const row = copyOf("agenda-item");
    const isCurrent = place === this.#current;
    row.classList.toggle("current", isCurrent);
    if (isCurrent) row.setAttribute("aria-current", "step");
    find(row, "[data-text]", HTMLElement).textContent = item.text;
    find(row, "[data-minutes]", HTMLElement).textContent = interpolate(gettext("%s min"), [String(item.minutes)]);
    for (const of of row.querySelectorAll("[data-of]")) of.textContent = ` ${item.text}`;
    find(row, "[data-orders]", HTMLElement).hidden = !this.call.rights.host;
    find(row, "[data-go]", HTMLElement).addEventListener("click", () => this.live.say("agenda.go", { item: place }));
    find(row, "[data-drop]", HTMLElement).addEventListener("click", () => this.#drop(place));
    return row;
  }

  /** @param {number} place */
  #drop(place) {
    const left = this.#items.filter((_, other) => other !== place);
    const current = place === this.#current ? -1 : this.#current - Number(place < this.#current);
    this.#replace(left, current);
  }

  #tick() {
    const isSet = this.#endsAt !== null || this.#left_ms !== null;
    const item = this.#items[this.#current];
    this.banner.hidden = !isSet && !item;
    if (this.banner.hidden) return;
    const left_ms = this.#left_ms ?? (this.#endsAt === null ? 0 : Math.max(0, this.#endsAt - Date.now()));
    find(this.banner, "[data-timer-item]", HTMLElement).textContent = item?.text ?? "";
    find(this.banner, "[data-timer-left]", HTMLElement).textContent = isSet ? clock(left_ms) : "";
    find(this.banner, "[data-timer-paused]", HTMLElement).hidden = this.#left_ms === null;
    if (this.#endsAt !== null && left_ms === 0) this.#end(item);
  }

  /** @param {Item | undefined} item */
  #end(item) {
    this.#endsAt = null;
    notify(item ? interpolate(gettext("Time is up: %s"), [item.text]) : gettext("Time is up."));
    this.#draw();
  }
}
