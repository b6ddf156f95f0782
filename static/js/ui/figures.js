/** The elements of the stage: a tile for each person, the large screen, and small screens to choose from. */

import { copyOf, find } from "./find.js";
import { Picture } from "./picture.js";
import { pausedText } from "./quality_words.js";
import { Tile } from "./tile.js";
import { remOf, roomFor } from "./tile_room.js";

/** @typedef {import("../call/casting.js").Figure} Figure */
/** @typedef {import("../call/people.js").Person} Person */
/** @typedef {import("./layout.js").Box} Box */
/** @typedef {import("./tile.js").Part} Part */
/** @typedef {{figure: Figure, box: Box, part: Part}} Placed */
/** @typedef {{element: HTMLElement, screen: Picture}} Drawn */

/** Draws what is placed, and nothing of the rest. Says `menu`, `card` and `share` with a key when that is asked for. */
export class Figures extends EventTarget {
  /** @type {Map<string, Tile>} */
  #tiles = new Map();
  /** @type {Map<string, Drawn>} screens beside the large one, by their sharer */
  #choices = new Map();
  /** @type {WeakMap<HTMLElement, string>} where elements are */
  #boxes = new WeakMap();
  #rem = remOf();

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.list = find(root, "[data-tiles]", HTMLElement);
    this.share = find(root, "[data-share]", HTMLElement);
    this.shareName = find(this.share, "[data-share-name]", HTMLElement);
    this.shareScreen = new Picture(find(this.share, "video", HTMLVideoElement));
  }

  /**
   * Draw everybody who has a place; the others show no picture. Pictures come when everything is in its place, because
   * livekit-client looks then whether and how large it is.
   * @param {Person[]} people all who are there
   * @param {Placed[]} placed
   */
  draw(people, placed) {
    const share = placed.find(({ figure, part }) => figure.isShare && part.isLarge);
    const listed = placed.filter((one) => one !== share);
    this.#dropOthers(people, listed);
    const drawn = listed.map((one) => this.#drawOne(one));
    this.#drawShare(share);
    reorder(this.list, drawn.map(({ element }) => element));
    listed.forEach((one, index) => drawn[index].screen.show(trackOf(one)));
    this.shareScreen.show(share ? trackOf(share) : null);
  }

  /**
   * Give the tile of somebody who is shown.
   * @param {string} key
   * @returns {HTMLElement | null}
   */
  tileOf(key) {
    const element = this.#tiles.get(key)?.element;
    return element?.isConnected ? element : null;
  }

  /**
   * @param {Person[]} people
   * @param {Placed[]} listed
   */
  #dropOthers(people, listed) {
    const present = new Set(people.map(({ key }) => key));
    const shown = new Set(listed.map(({ figure }) => figure.id));
    for (const [key, tile] of this.#tiles) {
      if (!shown.has(key)) tile.rest();
      if (present.has(key)) continue;
      tile.remove();
      this.#tiles.delete(key);
    }
    for (const [id, { element, screen }] of this.#choices) {
      if (shown.has(id)) continue;
      screen.show(null);
      element.remove();
      this.#choices.delete(id);
    }
  }

  /**
   * @param {Placed} placed
   * @returns {Drawn}
   */
  #drawOne({ figure, box, part }) {
    const drawn = figure.isShare ? this.#drawChoice(figure) : this.#drawTile(figure.person, part);
    this.#move(drawn.element, box);
    return drawn;
  }

  /**
   * @param {Person} person
   * @param {Part} part
   */
  #drawTile(person, part) {
    const tile = this.#tiles.get(person.key) ?? this.#newTile(person);
    tile.update(person, part);
    return tile;
  }

  /** @param {Person} person */
  #newTile(person) {
    const tile = new Tile(person);
    this.#tiles.set(person.key, tile);
    tile.who.addEventListener("click", () => this.#say("card", person.key, tile.who));
    tile.menu.addEventListener("click", () => this.#say("menu", person.key, tile.menu));
    return tile;
  }

  /** @param {Figure} figure */
  #drawChoice({ id, person }) {
    const choice = this.#choices.get(id) ?? this.#newChoice(id, person.key);
    write(find(choice.element, "[data-name]", HTMLElement), person.name);
    const label = interpolate(gettext("Show the screen of %s large"), [person.name]);
    if (choice.element.dataset.label !== label) find(choice.element, "button", HTMLElement).ariaLabel = choice.element.dataset.label = label;
    return choice;
  }

  /**
   * @param {string} id
   * @param {string} key
   */
  #newChoice(id, key) {
    const element = copyOf("share-choice");
    const choice = { element, screen: new Picture(find(element, "video", HTMLVideoElement)) };
    const button = find(element, "button", HTMLButtonElement);
    button.addEventListener("click", () => this.#say("share", key, button));
    this.#choices.set(id, choice);
    return choice;
  }

  /** @param {Placed | undefined} placed */
  #drawShare(placed) {
    if (this.share.hidden === Boolean(placed)) this.share.hidden = !placed;
    if (!placed) return;
    const { name, isSharePaused } = placed.figure.person;
    const text = interpolate(gettext("Screen of %s"), [name]);
    write(this.shareName, isSharePaused ? `${text} · ${pausedText()}` : text);
    this.#move(this.share, placed.box);
  }

  /**
   * @param {"menu" | "card" | "share"} what
   * @param {string} key
   * @param {HTMLButtonElement} button
   */
  #say(what, key, button) {
    this.dispatchEvent(new CustomEvent(what, { detail: { key, button } }));
  }

  /**
   * Move an element that is not there already.
   * @param {HTMLElement} element
   * @param {Box} box
   */
  #move(element, { x, y, width, height }) {
    const box = [Math.round(x), Math.round(y), Math.floor(width), Math.floor(height)];
    if (this.#boxes.get(element) === box.join()) return;
    this.#boxes.set(element, box.join());
    const { style } = element;
    style.transform = `translate(${box[0]}px, ${box[1]}px)`;
    style.width = `${box[2]}px`;
    style.height = `${box[3]}px`;
    style.setProperty("--side", `${Math.min(box[2], box[3])}px`);
    element.dataset.room = roomFor({ width, height }, this.#rem);
  }
}

/** @param {Placed} placed */
const trackOf = ({ figure: { person, isShare } }) => (isShare ? person.share : person.camera);

/**
 * Make `elements` the children, in this order; what is in its place already stays untouched, with its focus.
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} elements
 */
function reorder(parent, elements) {
  const wanted = new Set(elements);
  for (const child of [...parent.children]) if (!wanted.has(/** @type {HTMLElement} */ (child))) child.remove();
  const focused = document.activeElement;
  elements.forEach((element, index) => {
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
  });
  if (focused instanceof HTMLElement && focused !== document.activeElement && parent.contains(focused)) focused.focus({ preventScroll: true });
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
