/** Boxes and buttons of a page that show preferences and change them; and what preferences change of the page itself. */

import { Preferences } from "../call/preferences.js";
import { find } from "./find.js";

/** @typedef {import("../call/preferences.js").Values} Values */

/**
 * Give the preferences that the element `root` carries.
 * @param {HTMLElement} root
 * @returns {Preferences}
 */
export function preferencesOf(root) {
  const isAccount = "account" in document.documentElement.dataset;
  const csrf = () => find(document, '[name="csrfmiddlewaretoken"]', HTMLInputElement).value;
  const preferences = new Preferences(JSON.parse(root.dataset.preferences ?? "{}"), { isAccount, csrf });
  preferences.addEventListener("change", () => applyAppearance(preferences.values));
  return preferences;
}

/**
 * Connect every field below `root`, its sample of captions and the line that says whether changes were kept.
 * @param {HTMLElement} root
 * @param {Preferences} preferences
 */
export function enableFields(root, preferences) {
  const fields = [...root.querySelectorAll("input")].filter(({ dataset }) => dataset.preference);
  const status = find(root, "[data-preferences-status]", HTMLElement);
  const draw = () => {
    for (const field of fields) field.checked = isChosen(field, preferences.values);
    drawSample(find(root, "[data-captions-sample]", HTMLElement), preferences.values);
    status.textContent = "";
  };
  for (const field of fields) {
    field.addEventListener("change", () => preferences.set(changeOf(field)));
  }
  preferences.addEventListener("change", draw);
  preferences.addEventListener("kept", () => (status.textContent = gettext("Kept")));
  preferences.addEventListener("trouble", () => (status.textContent = gettext("This could not be kept.")));
  draw();
}

/**
 * Let the buttons below `root` play the sounds of notices.
 * @param {HTMLElement} root
 * @param {Preferences} preferences
 * @param {import("../call/chimes.js").Chimes} chimes
 */
export function enableChimes(root, preferences, chimes) {
  for (const button of root.querySelectorAll("[data-chime]")) {
    const kind = /** @type {import("../call/preferences.js").Kind} */ (button.getAttribute("data-chime"));
    button.addEventListener("click", () => void chimes.play(kind, preferences.values.loudness));
  }
}

/**
 * @param {HTMLInputElement} field
 * @param {{[name: string]: any}} values
 * @returns {boolean}
 */
function isChosen({ type, value, dataset: { preference = "", kind } }, values) {
  const current = values[preference];
  if (type === "radio") return current === value;
  return Boolean(kind ? current[kind] : current);
}

/** @param {HTMLInputElement} field */
function changeOf({ type, value, checked, dataset: { preference = "", kind } }) {
  if (type === "radio") return { [preference]: value };
  return { [preference]: kind ? { [kind]: checked } : checked };
}

/** @param {Values} values */
function applyAppearance({ text_size: textSize, contrast, motion, font }) {
  Object.assign(document.documentElement.dataset, { textSize, contrast, motion, font });
}

/**
 * Show captions as they will look.
 * @param {HTMLElement} sample
 * @param {Values} values
 */
function drawSample(sample, { captions_size, captions_colours, captions_position }) {
  Object.assign(sample.dataset, { captionsSize: captions_size, captionsColours: captions_colours, captionsPosition: captions_position });
}
