/** Who takes part, from when to when and how they came in: for those who run the room. */

import { copyOf, find } from "./find.js";
import { SpeakingTime, duration } from "./speaking_time.js";

/** @typedef {import("../call/live.js").Heard} Heard */
/**
 * @typedef {{id: string, identity: string, name: string, organization: string, guest: boolean, how: string, admitted_by: string,
 *   from: string, to: string | null, spoken_ms: number}} Stay
 */

/** @type {Record<string, () => string>} */
const HOW = {
  member: () => gettext("member"),
  host: () => gettext("runs the room"),
  admitted: () => gettext("admitted"),
  passcode: () => gettext("with the passcode"),
  link: () => gettext("with the link"),
  vouched: () => gettext("by a program or an operator"),
};

/** Draws the stays that the server tells, each by its id. */
export class AttendancePanel {
  /** @type {Map<string, Stay>} */
  #stays = new Map();
  #gathering = "";
  #days = 0;

  /** @param {import("./topics.js").Place} place */
  constructor({ root, call }) {
    this.call = call;
    this.root = find(root, '[data-panel="attendance"]', HTMLElement);
    this.slug = call.home;
  }

  /** @param {Heard} heard */
  hear(heard) {
    if (heard.type === "attendance.kept") this.#days = heard.days;
    if (heard.type === "attendance.people") this.#replace(heard);
    if (heard.type === "attendance.person") this.#put(heard);
    if (heard.type.startsWith("attendance.")) this.#draw();
  }

  /** @param {Heard} heard */
  #replace({ gathering, people }) {
    this.#gathering = gathering;
    this.#stays = new Map(people.map((/** @type {Stay} */ stay) => [stay.id, stay]));
  }

  /** @param {Heard} heard */
  #put({ gathering, person }) {
    if (gathering !== this.#gathering) this.#replace({ type: "", gathering, people: [] });
    this.#stays.set(person.id, person);
  }

  #draw() {
    const stays = [...this.#stays.values()].sort((one, other) => one.from.localeCompare(other.from));
    find(this.root, "[data-attendance]", HTMLElement).replaceChildren(...stays.map(rowOf));
    this.#drawSpeakingTime();
    find(this.root, "[data-attendance-note]", HTMLElement).textContent = this.#days
      ? interpolate(ngettext("This report is kept for %s day.", "This report is kept for %s days.", this.#days), [String(this.#days)])
      : gettext("No report is kept of this meeting.");
    find(this.root, "[data-attendance-files]", HTMLElement).hidden = !this.#days || !this.#gathering;
    for (const kind of ["csv", "ods"]) {
      const link = find(this.root, `[data-attendance-${kind}]`, HTMLAnchorElement);
      link.href = `/rooms/${this.slug}/gatherings/${this.#gathering}/attendance.${kind}`;
    }
  }

  /** Show it here by organisation; the list of people shows it beside raised hands. */
  #drawSpeakingTime() {
    const spoken = new SpeakingTime(this.#stays.values());
    this.call.scene.spoken = (identity, organization) => spoken.words(identity, organization);
    this.call.dispatchEvent(new Event("change"));
    const rows = spoken.organizations.map((words) => Object.assign(document.createElement("li"), { textContent: words }));
    const list = find(this.root, "[data-speaking-time]", HTMLElement);
    list.replaceChildren(...rows);
    find(this.root, "[data-speaking-time-part]", HTMLElement).hidden = rows.length === 0;
  }
}

/** @param {Stay} stay */
function rowOf(stay) {
  const row = copyOf("stay");
  find(row, "[data-name]", HTMLElement).textContent = stay.name;
  const spoke = stay.spoken_ms ? interpolate(gettext("spoke %s"), [duration(stay.spoken_ms)]) : "";
  const about = [stay.organization, howText(stay), spoke].filter(Boolean).join(" · ");
  find(row, "[data-about]", HTMLElement).textContent = about;
  find(row, "[data-times]", HTMLElement).textContent = `${time(stay.from)} – ${stay.to ? time(stay.to) : gettext("now")}`;
  return row;
}

/** @param {Stay} stay */
function howText({ how, admitted_by }) {
  if (how === "admitted" && admitted_by) return interpolate(gettext("admitted by %s"), [admitted_by]);
  return HOW[how]?.() ?? "";
}

/** @param {string} moment */
function time(moment) {
  return new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}
