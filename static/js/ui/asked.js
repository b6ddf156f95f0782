/** What a host asks of this person: to turn the microphone or the camera on. The person decides. */

import { answerOf } from "./confirm.js";
import { find } from "./find.js";

/** @typedef {import("../call/live.js").Heard} Heard */

/** Shows who asks, and does what was asked when the person agrees. */
export class Asked {
  /** @param {import("./topics.js").Place} place */
  constructor({ call }) {
    this.call = call;
  }

  /** @param {Heard} heard */
  hear(heard) {
    if (heard.type !== "people.asked" || heard.identity === this.call.room.localParticipant.identity) return;
    if (!this.#isOn(heard.source)) void this.#ask(heard);
  }

  /** @param {string} source */
  #isOn(source) {
    const { isMicrophoneEnabled, isCameraEnabled } = this.call.room.localParticipant;
    return source === "camera" ? isCameraEnabled : isMicrophoneEnabled;
  }

  /** @param {Heard} heard */
  async #ask({ from, source }) {
    const isCamera = source === "camera";
    const dialog = find(document, "#asked", HTMLDialogElement);
    const title = isCamera ? gettext("%s asks you to turn your camera on") : gettext("%s asks you to turn your microphone on");
    find(dialog, "[data-asked-title]", HTMLElement).textContent = interpolate(title, [from]);
    const yes = isCamera ? gettext("Turn camera on") : gettext("Turn microphone on");
    find(dialog, "[data-asked-yes]", HTMLElement).textContent = yes;
    if (!(await answerOf(dialog))) return;
    await (isCamera ? this.call.setCamera(true) : this.call.setMicrophone(true));
  }
}
