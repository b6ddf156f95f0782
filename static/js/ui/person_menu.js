/** The menu of one person, in the list and on the stage: what this browser's person may do to them. */

import { confirm } from "./confirm.js";
import { copyOf, find, setIcon } from "./find.js";
import { showCard } from "./identity_card.js";
import { ACTIONS } from "./person_actions.js";
import { viewsOf } from "./person_views.js";
import { qualityExplained } from "./quality_words.js";

/** @typedef {import("../call/people.js").Person} Person */
/** @typedef {import("./person_actions.js").Action} Action */

const MARGIN_PX = 8;

/** One popover, filled anew for each person, and again when something about the open one changes. */
export class PersonMenu {
  /** @type {() => Person | undefined} whose menu it is */
  #current = () => undefined;
  #drawn = "";

  /** @param {import("./topics.js").Place & {people: EventTarget, stage: import("./stage.js").Stage}} place */
  constructor({ root, live, call, people, stage }) {
    this.menu = find(root, "[data-person-menu]", HTMLElement);
    this.live = live;
    this.call = call;
    this.stage = stage;
    this.quality = find(this.menu, "[data-menu-quality]", HTMLElement);
    call.addEventListener("change", () => this.menu.matches(":popover-open") && this.#draw());
    for (const source of [people, stage]) source.addEventListener("menu", (event) => this.#ask(event));
  }

  /** @param {Event} event */
  #ask(event) {
    const { current, button } = /** @type {CustomEvent<{current: () => Person | undefined, button: HTMLElement}>} */ (event).detail;
    this.#current = current;
    this.#open(button);
  }

  /** @param {HTMLElement} button */
  #open(button) {
    this.#drawn = "";
    this.#draw();
    this.menu.showPopover();
    place(this.menu, button.getBoundingClientRect());
    this.menu.querySelector("button")?.focus();
  }

  #draw() {
    const person = this.#current();
    if (!person) return this.menu.hidePopover();
    const offered = ACTIONS.filter((action) => action.isOffered(person, this.call.rights, this.call.scene));
    const views = viewsOf(person, this.stage);
    const quality = qualityExplained(person);
    const drawn = [person.key, quality, ...[...views, ...offered].map((action) => action.label())].join("|");
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    find(this.menu, "[data-menu-name]", HTMLElement).textContent = person.name;
    const hadFocus = this.menu.contains(document.activeElement);
    this.quality.textContent = quality;
    this.quality.hidden = quality === "";
    const card = this.#entry("badge", gettext("Identity card"), () => showCard(person));
    const own = views.map(({ icon, label, act }) => this.#entry(icon, label(), act));
    find(this.menu, "[data-menu-actions]", HTMLElement).replaceChildren(...own, card, ...offered.map((action) => this.#action(action, person)));
    if (hadFocus) this.menu.querySelector("button")?.focus();
  }

  /**
   * @param {Action} action
   * @param {Person} person
   */
  #action(action, person) {
    return this.#entry(action.icon, action.label(), () => void this.#do(action, person));
  }

  /**
   * @param {Action} action
   * @param {Person} person
   */
  async #do({ question, message }, person) {
    if (question && !(await confirm(question(person)))) return;
    const [type, fields] = message(person);
    this.live.say(type, fields);
  }

  /**
   * @param {string} icon
   * @param {string} label
   * @param {() => void} act
   */
  #entry(icon, label, act) {
    const entry = copyOf("menu-action");
    setIcon(entry, icon);
    find(entry, "[data-label]", HTMLElement).textContent = label;
    entry.addEventListener("click", () => {
      this.menu.hidePopover();
      act();
    });
    return entry;
  }
}

/**
 * Put a menu below its button, or above it where there is more room.
 * @param {HTMLElement} menu
 * @param {DOMRect} button
 */
function place(menu, button) {
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.max(MARGIN_PX, Math.min(button.right - width, innerWidth - width - MARGIN_PX));
  const below = button.bottom + MARGIN_PX;
  const top = below + height > innerHeight ? Math.max(MARGIN_PX, button.top - height - MARGIN_PX) : below;
  menu.style.left = `${Math.round(left)}px`;
  menu.style.top = `${Math.round(top)}px`;
}
