/** Draws a connection test: the list of checks, the summary, the report to take away. */

import { find, setIcon } from "./find.js";
import { sentenceOf } from "./connection_words.js";

/** @typedef {import("../call/connection_test.js").Result} Result */

/** @type {Record<import("../call/connection_test.js").Outcome, string>} */
const ICONS = { waiting: "clock", running: "clock", passed: "check", remarks: "info", failed: "alert", skipped: "forward" };
const SUMMARY_ICONS = { success: "check", warning: "info", error: "alert" };

/** The test's part of the page. */
export class ConnectionView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.button = find(root, "[data-start]", HTMLButtonElement);
    this.download = find(root, "[data-download]", HTMLButtonElement);
    this.summary = find(root, "[data-summary]", HTMLElement);
  }

  /**
   * Show that a test runs, or has ended. The button keeps the focus.
   * @param {boolean} isRunning
   */
  setRunning(isRunning) {
    this.button.setAttribute("aria-disabled", String(isRunning));
    this.button.textContent = isRunning ? gettext("Testing…") : gettext("Test again");
    if (isRunning) this.summary.hidden = this.download.hidden = true;
  }

  /**
   * @param {Result} result
   * @param {number} position from 1
   * @param {number} count
   */
  draw(result, position, count) {
    const item = find(this.root, `[data-check="${result.name}"]`, HTMLElement);
    item.dataset.outcome = result.outcome;
    setIcon(find(item, ".check-sign", HTMLElement), ICONS[result.outcome]);
    find(item, "[data-sentence]", HTMLElement).textContent = sentenceOf(result);
    find(item, "[data-details]", HTMLDetailsElement).hidden = result.lines.length === 0;
    find(item, "[data-lines]", HTMLElement).replaceChildren(...result.lines.map(lineOf));
    if (result.outcome === "running") {
      this.button.textContent = interpolate(gettext("Check %s of %s…"), [String(position), String(count)]);
    } else if (result.outcome !== "waiting") {
      announce(`${this.titleOf(result)}: ${sentenceOf(result)}`);
    }
  }

  /**
   * @param {Result} result
   * @returns {string}
   */
  titleOf({ name }) {
    return find(this.root, `[data-check="${name}"] [data-title]`, HTMLElement).textContent ?? "";
  }

  /** @param {import("./connection_words.js").Summary} summary */
  conclude({ title, text, kind }) {
    this.summary.hidden = false;
    this.summary.className = `note ${kind}`;
    setIcon(this.summary, SUMMARY_ICONS[kind]);
    find(this.summary, "[data-summary-title]", HTMLElement).textContent = title;
    find(this.summary, "[data-summary-text]", HTMLElement).textContent = text;
    announce(`${title}. ${text}`);
  }
}

/**
 * @param {{level: string, message: string}} line
 * @returns {HTMLLIElement}
 */
function lineOf({ level, message }) {
  const item = document.createElement("li");
  item.textContent = level === "info" ? message : `${level}: ${message}`;
  return item;
}

/** @param {string} text */
function announce(text) {
  find(document, "[data-announce]", HTMLElement).textContent = text;
}

/**
 * Give a text to the person as a file.
 * @param {string} name
 * @param {string} text
 */
export function giveFile(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
