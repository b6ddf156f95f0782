/** The stage: everybody's tile and the shared screens, placed so that the room is always well filled. */

import { castOf } from "../call/casting.js";
import { loadLayout, saveLayout } from "../call/layouts.js";
import { seat } from "../call/seating.js";
import { NOBODY, follow } from "../call/speaker.js";
import { Figures } from "./figures.js";
import { Frame } from "./frame.js";
import { showCard } from "./identity_card.js";
import { arrange } from "./layout.js";
import { notify } from "./notices.js";
import { Pager } from "./pager.js";

/** @typedef {import("../call/people.js").Person} Person */
/** @typedef {import("../call/casting.js").Cast} Cast */
/** @typedef {import("../call/casting.js").Figure} Figure */
/** @typedef {import("../call/layouts.js").Layout} Layout */
/** @typedef {import("./layout.js").Plan} Plan */
/** @typedef {import("./figures.js").Placed} Placed */

/**
 * Draws a list of people; places them anew when they, what this browser's person chose, or the window change.
 * Says `menu` with a person when theirs is asked for, and `drawn` after each drawing.
 */
export class Stage extends EventTarget {
  /** @type {Person[]} */
  #people = [];
  #spotlight = "";
  #size = { width: 0, height: 0 };
  /** @type {Layout} */
  #layout = loadLayout();
  /** @type {Set<string>} */
  #pins = new Set();
  #share = "";
  #page = 0;
  /** @type {string[]} */
  #order = [];
  #following = NOBODY;
  /** @type {Figure | undefined} the one whom a small window would show */
  #first;

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.root = root;
    this.figures = new Figures(root);
    this.pager = new Pager(root);
    this.frame = new Frame(() => this.#draw());
    this.pager.addEventListener("turn", (event) => this.#turn(/** @type {CustomEvent<number>} */ (event).detail));
    this.#hear("card", (key) => this.#withPerson(key, showCard));
    this.#hear("share", (key) => this.#choose(() => (this.#share = key)));
    this.#hear("menu", (key, button) => this.#askMenu(key, button));
    new ResizeObserver(([{ contentRect }]) => this.#resize(contentRect)).observe(root);
  }

  /** @returns {Layout} */
  get layout() {
    return this.#layout;
  }

  set layout(layout) {
    saveLayout(layout);
    this.#choose(() => ([this.#layout, this.#page] = [layout, 0]));
  }

  /** Give the one who is shown first: the shared screen, the one who is large, or who speaks. */
  get first() {
    return this.#first;
  }

  /** @param {string} key */
  isPinned(key) {
    return this.#pins.has(key);
  }

  /**
   * Keep somebody visible whatever the layout and the page, or no longer. Only this browser's person sees it.
   * @param {Person} person
   */
  togglePin({ key, name }) {
    const wasPinned = this.#pins.delete(key);
    if (!wasPinned) this.#pins.add(key);
    notify(interpolate(wasPinned ? gettext("%s is no longer pinned") : gettext("%s stays visible for you"), [name]));
    this.frame.request();
  }

  /**
   * @param {Person[]} people this browser's person last
   * @param {string} spotlight whom everybody sees large: a key, or nothing
   */
  render(people, spotlight) {
    this.#people = people;
    this.#spotlight = spotlight;
    this.#following = follow(this.#following, people, Date.now());
    this.#draw();
  }

  /** @param {() => unknown} change */
  #choose(change) {
    change();
    this.frame.request();
  }

  /** @param {{width: number, height: number}} size */
  #resize({ width, height }) {
    this.#size = { width, height };
    this.frame.request();
  }

  /** @param {number} step */
  #turn(step) {
    this.#choose(() => (this.#page += step));
  }

  /** Give whom this browser's person wants to see: who fills the screen must not go to another page. */
  get #kept() {
    const filling = document.fullscreenElement?.getAttribute("data-person");
    return filling ? new Set([...this.#pins, filling]) : this.#pins;
  }

  #draw() {
    const { width, height } = this.#size;
    if (width === 0 || height === 0 || this.#people.length === 0) return;
    const cast = castOf(this.#people, {
      layout: this.#layout,
      pins: this.#kept,
      spotlight: this.#spotlight,
      speaker: this.#following.key,
      share: this.#share,
      isWide: width > height,
    });
    const plan = arrange(this.#size, countsOf(cast), this.#page);
    this.#page = plan.page;
    const seated = seat(this.#order, cast.others, plan.places);
    this.#order = seated.filter(({ isShare }) => !isShare).map(({ id }) => id);
    this.#first = cast.large[0] ?? this.#speaking(cast);
    this.figures.draw(this.#people, this.#placed(cast, plan, seated));
    this.pager.render(plan);
    this.dispatchEvent(new Event("drawn"));
  }

  /**
   * @param {Cast} cast
   * @returns {Figure | undefined}
   */
  #speaking({ pinned, others }) {
    return pinned.find(({ isShare }) => isShare) ?? [...pinned, ...others].find(({ id }) => id === this.#following.key) ?? pinned[0] ?? others[0];
  }

  /**
   * @param {Cast} cast
   * @param {Plan} plan
   * @param {Figure[]} seated
   * @returns {Placed[]}
   */
  #placed(cast, plan, seated) {
    const large = cast.large.map((figure, index) => this.#place(figure, plan.large[index], true));
    const pinned = cast.pinned.map((figure, index) => this.#place(figure, plan.pinned[index], figure.isShare));
    const others = plan.others.map((box, index) => this.#place(seated[plan.first + index], box, false));
    const placed = [...large, ...pinned, ...others];
    if (!cast.floating || !plan.floating) return placed;
    const { part, ...floating } = this.#place(cast.floating, plan.floating, false);
    return [...placed, { ...floating, part: { ...part, isFloating: true } }];
  }

  /**
   * @param {Figure} figure
   * @param {import("./layout.js").Box} box
   * @param {boolean} isLarge
   * @returns {Placed}
   */
  #place(figure, box, isLarge) {
    const { id } = figure;
    const part = { isPinned: this.#pins.has(id), isLit: this.#people.length > 1 && id === this.#spotlight, isFloating: false, isLarge };
    return { figure, box, part };
  }

  /**
   * @param {"card" | "share" | "menu"} what
   * @param {(key: string, button: HTMLButtonElement) => void} act
   */
  #hear(what, act) {
    this.figures.addEventListener(what, (event) => {
      const { key, button } = /** @type {CustomEvent<{key: string, button: HTMLButtonElement}>} */ (event).detail;
      act(key, button);
    });
  }

  /** @param {string} key */
  #person(key) {
    return this.#people.find((person) => person.key === key);
  }

  /**
   * @param {string} key
   * @param {(person: Person) => void} act
   */
  #withPerson(key, act) {
    const person = this.#person(key);
    if (person) act(person);
  }

  /**
   * @param {string} key
   * @param {HTMLButtonElement} button
   */
  #askMenu(key, button) {
    this.dispatchEvent(new CustomEvent("menu", { detail: { current: () => this.#person(key), button } }));
  }
}

/**
 * @param {Cast} cast
 * @returns {import("./layout.js").Counts}
 */
function countsOf({ large, pinned, others, floating }) {
  return {
    large: large.length,
    pinned: pinned.length,
    others: others.length,
    floating: floating !== null,
    sharing: large.some(({ isShare }) => isShare),
  };
}
