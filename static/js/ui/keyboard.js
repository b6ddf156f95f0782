/** What the keys of the call do. */

import { PushToTalk } from "../call/push_to_talk.js";
import { ariaKeys, isSingle, keysOf } from "../call/shortcuts.js";
import { find } from "./find.js";
import { IS_MAC, drawKeys } from "./keys.js";
import { notify } from "./notices.js";
import { situationOf } from "./situation.js";

const LAYOUTS = 'input[name="layout"]';
/** The controls that shortcuts press. @type {Record<string, string>} */
const CONTROLS = {
  microphone: '[data-control="microphone"]',
  camera: '[data-control="camera"]',
  share: '[data-control="share"]',
  hand: "[data-hand-toggle]",
  chat: '[data-panel-open="chat"]',
  people: '[data-panel-open="people"]',
  layout: LAYOUTS,
  leave: "[data-leave]",
};
/** What also works while a dialog is open. */
const ALWAYS = ["microphone", "camera", "talk"];
const EDITABLE = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
/** What the space bar presses by itself. */
const PRESSABLE = "button, a, summary, input, video, audio, [role=menuitem], [role=option], [role=tab]";

/** Listens to the keys while the call is on the screen. */
export class Keyboard {
  /** the key that must be let go to end what it began */
  #held = "";

  /**
   * @param {HTMLElement} root
   * @param {import("../call/call.js").Call} call
   * @param {import("../call/preferences.js").Preferences} preferences
   */
  constructor(root, call, preferences) {
    this.root = root;
    this.call = call;
    this.preferences = preferences;
    this.talk = new PushToTalk(call);
    this.help = find(document, "#keys-help", HTMLDialogElement);
    preferences.addEventListener("change", () => this.render());
    document.addEventListener("keydown", (event) => this.#press(event));
    document.addEventListener("keyup", (event) => this.#release(event));
    addEventListener("blur", () => this.#letGo());
    document.addEventListener("visibilitychange", () => document.hidden && this.#letGo());
    this.render();
  }

  /** Write the keys in the help and on the controls; what this page has no control for is not listed. */
  render() {
    const { shortcuts } = this.preferences.values;
    drawKeys(this.help, shortcuts);
    for (const [name, selector] of Object.entries(CONTROLS)) {
      const control = this.root.querySelector(selector);
      for (const row of document.querySelectorAll(`tr[data-shortcut="${name}"]`)) row.toggleAttribute("hidden", !control);
      if (shortcuts[name]) control?.setAttribute("aria-keyshortcuts", ariaKeys(shortcuts[name], IS_MAC));
      else control?.removeAttribute("aria-keyshortcuts");
    }
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { shortcuts } = this.preferences.values;
    const keys = keysOf(event);
    const name = keys && Object.keys(shortcuts).find((one) => shortcuts[one] === keys);
    if (!name || this.root.hidden || event.defaultPrevented || event.isComposing || belongsToField(event, keys)) return;
    if (document.querySelector("dialog:modal") && !ALWAYS.includes(name)) return;
    event.preventDefault();
    if (!event.repeat) this.#do(name, event);
  }

  /**
   * @param {string} name
   * @param {KeyboardEvent} event
   */
  #do(name, event) {
    if (name === "announce") notify(situationOf(this.call));
    else if (name === "help") this.help.showModal();
    else if (name === "talk") {
      this.#held = event.code;
      this.talk.press();
    } else this.#click(name);
  }

  /** A control that is hidden here is not for this person; layouts are chosen without their menu. @param {string} name */
  #click(name) {
    const control = this.#control(name);
    if (name === "layout" || control?.checkVisibility()) control?.click();
  }

  /**
   * Give the control; of several among which one is chosen, the next.
   * @param {string} name
   * @returns {HTMLElement | null}
   */
  #control(name) {
    const controls = [...this.root.querySelectorAll(CONTROLS[name])].filter((one) => one instanceof HTMLElement);
    const chosen = controls.findIndex((one) => one instanceof HTMLInputElement && one.checked);
    return controls[(chosen + 1) % controls.length] ?? null;
  }

  /** @param {KeyboardEvent} event */
  #release({ code, key }) {
    if (this.#held && (code === this.#held || ["Control", "Meta", "Alt", "Shift"].includes(key))) this.#letGo();
  }

  #letGo() {
    this.#held = "";
    this.talk.release();
  }
}

/**
 * Say whether what has the focus needs these keys itself.
 * @param {KeyboardEvent} event
 * @param {string} keys
 */
function belongsToField({ target }, keys) {
  if (!(target instanceof Element)) return false;
  if (keys === "Space" && target.closest(PRESSABLE)) return true;
  const typesOnMac = IS_MAC && keys.startsWith("Alt+");
  return (isSingle(keys) || typesOnMac) && target.closest(EDITABLE) !== null;
}
