/** Tells everybody who has entered that a report of who takes part is kept. */

import { find } from "./find.js";
import { notify } from "./notices.js";

/** Says it once as a notice, and keeps it written in the list of people. */
export class AttendanceNotice {
  #days = 0;

  /** @param {import("./topics.js").Place} place */
  constructor({ root }) {
    this.line = find(root, "[data-attendance-kept]", HTMLElement);
  }

  /** @param {import("../call/live.js").Heard} heard */
  hear(heard) {
    if (heard.type !== "attendance.kept") return;
    this.line.hidden = !heard.days;
    this.line.textContent = textOf(heard.days);
    if (heard.days && heard.days !== this.#days) notify(textOf(heard.days));
    this.#days = heard.days;
  }
}

/** @param {number} days */
function textOf(days) {
  return interpolate(
    ngettext(
      "The hosts can read for %s day who took part in this meeting.",
      "The hosts can read for %s days who took part in this meeting.",
      days,
    ),
    [String(days)],
  );
}
