/** The page before entering: preview, level, devices, name. */

import { loadChoices, saveChoices } from "../call/devices.js";
import { enableDevices, fillDevices } from "./device_select.js";
import { find, setIcon } from "./find.js";
import { showInside } from "./inside.js";
import { greetKnown } from "./known_person.js";
import { MicrophoneMeter } from "./microphone_meter.js";
import { enablePermissionHelp } from "./permission_help.js";
import { enableSpeakerTest } from "./speaker_test.js";
import { Picture } from "./picture.js";

/** @typedef {import("../call/preview.js").Preview} Preview */
/** @typedef {import("../call/preview.js").Source} Source */

/** Draws a `Preview` and calls `join` with the name when the person enters. */
export class Before {
  /**
   * @param {HTMLElement} root
   * @param {Preview} preview
   * @param {(name: string) => void} join
   */
  constructor(root, preview, join) {
    this.root = root;
    this.preview = preview;
    this.picture = new Picture(find(root, "[data-video]", HTMLVideoElement));
    this.meter = new MicrophoneMeter(root);
    this.button = find(root, "[data-join]", HTMLButtonElement);
    this.name = root.querySelector("[data-guest-name]");
    this.#fillName();
    this.#listen(join);
    enablePermissionHelp(root, preview);
    enableSpeakerTest(root);
    greetKnown(root, preview);
    showInside(root);
    this.#draw();
  }

  #fillName() {
    if (this.name instanceof HTMLInputElement) this.name.value = loadChoices().name;
  }

  /** @param {(name: string) => void} join */
  #listen(join) {
    this.preview.addEventListener("change", () => this.#draw());
    for (const source of /** @type {Source[]} */ (["microphone", "camera"])) {
      this.#toggleOf(source).addEventListener("click", () => void this.preview.toggle(source));
    }
    enableDevices(this.root, (kind, deviceId) => {
      if (kind === "speaker") saveChoices({ speaker: deviceId });
      else void this.preview.choose(kind, deviceId);
    });
    find(this.root, "[data-join-form]", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.button.ariaDisabled) return;
      this.button.ariaDisabled = "true"; // and not `disabled`, which would take the focus away
      saveChoices({ hasEntered: true });
      join(this.#chosenName());
    });
  }

  #chosenName() {
    if (!(this.name instanceof HTMLInputElement)) return "";
    const name = this.name.value.trim();
    saveChoices({ name });
    return name;
  }

  /**
   * @param {Source} source
   * @returns {HTMLElement}
   */
  #toggleOf(source) {
    return find(this.root, `[data-toggle="${source}"]`, HTMLElement);
  }

  #draw() {
    const { microphone, camera, problems } = this.preview;
    this.picture.show(camera);
    this.picture.video.hidden = camera === null;
    find(this.root, "[data-empty]", HTMLElement).hidden = camera !== null;
    find(this.root, "[data-camera-state]", HTMLElement).textContent = cameraState(problems.camera);
    find(this.root, "[data-microphone-state]", HTMLElement).textContent = microphoneState(microphone, problems.microphone);
    this.#drawToggle("microphone", microphone !== null, gettext("Turn the microphone off"), gettext("Turn the microphone on"));
    this.#drawToggle("camera", camera !== null, gettext("Turn the camera off"), gettext("Turn the camera on"));
    this.meter.watch(microphone);
    void fillDevices(this.root);
  }

  /**
   * @param {Source} source
   * @param {boolean} isOn
   * @param {string} turnOff
   * @param {string} turnOn
   */
  #drawToggle(source, isOn, turnOff, turnOn) {
    const button = this.#toggleOf(source);
    const icon = source === "microphone" ? "mic" : "camera";
    button.classList.toggle("off", !isOn);
    setIcon(button, isOn ? icon : `${icon}-off`);
    find(button, "[data-label]", HTMLElement).textContent = isOn ? turnOff : turnOn;
  }

  /** Hide the page; the call takes over. */
  close() {
    this.meter.watch(null);
    this.picture.show(null);
    this.root.hidden = true;
  }

  /**
   * Show the page again with what went wrong.
   * @param {string} message
   */
  reopen(message) {
    this.root.hidden = false;
    this.button.ariaDisabled = null;
    find(this.root, "[data-trouble]", HTMLElement).hidden = false;
    find(this.root, "[data-trouble-text]", HTMLElement).textContent = message;
    this.#draw();
  }
}

/**
 * @param {import("../call/devices.js").Problem | null} problem
 * @returns {string}
 */
function cameraState(problem) {
  if (problem === "denied") return gettext("Your camera is blocked by the browser");
  if (problem === "absent") return gettext("No camera found");
  if (problem === "busy") return gettext("Another program uses your camera");
  if (problem === "background") return gettext("Your background cannot be made here. Choose “No effect”, and your camera starts.");
  return problem ? gettext("Your camera does not start") : gettext("Your camera is off");
}

/**
 * @param {unknown} track
 * @param {import("../call/devices.js").Problem | null} problem
 * @returns {string}
 */
function microphoneState(track, problem) {
  if (track) return gettext("Speak to test your microphone");
  if (problem === "denied") return gettext("Your microphone is blocked by the browser");
  if (problem === "absent") return gettext("No microphone found");
  if (problem === "busy") return gettext("Another program uses your microphone");
  return problem ? gettext("Your microphone does not start") : gettext("Your microphone is off");
}
