/** The settings of a room's page: their dialog, before the call and in it, and everything that follows them. */

import { Chimes } from "../call/chimes.js";
import { enableDevices, fillDevices } from "./device_select.js";
import { enableClosing } from "./dialogs.js";
import { find } from "./find.js";
import { Keyboard } from "./keyboard.js";
import { followPreferences } from "./notices.js";
import { enableChimes, enableFields, preferencesOf } from "./preference_fields.js";
import { KeyboardSettings } from "./settings_keyboard.js";
import { Tabs } from "./tabs.js";

/**
 * Connect the settings with a page. Buttons with `data-settings-open` open them, at the section that they name.
 * @param {HTMLElement} stage the call's part of the page
 * @param {import("../call/call.js").Call} call
 * @param {(kind: import("../call/devices.js").DeviceKind, deviceId: string) => unknown} choose
 * @returns {import("../call/preferences.js").Preferences}
 */
export function enableSettings(stage, call, choose) {
  const dialog = find(document, "#settings", HTMLDialogElement);
  const preferences = preferencesOf(dialog);
  const chimes = new Chimes();
  const sections = [...dialog.querySelectorAll("[data-settings]")].filter((one) => one instanceof HTMLElement);
  const tabs = new Tabs(find(dialog, "[data-tabs]", HTMLElement), sections);
  followPreferences(preferences, chimes);
  enableFields(dialog, preferences);
  enableChimes(dialog, preferences, chimes);
  enableDevices(dialog, choose);
  new KeyboardSettings(dialog, preferences);
  new Keyboard(stage, call, preferences);
  enableClosing(dialog);
  preferences.addEventListener("change", () => hushLog(stage, preferences));
  hushLog(stage, preferences);
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-settings-open]"))) {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.closest("dialog")?.close();
      void fillDevices(dialog);
      open(dialog, tabs, button.getAttribute("data-settings-open") ?? "");
    });
  }
  return preferences;
}

/**
 * Have new lines of the open chat read out only to those who want everything.
 * @param {HTMLElement} stage
 * @param {import("../call/preferences.js").Preferences} preferences
 */
function hushLog(stage, { values }) {
  stage.querySelector('[role="log"]')?.setAttribute("aria-live", values.announcements === "all" ? "polite" : "off");
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Tabs} tabs
 * @param {string} name
 */
function open(dialog, tabs, name) {
  tabs.show(name);
  // The call is dark in every look, and so is what lies over it.
  if (document.body.classList.contains("in-call")) dialog.dataset.look = "dark";
  dialog.showModal();
  tabs.focus();
}
