/** Tells of devices and shared screens: short notices for what works by itself, a banner for what needs the person. */

import { DeviceWatch } from "../call/device_watch.js";
import { media } from "../call/media_choices.js";
import { riskOf, sharedBy } from "../call/sharing.js";
import { find } from "./find.js";
import { notify } from "./notices.js";
import { lostBackgroundText, progressText } from "./settings_media.js";

/** @typedef {import("../call/call.js").Call} Call */
/** @typedef {import("../call/device_watch.js").Change} Change */
/** @typedef {import("../call/media_choices.js").Progress} Progress */
/** @typedef {import("../call/device_watch.js").Opened} Opened */
/** @typedef {{text: string, retry: (() => unknown) | null}} Advice what to know, and what a press tries again */

/** Draws the banner below `root`. */
export class MediaNotices {
  /** @type {Advice | null} */
  #advice = null;
  /** @type {MediaStreamTrack | undefined} the screen of which was told */
  #told;

  /**
   * @param {HTMLElement} root
   * @param {Call} call
   */
  constructor(root, call) {
    this.call = call;
    this.banner = find(root, "[data-media-banner]", HTMLElement);
    this.action = find(this.banner, "[data-media-action]", HTMLButtonElement);
    this.action.addEventListener("click", () => this.#act());
    find(this.banner, "[data-media-close]", HTMLElement).addEventListener("click", () => this.#advise(null));
    this.#listen(new DeviceWatch(call));
  }

  /** @param {DeviceWatch} watch */
  #listen(watch) {
    watch.addEventListener("change", (event) => notify(changeText(/** @type {CustomEvent<Change>} */ (event).detail)));
    watch.addEventListener("revoked", (event) => this.#retry(/** @type {CustomEvent<Opened>} */ (event).detail, revokedText));
    watch.addEventListener("stopped", (event) => this.#retry(/** @type {CustomEvent<Opened>} */ (event).detail, stoppedText));
    this.call.addEventListener("trouble", (event) => this.#hearTrouble(/** @type {CustomEvent<string>} */ (event).detail));
    this.call.addEventListener("change", () => this.#lookAtShare());
    media.addEventListener("progress", (event) => this.#hear(/** @type {CustomEvent<Progress>} */ (event).detail));
  }

  /** @param {Progress} progress */
  #hear({ choice, state }) {
    if (state === "failed" && choice === "noise" && this.call.state === "inside") notify(progressText(choice, state));
  }

  /** @param {string} problem */
  #hearTrouble(problem) {
    const { wanted, room } = this.call;
    if (problem === "background") this.#advise({ text: lostBackgroundText(), retry: () => this.call.setCamera(true) });
    if (problem === "busy") this.#retry(wanted.camera && !room.localParticipant.isCameraEnabled ? "camera" : "microphone", busyText);
  }

  /**
   * @param {Opened} kind
   * @param {Record<Opened, () => string>} texts
   */
  #retry(kind, texts) {
    const retry = () => (kind === "camera" ? this.call.setCamera(true) : this.call.setMicrophone(true));
    this.#advise({ text: texts[kind](), retry });
  }

  #lookAtShare() {
    const track = sharedBy(this.call.room.localParticipant);
    if (track === this.#told) return;
    this.#told = track;
    const risk = track ? riskOf(track) : null;
    if (risk) this.#advise({ text: RISKS[risk](), retry: null });
    else if (this.#advice?.retry === null) this.#advise(null);
  }

  /** @param {Advice | null} advice */
  #advise(advice) {
    this.#advice = advice;
    this.banner.hidden = advice === null;
    find(this.banner, "[data-media-text]", HTMLElement).textContent = advice?.text ?? "";
    this.action.hidden = !advice?.retry;
  }

  #act() {
    const advice = this.#advice;
    this.#advise(null);
    void advice?.retry?.();
  }
}

/** @type {Record<import("../call/sharing.js").Risk, () => string>} */
const RISKS = {
  self: () => gettext("You are sharing this very meeting: the others see themselves in an endless tunnel of pictures."),
  screen: () => gettext("You are sharing your whole screen, with this meeting and every message that appears on it. One window alone is safer, and gives no tunnel of pictures."),
};
/** @type {Record<Opened, () => string>} */
const revokedText = {
  camera: () => gettext("Your browser no longer gives access to your camera. Allow it beside the address, then try again."),
  microphone: () => gettext("Your browser no longer gives access to your microphone. Allow it beside the address, then try again."),
};
/** @type {Record<Opened, () => string>} */
const stoppedText = {
  camera: () => gettext("Your camera has stopped. It may be unplugged, or another program uses it."),
  microphone: () => gettext("Your microphone has stopped. It may be unplugged, or another program uses it."),
};
/** @type {Record<Opened, () => string>} */
const busyText = {
  camera: () => gettext("Another program uses your camera. Close it there, then try again."),
  microphone: () => gettext("Another program uses your microphone. Close it there, then try again."),
};

/** @type {Record<Change["what"], Record<Change["kind"], () => string>>} */
const CHANGES = {
  gone: {
    microphone: () => gettext("The microphone %s is unplugged. Another one is used."),
    camera: () => gettext("The camera %s is unplugged. Another one is used."),
    speaker: () => gettext("The loudspeaker %s is unplugged. Another one is used."),
  },
  none: {
    microphone: () => gettext("The microphone %s is unplugged, and there is no other."),
    camera: () => gettext("The camera %s is unplugged, and there is no other."),
    speaker: () => gettext("The loudspeaker %s is unplugged, and there is no other."),
  },
  back: {
    microphone: () => gettext("The microphone %s is back and is used again."),
    camera: () => gettext("The camera %s is back and is used again."),
    speaker: () => gettext("The loudspeaker %s is back and is used again."),
  },
};

/**
 * @param {Change} change
 * @returns {string}
 */
function changeText({ kind, what, label }) {
  return interpolate(CHANGES[what][kind](), [label]);
}
