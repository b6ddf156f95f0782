/** How hosts run the meeting: who may use what, lock, bans, end. */

import { confirm } from "./confirm.js";
import { copyOf, find } from "./find.js";

/** @typedef {import("../call/live.js").Heard} Heard */
/** @typedef {{audience: string, why: string}} Source */
/** @typedef {{identity: string, name: string, by: string, at: string, lasting: boolean}} Banned */

/** @type {Record<string, () => string>} */
const LABELS = {
  microphone: () => gettext("Microphone"),
  camera: () => gettext("Camera"),
  screen_share: () => gettext("Screen sharing"),
  chat: () => gettext("Chat"),
};
const CLOSED = ["hosts", "nobody"];

/** Draws the dialog from what the server says. */
export class MeetingDialog {
  #locked = false;
  #frozen = false;

  /** @param {import("./topics.js").Place} place */
  constructor({ root, live }) {
    this.root = find(root, "[data-meeting]", HTMLElement);
    this.live = live;
    find(root, "[data-mute-all]", HTMLElement).addEventListener("click", () => live.say("people.mute", { source: "microphone" }));
    this.#on("[data-ask-all]", () => live.say("people.ask", { source: "microphone" }));
    this.#on("[data-lock]", () => live.say("room.lock", { locked: !this.#locked }));
    this.#on("[data-freeze]", () => void this.#freeze());
    this.#on("[data-close-room]", () => void this.#close());
  }

  /**
   * @param {string} selector
   * @param {() => void} action
   */
  #on(selector, action) {
    find(this.root, selector, HTMLElement).addEventListener("click", action);
  }

  async #freeze() {
    const question = {
      title: gettext("Freeze the meeting?"),
      text: gettext("Everybody is muted, shares and the chat stop, and who comes waits. Who was there and what was said in the chat is kept, and the security contacts of this service, if it has any, get a mail."),
      yes: gettext("Freeze the meeting"),
    };
    if (this.#frozen || (await confirm(question))) this.live.say("room.freeze", { frozen: !this.#frozen });
  }

  async #close() {
    const question = {
      title: gettext("End the meeting for everybody?"),
      text: gettext("Everybody is put out at once, and so are you. The room stays."),
      yes: gettext("End for everybody"),
    };
    if (await confirm(question)) this.live.say("room.close");
  }

  /** @param {Heard} heard */
  hear(heard) {
    if (heard.type === "welcome" || heard.type === "room.state") this.#drawState(heard.locked, heard.frozen);
    if (heard.type === "room.rights") this.#drawSources(heard.sources);
    if (heard.type === "people.banned") this.#drawBans(heard.people);
  }

  /**
   * @param {boolean} locked
   * @param {boolean} frozen
   */
  #drawState(locked, frozen) {
    this.#locked = locked;
    this.#frozen = frozen;
    this.#press("[data-lock]", locked, locked ? gettext("Open the room again") : gettext("Lock the room"));
    this.#press("[data-freeze]", frozen, frozen ? gettext("Let the meeting go on") : gettext("Freeze the meeting"));
    find(document, '[data-banner="frozen"]', HTMLElement).hidden = !frozen;
  }

  /**
   * @param {string} selector
   * @param {boolean} isPressed
   * @param {string} label
   */
  #press(selector, isPressed, label) {
    const button = find(this.root, selector, HTMLElement);
    button.setAttribute("aria-pressed", String(isPressed));
    find(button, "[data-label]", HTMLElement).textContent = label;
  }

  /** @param {Record<string, Source>} sources */
  #drawSources(sources) {
    const list = find(this.root, "[data-sources]", HTMLElement);
    const focused = document.activeElement?.getAttribute("data-source");
    list.replaceChildren(...Object.entries(sources).map(([source, state]) => this.#switch(source, state)));
    if (focused) /** @type {HTMLElement | null} */ (list.querySelector(`[data-source="${focused}"]`))?.focus();
  }

  /**
   * @param {string} source
   * @param {Source} state
   */
  #switch(source, { audience, why }) {
    const row = copyOf("source-switch");
    const button = find(row, "button", HTMLButtonElement);
    const isOpen = !CLOSED.includes(audience);
    button.dataset.source = source;
    button.setAttribute("aria-checked", String(isOpen));
    button.setAttribute("aria-disabled", String(Boolean(why)));
    find(row, "[data-label]", HTMLElement).textContent = LABELS[source]?.() ?? source;
    find(row, "[data-why]", HTMLElement).textContent = why;
    if (!why) button.addEventListener("click", () => this.live.say("sources.allow", { source, audience: isOpen ? "hosts" : "everybody" }));
    return row;
  }

  /** @param {Banned[]} people */
  #drawBans(people) {
    find(this.root, "[data-bans]", HTMLElement).replaceChildren(...people.map((person) => this.#banned(person)));
    find(this.root, "[data-no-bans]", HTMLElement).hidden = people.length > 0;
  }

  /** @param {Banned} person */
  #banned({ identity, name, by, lasting }) {
    const row = copyOf("banned-person");
    find(row, "[data-name]", HTMLElement).textContent = name;
    const how = lasting ? gettext("for good, by %s") : gettext("for this meeting, by %s");
    find(row, "[data-how]", HTMLElement).textContent = interpolate(how, [by]);
    find(row, "[data-of]", HTMLElement).textContent = ` ${name}`;
    find(row, "[data-unban]", HTMLElement).addEventListener("click", () => this.live.say("people.unban", { identity }));
    return row;
  }
}
