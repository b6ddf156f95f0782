/** The stage: everybody's tile and the shared screen, placed so that the room is always well filled. */

import { copyOf, find } from "./find.js";
import { showCard } from "./identity_card.js";
import { arrange } from "./layout.js";
import { Picture, Tile } from "./tile.js";

/** @typedef {import("../call/people.js").Person} Person */
/** @typedef {import("./layout.js").Box} Box */

/** Draws a list of people; places them anew when they, the share or the window change. */
export class Stage {
  /** @type {Map<string, Tile>} */
  #tiles = new Map();
  /** @type {Person[]} */
  #people = [];
  /** Whom everybody sees large: a key, or nothing. */
  spotlight = "";

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.list = find(root, "[data-tiles]", HTMLElement);
    this.more = copyOf("more");
    this.share = find(root, "[data-share]", HTMLElement);
    this.shareName = find(root, "[data-share-name]", HTMLElement);
    this.shareScreen = new Picture(find(this.share, "video", HTMLVideoElement));
    new ResizeObserver(() => this.#place()).observe(root);
  }

  /** @param {Person[]} people this browser's person last */
  render(people) {
    this.#people = people;
    this.#dropLeavers();
    for (const person of people) this.#draw(person);
    this.#showShare();
    this.#place();
  }

  #dropLeavers() {
    const present = new Set(this.#people.map((person) => person.key));
    for (const [key, tile] of this.#tiles) {
      if (present.has(key)) continue;
      tile.remove();
      this.#tiles.delete(key);
    }
  }

  /** @param {Person} person */
  #draw(person) {
    const tile = this.#tiles.get(person.key);
    if (tile) tile.update(person);
    else this.#tiles.set(person.key, this.#newTile(person));
  }

  /** @param {Person} person */
  #newTile(person) {
    const tile = new Tile(person);
    find(tile.element, "[data-who]", HTMLElement).addEventListener("click", () => {
      const current = this.#people.find(({ key }) => key === person.key);
      if (current) showCard(current);
    });
    return tile;
  }

  /** The newest share of somebody else; one's own would show a tunnel of mirrors. */
  #showShare() {
    const sharer = this.#people.findLast((person) => person.share !== null && !person.isLocal);
    this.shareScreen.show(sharer?.share ?? null);
    this.share.hidden = !sharer;
    if (sharer) this.shareName.textContent = interpolate(gettext("Screen of %s"), [sharer.name]);
  }

  #place() {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (width === 0 || height === 0 || this.#people.length === 0) return;
    const lit = this.share.hidden && this.#people.length > 1 ? this.#people.find(({ key }) => key === this.spotlight) : undefined;
    const others = lit ? this.#people.filter((person) => person !== lit) : this.#people;
    const plan = arrange({ width, height }, others.length, !this.share.hidden || lit !== undefined);
    if (plan.share && !lit) moveTo(this.share, plan.share);
    this.root.classList.toggle("floating", plan.floating);
    this.#placeTiles(others, plan.tiles, lit && plan.share ? [{ person: lit, box: plan.share }] : []);
  }

  /**
   * @param {Person[]} people
   * @param {Box[]} boxes
   * @param {{person: Person, box: Box}[]} large those who have a place already
   */
  #placeTiles(people, boxes, large) {
    const hidden = people.length - boxes.length;
    const shown = hidden > 0 ? mostActive(people, boxes.length - 1) : people;
    const elements = [...large.map(({ person }) => person), ...shown].flatMap(({ key }) => this.#tiles.get(key)?.element ?? []);
    if (hidden > 0) {
      this.more.textContent = interpolate(gettext("+%s"), [String(hidden + 1)]);
      elements.push(this.more);
    }
    const all = [...large.map(({ box }) => box), ...boxes];
    elements.forEach((element, index) => moveTo(element, all[index]));
    for (const [key, { element }] of this.#tiles) element.classList.toggle("lit", large.some(({ person }) => person.key === key));
    if (!sameChildren(this.list, elements)) this.list.replaceChildren(...elements);
  }
}

/**
 * Choose who is shown when not everybody fits: oneself and those who spoke last, in the usual order.
 * @param {Person[]} people
 * @param {number} count
 * @returns {Person[]}
 */
function mostActive(people, count) {
  const rank = (/** @type {Person} */ person) => (person.isLocal ? Infinity : person.spokeAt);
  const chosen = new Set([...people].sort((one, other) => rank(other) - rank(one)).slice(0, count));
  return people.filter((person) => chosen.has(person));
}

/**
 * @param {HTMLElement} element
 * @param {Box} box
 */
function moveTo(element, { x, y, width, height }) {
  const { style } = element;
  style.width = `${Math.floor(width)}px`;
  style.height = `${Math.floor(height)}px`;
  style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}

/**
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} elements
 * @returns {boolean}
 */
function sameChildren(parent, elements) {
  return parent.children.length === elements.length && elements.every((element, index) => parent.children[index] === element);
}
