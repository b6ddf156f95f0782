/** The microphone is on while keys are held, and off again when they are let go. */

/** Follows the keys, whatever time the microphone takes. */
export class PushToTalk {
  #isHeld = false;
  #isOn = false;
  #isBusy = false;

  /** @param {import("./call.js").Call} call */
  constructor(call) {
    this.call = call;
  }

  /** Keys are down; a microphone that is on already stays so. */
  press() {
    if (this.#isHeld || this.call.room.localParticipant.isMicrophoneEnabled) return;
    this.#isHeld = true;
    void this.#follow();
  }

  /** Keys are up, or the window is no longer in front. */
  release() {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    void this.#follow();
  }

  async #follow() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#isOn !== this.#isHeld) {
      this.#isOn = this.#isHeld;
      await this.call.setMicrophone(this.#isOn);
    }
    this.#isBusy = false;
  }
}
