/** The bar of controls. */

import { maySend } from "../call/people.js";
import { find, setIcon } from "./find.js";
import { notify } from "./notices.js";

/** @typedef {import("../call/call.js").Call} Call */
/** @typedef {"microphone" | "camera" | "share"} Control */

/** @type {Record<Control, string[]>} the server's names for the source, and for what refuses it */
const SOURCES = { microphone: ["microphone", "use_microphone"], camera: ["camera", "use_camera"], share: ["screen_share", "share_screen"] };
const CONTROLS = /** @type {Control[]} */ (Object.keys(SOURCES));
const ICONS = { microphone: ["mic", "mic-off"], camera: ["camera", "camera-off"], share: ["screen-off", "screen"] };

/** Draws what is on and off, and turns it on and off. */
export class Controls {
  /**
   * @param {HTMLElement} root
   * @param {Call} call
   */
  constructor(root, call) {
    this.root = root;
    this.call = call;
    for (const control of CONTROLS) {
      this.#button(control).addEventListener("click", () => void this.#toggle(control));
    }
    call.addEventListener("refused", (event) => this.#tellRule(/** @type {CustomEvent<string>} */ (event).detail));
    this.#button("share").hidden = !navigator.mediaDevices || !("getDisplayMedia" in navigator.mediaDevices);
    find(root, "[data-leave]", HTMLElement).addEventListener("click", () => void call.leave());
    find(root, "[data-stop-share]", HTMLElement).addEventListener("click", () => void call.setShare(false));
    find(root, "[data-hear]", HTMLElement).addEventListener("click", () => void call.hear());
  }

  /**
   * @param {Control} control
   * @returns {HTMLButtonElement}
   */
  #button(control) {
    return find(this.root, `[data-control="${control}"]`, HTMLButtonElement);
  }

  /** @returns {Record<Control, boolean>} */
  get #states() {
    const { localParticipant } = this.call.room;
    return {
      microphone: localParticipant.isMicrophoneEnabled,
      camera: localParticipant.isCameraEnabled,
      share: localParticipant.isScreenShareEnabled,
    };
  }

  /** @param {Control} control */
  async #toggle(control) {
    const button = this.#button(control);
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    await this.#set(control, !this.#states[control]);
    button.removeAttribute("aria-busy");
    this.render();
  }

  /**
   * @param {Control} control
   * @returns {boolean}
   */
  #isForbidden(control) {
    return !maySend(this.call.room.localParticipant, SOURCES[control][0]);
  }

  /**
   * @param {Control} control
   * @param {boolean} on
   */
  #set(control, on) {
    if (control === "microphone") return this.call.setMicrophone(on);
    return control === "camera" ? this.call.setCamera(on) : this.call.setShare(on);
  }

  /** Draw what is on and off now. */
  render() {
    const states = this.#states;
    this.#draw("microphone", states.microphone, gettext("Turn microphone off"), gettext("Turn microphone on"));
    this.#draw("camera", states.camera, gettext("Turn camera off"), gettext("Turn camera on"));
    this.#draw("share", states.share, gettext("Stop sharing"), gettext("Share screen"));
  }

  /**
   * @param {Control} control
   * @param {boolean} isOn
   * @param {string} turnOff
   * @param {string} turnOn
   */
  #draw(control, isOn, turnOff, turnOn) {
    const button = this.#button(control);
    const isForbidden = !isOn && this.#isForbidden(control);
    button.classList.toggle("forbidden", isForbidden);
    button.setAttribute("aria-disabled", String(isForbidden));
    button.title = isForbidden ? this.#whyNot(control) : "";
    button.classList.toggle("off", !isOn && control !== "share");
    button.classList.toggle("active", isOn && control === "share");
    setIcon(button, ICONS[control][isOn ? 0 : 1]);
    const label = find(button, "[data-label]", HTMLElement);
    if (label.textContent !== (isOn ? turnOff : turnOn)) label.textContent = isOn ? turnOff : turnOn;
  }

  /** @param {string} source */
  #tellRule(source) {
    const control = CONTROLS.find((one) => SOURCES[one][0] === source);
    if (control) notify(this.#whyNot(control));
  }

  /**
   * Give the rule that refuses a source, as the server told it last.
   * @param {Control} control
   * @returns {string}
   */
  #whyNot(control) {
    const action = SOURCES[control][1];
    const told = document.querySelector(`[data-denied-action="${action}"]`)?.textContent;
    return this.call.rights.denied[action] || told || gettext("The rules of this room do not allow it.");
  }
}
