/** One person on the stage: picture or initials, name, what their devices and their connection do. */

import { badgeText, cardText } from "./cards.js";
import { copyOf, find } from "./find.js";
import { colourOf, initialsOf } from "./names.js";
import { Picture } from "./picture.js";
import { pausedText, qualityExplained, qualityText } from "./quality_words.js";

/** @typedef {import("../call/people.js").Person} Person */
/** @typedef {{isPinned: boolean, isLit: boolean, isFloating: boolean, isLarge: boolean}} Part */

/** What a tile has room for, by the names in its template. */
const PARTS = /** @type {const} */ ([
  "name", "initials", "badge", "card", "muted", "no-camera", "guest", "weak", "weak-text", "weak-why", "hand", "hand-place", "reaction", "pinned", "lit", "paused",
]);

/** Draws a person; `update` with each new snapshot, `rest` while nobody looks, `remove` when they left; `screen` has the picture. */
export class Tile {
  /** @type {Record<string, unknown>} what is drawn */
  #drawn = {};

  /** @param {Person} person */
  constructor(person) {
    this.element = copyOf("tile");
    this.element.dataset.person = person.key;
    this.element.classList.add(colourOf(person.key));
    this.screen = new Picture(find(this.element, "video", HTMLVideoElement));
    this.who = find(this.element, "[data-who]", HTMLButtonElement);
    this.menu = find(this.element, "[data-menu]", HTMLButtonElement);
    this.menuLabel = find(this.menu, "[data-menu-label]", HTMLElement);
    this.parts = Object.fromEntries(PARTS.map((name) => [name, find(this.element, `[data-${name}]`, HTMLElement)]));
  }

  /**
   * @param {Person} person
   * @param {Part} part
   */
  update(person, { isPinned, isLit, isFloating, isLarge }) {
    const isPaused = person.isCameraPaused && person.camera !== null;
    this.#class("mine", person.isLocal);
    this.#class("speaking", person.isSpeaking && person.microphoneOn);
    this.#class("faceless", person.camera === null);
    this.#class("paused", isPaused);
    this.#class("lit", isLit);
    this.#class("afloat", isFloating);
    this.#class("large", isLarge);
    this.#show("muted", !person.microphoneOn);
    this.#show("no-camera", person.camera === null);
    this.#show("guest", person.isGuest);
    this.#show("hand", person.hand > 0);
    this.#show("pinned", isPinned);
    this.#show("lit", isLit);
    this.#show("paused", isPaused);
    this.#show("weak", person.quality !== "good");
    this.#write("weak-text", qualityText(person));
    this.#write("weak-why", qualityExplained(person));
    if (this.#isNew("title", qualityExplained(person))) this.parts.weak.title = qualityExplained(person);
    this.#write("hand-place", String(person.hand));
    this.#write("reaction", person.reaction);
    this.#write("paused", isPaused ? pausedText() : "");
    this.#names(person);
  }

  /** @param {Person} person */
  #names(person) {
    this.#write("name", person.isLocal ? interpolate(gettext("%s (you)"), [person.name]) : person.name);
    this.#write("initials", initialsOf(person.name));
    this.#write("badge", badgeText(person.card));
    this.#write("card", cardText(person.card));
    if (!this.#isNew("menu", person.name)) return;
    this.menuLabel.textContent = interpolate(gettext("Menu of %s"), [person.name]);
  }

  /** Show no picture, so that none is sent to this browser. */
  rest() {
    this.screen.show(null);
  }

  remove() {
    this.rest();
    this.element.remove();
  }

  /**
   * Say whether something must be drawn: what is on the screen is not touched again, nor read out again.
   * @param {string} name
   * @param {unknown} value
   */
  #isNew(name, value) {
    if (this.#drawn[name] === value) return false;
    this.#drawn[name] = value;
    return true;
  }

  /**
   * @param {string} name
   * @param {boolean} isOn
   */
  #class(name, isOn) {
    if (this.#isNew(`.${name}`, isOn)) this.element.classList.toggle(name, isOn);
  }

  /**
   * @param {typeof PARTS[number]} name
   * @param {boolean} isShown
   */
  #show(name, isShown) {
    if (this.#isNew(`?${name}`, isShown)) this.parts[name].hidden = !isShown;
  }

  /**
   * @param {typeof PARTS[number]} name
   * @param {string} text
   */
  #write(name, text) {
    if (this.#isNew(name, text)) this.parts[name].textContent = text;
  }
}
