/** How keys are written on the page. */

import { find } from "./find.js";

export const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** @type {Record<string, () => string>} */
const NAMES = {
  Control: () => (IS_MAC ? "⌘" : gettext("Ctrl")),
  Alt: () => (IS_MAC ? "⌥" : gettext("Alt")),
  Shift: () => gettext("Shift"),
  Space: () => gettext("Space"),
};

/**
 * Write the keys of every shortcut in the rows below `root`.
 * @param {ParentNode} root
 * @param {Record<string, string>} shortcuts
 */
export function drawKeys(root, shortcuts) {
  for (const row of root.querySelectorAll("[data-shortcut]")) {
    const keys = shortcuts[row.getAttribute("data-shortcut") ?? ""];
    find(row, "[data-keys]", HTMLElement).replaceChildren(...(keys ? keys.split("+").map(keyOf) : [noKeys()]));
  }
}

/** @param {string} name */
function keyOf(name) {
  const key = document.createElement("kbd");
  key.textContent = NAMES[name]?.() ?? name;
  return key;
}

function noKeys() {
  const text = document.createElement("span");
  text.className = "quiet";
  text.textContent = gettext("no keys");
  return text;
}

/**
 * Give keys as one reads them out.
 * @param {string} keys
 */
export function wordsOf(keys) {
  return keys
    .split("+")
    .map((name) => NAMES[name]?.() ?? name)
    .join(" ");
}
