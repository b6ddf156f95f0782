/** “My connection”: measured each second while the panel is open, explained, and to be copied for whoever helps. */

import { ownersOf } from "../call/connection_owners.js";
import { Meter, judge, statsOf } from "../call/connection_stats.js";
import { factsOf, remarkText, streamText, verdictText } from "./connection_figures.js";
import { copyText } from "./copy.js";
import { copyOf, find } from "./find.js";
import { notify } from "./notices.js";

/** @typedef {import("../call/connection_stats.js").Figures} Figures */

const PANEL = "connection";
const PERIOD_MS = 1000;

/** Draws the panel. */
export class ConnectionPanel {
  #meter = new Meter();
  #isMeasuring = false;
  #verdict = "";
  /** @type {Figures | null} */
  #figures = null;

  /** @param {import("./topics.js").Place} place */
  constructor({ root, call, panels }) {
    this.call = call;
    this.panels = panels;
    this.root = find(root, `[data-panel="${PANEL}"]`, HTMLElement);
    panels.addEventListener("open", (event) => {
      if (/** @type {CustomEvent<string>} */ (event).detail === PANEL) void this.#measure();
    });
    find(this.root, "[data-connection-copy]", HTMLElement).addEventListener("click", () => void this.#copy());
  }

  async #measure() {
    if (this.#isMeasuring) return;
    this.#isMeasuring = true;
    this.#meter = new Meter();
    this.#meter.read(await statsOf(this.call.room));
    while (this.panels.open === PANEL) {
      await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
      if (document.hidden) continue;
      this.#figures = this.#meter.read(await statsOf(this.call.room));
      this.#draw(this.#figures);
    }
    this.#isMeasuring = false;
  }

  /** @param {Figures} figures */
  #draw(figures) {
    const { verdict, remarks } = judge(figures);
    this.#drawVerdict(verdict, remarks.map(remarkText));
    const facts = factsOf(figures).flatMap(([name, value]) => [text("dt", name), text("dd", value)]);
    find(this.root, "[data-connection-facts]", HTMLElement).replaceChildren(...facts);
    const owners = ownersOf(this.call.room);
    for (const direction of ["up", "down"]) {
      const streams = figures.streams.filter((stream) => stream.direction === direction);
      const rows = streams.map((stream) => rowOf(streamText(stream, owners.get(stream.track), true)));
      const list = find(this.root, `[data-connection-${direction}]`, HTMLElement);
      list.replaceChildren(...(rows.length ? rows : [text("li", gettext("nothing"))]));
    }
  }

  /**
   * Write it anew only when it differs, as it is read out.
   * @param {"good" | "fair" | "poor"} verdict
   * @param {string[]} words
   */
  #drawVerdict(verdict, words) {
    const drawn = [verdict, ...words].join("|");
    if (drawn === this.#verdict) return;
    this.#verdict = drawn;
    find(this.root, "[data-connection-verdict]", HTMLElement).dataset.verdict = verdict;
    find(this.root, "[data-connection-title]", HTMLElement).textContent = verdictText(verdict);
    find(this.root, "[data-connection-words]", HTMLElement).replaceChildren(...words.map((word) => text("li", word)));
  }

  async #copy() {
    if (!this.#figures) return;
    const isCopied = await copyText(this.#report(this.#figures));
    notify(isCopied ? gettext("Report copied") : gettext("Your browser does not allow copying"));
  }

  /**
   * Give the report: no name, no address, no token.
   * @param {Figures} figures
   * @returns {string}
   */
  #report(figures) {
    const { verdict, remarks } = judge(figures);
    const owners = ownersOf(this.call.room);
    const head = [gettext("My connection"), new Date().toISOString(), location.origin, navigator.userAgent, ""];
    const facts = factsOf(figures).map(([name, value]) => `${name}: ${value}`);
    const streams = figures.streams.map((stream) => {
      const { what, rate, about } = streamText(stream, owners.get(stream.track), false);
      return `${stream.direction === "up" ? "↑" : "↓"} ${what}: ${rate} · ${about}`;
    });
    return [...head, verdictText(verdict), ...remarks.map(remarkText), "", ...facts, "", ...streams].join("\n") + "\n";
  }
}

/**
 * @param {string} tag
 * @param {string} content
 */
function text(tag, content) {
  return Object.assign(document.createElement(tag), { textContent: content });
}

/** @param {{what: string, rate: string, about: string}} words */
function rowOf({ what, rate, about }) {
  const row = copyOf("connection-stream");
  find(row, "[data-what]", HTMLElement).textContent = what;
  find(row, "[data-rate]", HTMLElement).textContent = rate;
  find(row, "[data-about]", HTMLElement).textContent = about;
  return row;
}
