/** The meeting in a small window over other programs: who speaks or the shared screen, with microphone, camera and the way out. */

import { copyOf, find, setIcon } from "./find.js";
import { initialsOf } from "./names.js";
import { Picture } from "./picture.js";

/** @typedef {import("../call/call.js").Call} Call */
/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {"microphone" | "camera"} Source */

const SIZE = { width: 380, height: 300 };

/** Opens a window with controls (document picture-in-picture), else the bare picture; hides its button where there is neither. */
export class SmallWindow {
  /** @type {Window | null} */
  #window = null;
  /** @type {HTMLElement | null} */
  #body = null;
  /** @type {Picture | null} */
  #picture = null;

  /**
   * @param {HTMLElement} root
   * @param {Stage} stage
   * @param {Call} call
   */
  constructor(root, stage, call) {
    this.root = root;
    this.stage = stage;
    this.call = call;
    this.button = find(root, "[data-small-window]", HTMLButtonElement);
    this.button.hidden = !window.documentPictureInPicture && !document.pictureInPictureEnabled;
    this.button.addEventListener("click", () => void this.#toggle());
    stage.addEventListener("drawn", () => this.#draw());
    call.addEventListener("state", () => call.state === "ended" && this.close());
  }

  /** Close the small window. */
  close() {
    this.#window?.close();
    if (document.pictureInPictureElement) void document.exitPictureInPicture();
  }

  async #toggle() {
    if (this.#window || document.pictureInPictureElement) this.close();
    else if (window.documentPictureInPicture) await this.#open(window.documentPictureInPicture);
    else await this.#openPicture();
  }

  /** The picture alone, where the browser cannot show more; the person who is not shown cannot be opened. */
  async #openPicture() {
    const { first } = this.stage;
    const parent = first?.isShare ? this.stage.figures.share : this.stage.figures.tileOf(first?.id ?? "");
    await parent?.querySelector("video")?.requestPictureInPicture().catch(() => undefined);
  }

  /** @param {{requestWindow(size: {width: number, height: number}): Promise<Window>}} api */
  async #open(api) {
    const opened = await api.requestWindow(SIZE).catch(() => null);
    if (!opened) return;
    this.#window = opened;
    dress(opened.document);
    const body = /** @type {HTMLElement} */ (opened.document.adoptNode(copyOf("small-window")));
    opened.document.body.append(body);
    this.#body = body;
    this.#picture = new Picture(/** @type {HTMLVideoElement} */ (body.querySelector("video")));
    this.#press("microphone", () => void this.call.setMicrophone(!this.#isOn("microphone")));
    this.#press("camera", () => void this.call.setCamera(!this.#isOn("camera")));
    this.#press("leave", () => void this.call.leave());
    opened.addEventListener("pagehide", () => this.#closed());
    this.#draw();
  }

  #closed() {
    this.#picture?.show(null);
    this.#window = this.#body = this.#picture = null;
  }

  /**
   * @param {string} control
   * @param {() => void} act
   */
  #press(control, act) {
    this.#part(`[data-small="${control}"]`)?.addEventListener("click", act);
  }

  /** @param {Source} source */
  #isOn(source) {
    const { isMicrophoneEnabled, isCameraEnabled } = this.call.room.localParticipant;
    return source === "microphone" ? isMicrophoneEnabled : isCameraEnabled;
  }

  /**
   * Elements of another window are of its own types.
   * @param {string} selector
   * @returns {HTMLElement | null}
   */
  #part(selector) {
    return this.#body?.querySelector(selector) ?? null;
  }

  #draw() {
    const { first } = this.stage;
    if (!this.#body || !first) return;
    const { person, isShare } = first;
    const track = isShare ? person.share : person.camera;
    this.#picture?.show(track);
    this.#body.classList.toggle("faceless", track === null);
    this.#body.classList.toggle("sharing", isShare);
    this.#body.classList.toggle("mine", person.isLocal);
    this.#write("[data-name]", isShare ? interpolate(gettext("Screen of %s"), [person.name]) : person.name);
    this.#write("[data-initials]", initialsOf(person.name));
    this.#drawControl("microphone", "mic", gettext("Turn microphone off"), gettext("Turn microphone on"));
    this.#drawControl("camera", "camera", gettext("Turn camera off"), gettext("Turn camera on"));
  }

  /**
   * @param {Source} source
   * @param {string} icon
   * @param {string} turnOff
   * @param {string} turnOn
   */
  #drawControl(source, icon, turnOff, turnOn) {
    const button = this.#part(`[data-small="${source}"]`);
    const isOn = this.#isOn(source);
    if (!button || button.dataset.on === String(isOn)) return;
    button.dataset.on = String(isOn);
    button.classList.toggle("off", !isOn);
    setIcon(button, isOn ? icon : `${icon}-off`);
    this.#write(`[data-small="${source}"] [data-label]`, isOn ? turnOff : turnOn);
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #write(selector, text) {
    const part = this.#part(selector);
    if (part && part.textContent !== text) part.textContent = text;
  }
}

/**
 * Give another window this page's language, title, look as preferred, and style sheets.
 * @param {Document} other
 */
function dress(other) {
  other.documentElement.lang = document.documentElement.lang;
  Object.assign(other.documentElement.dataset, document.documentElement.dataset, { look: "dark" });
  other.title = document.title;
  const sheets = document.querySelectorAll('link[rel="stylesheet"]');
  other.head.append(...[...sheets].map((sheet) => {
    const link = other.createElement("link");
    link.rel = "stylesheet";
    link.href = /** @type {HTMLLinkElement} */ (sheet).href;
    return link;
  }));
}
