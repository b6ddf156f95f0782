/** One person on the stage: picture or initials, name, what their devices do. */

import { cardText } from "./cards.js";
import { copyOf, find } from "./find.js";
import { colourOf, initialsOf } from "./names.js";

/** @typedef {import("../call/people.js").Person} Person */
/** @typedef {import("../call/people.js").VideoTrack} VideoTrack */

/** Draws a person; `update` with each new snapshot, `remove` when they left. */
export class Tile {
  /** @param {Person} person */
  constructor(person) {
    this.element = copyOf("tile");
    this.element.dataset.person = person.key;
    this.element.classList.add(colourOf(person.key));
    this.screen = new Picture(find(this.element, "video", HTMLVideoElement));
    this.name = find(this.element, "[data-name]", HTMLElement);
    this.initials = find(this.element, "[data-initials]", HTMLElement);
    this.update(person);
  }

  /** @param {Person} person */
  update(person) {
    const { element } = this;
    this.screen.show(person.camera);
    write(this.name, person.isLocal ? interpolate(gettext("%s (you)"), [person.name]) : person.name);
    write(this.initials, initialsOf(person.name));
    element.classList.toggle("mine", person.isLocal);
    element.classList.toggle("speaking", person.isSpeaking && person.microphoneOn);
    element.classList.toggle("faceless", person.camera === null);
    find(element, "[data-muted]", HTMLElement).hidden = person.microphoneOn;
    find(element, "[data-no-camera]", HTMLElement).hidden = person.camera !== null;
    find(element, "[data-guest]", HTMLElement).hidden = !person.isGuest;
    find(element, "[data-weak]", HTMLElement).hidden = !person.isWeak;
    find(element, "[data-hand]", HTMLElement).hidden = person.hand === 0;
    write(find(element, "[data-hand-place]", HTMLElement), String(person.hand));
    write(find(element, "[data-reaction]", HTMLElement), person.reaction);
    write(find(element, "[data-card]", HTMLElement), cardText(person.card));
  }

  remove() {
    this.screen.show(null);
    this.element.remove();
  }
}

/** A `<video>` that shows one track at a time. */
export class Picture {
  /** @type {VideoTrack | null} */
  #track = null;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.video = video;
  }

  /** @param {VideoTrack | null} track */
  show(track) {
    if (track === this.#track) return;
    this.#track?.detach(this.video);
    this.#track = track;
    track?.attach(this.video);
  }
}

/**
 * Change a text only when it differs, so that screen readers are not disturbed.
 * @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
