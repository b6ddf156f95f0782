/** For pages of others: puts a meeting into a frame, tells it what to do and hears what happens (docs/embedding.md). */

import { EVENTS, VERSION, read } from "./protocol.js";

/** Of the service from which this module was loaded. */
const SERVICE = new URL(import.meta.url).origin;
const ALLOW = ["camera", "microphone", "display-capture", "autoplay", "fullscreen", "speaker-selection", "picture-in-picture"];

/** How often the frame is greeted until it answers, and how many times: its scripts come after the page itself. */
const HELLO_MS = 250;
const HELLOS = 120;

/**
 * @typedef {object} Options
 * @property {string} [room] the link of a room (abc-defg-hij); without one `join` needs a ticket
 * @property {string} [key] of an end-to-end encrypted room; stays in the browser
 * @property {string} [title] what screen readers call the frame
 */

/**
 * One meeting in a frame. Says `ready`, `joined`, `participants`, `muted`, `left`, `ended` and `trouble`, each a
 * `CustomEvent` whose `detail` holds the fields.
 */
export class VisioMeeting extends EventTarget {
  #frame;
  /** the timer of the greeting, while the frame has not answered */
  #greeting = 0;
  #hear = (/** @type {MessageEvent} */ event) => this.#heard(event);

  /**
   * @param {HTMLElement} place where the frame goes
   * @param {Options} [options]
   */
  constructor(place, { room = "", key = "", title = "Visio" } = {}) {
    super();
    this.#frame = document.createElement("iframe");
    this.#frame.title = title;
    this.#frame.allow = ALLOW.map((feature) => `${feature} ${SERVICE}`).join("; ");
    this.#frame.referrerPolicy = "no-referrer";
    this.#frame.style.cssText = "border: 0; width: 100%; height: 100%";
    this.#frame.addEventListener("load", () => this.#greet());
    const path = room ? `/embed/${encodeURIComponent(room)}/` : "/embed/";
    this.#frame.src = SERVICE + path + (key && `#${encodeURIComponent(key)}`);
    addEventListener("message", this.#hear);
    place.append(this.#frame);
  }

  /** @returns {HTMLIFrameElement} the frame, for its size and look */
  get frame() {
    return this.#frame;
  }

  /**
   * Enter, after `ready`: as a guest called `name`, or with the `ticket` of an integrator.
   * @param {{name?: string, ticket?: string, microphone?: boolean, camera?: boolean}} [how]
   */
  join(how = {}) {
    this.#say("join", how);
  }

  /** @param {boolean} on */
  setMicrophone(on) {
    this.#say("microphone", { on });
  }

  /** @param {boolean} on */
  setCamera(on) {
    this.#say("camera", { on });
  }

  leave() {
    this.#say("leave");
  }

  /** Take the frame away; a meeting in it ends. */
  remove() {
    clearInterval(this.#greeting);
    removeEventListener("message", this.#hear);
    this.#frame.remove();
  }

  #greet() {
    let left = HELLOS;
    clearInterval(this.#greeting);
    this.#greeting = setInterval(() => {
      this.#say("hello");
      left -= 1;
      if (left === 0) clearInterval(this.#greeting);
    }, HELLO_MS);
  }

  /**
   * @param {string} type
   * @param {object} [fields]
   */
  #say(type, fields = {}) {
    this.#frame.contentWindow?.postMessage({ ...fields, visio: VERSION, type }, SERVICE);
  }

  /** @param {MessageEvent} event */
  #heard({ origin, source, data }) {
    if (origin !== SERVICE || source !== this.#frame.contentWindow) return;
    const message = read(EVENTS, data);
    if (!message) return;
    const { type, ...detail } = message;
    if (type === "ready") {
      if (this.#greeting === 0) return;
      clearInterval(this.#greeting);
      this.#greeting = 0;
    }
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
