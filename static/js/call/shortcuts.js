/** Keyboard shortcuts as values: which keys were pressed, which are fit, which shortcut has which. */

/** @typedef {Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} Press */

/** As visio/preferences/shortcuts.py has it, which has the last word. */
const FIT = /^(?:Control\+)?(?:Alt\+)?(?:Shift\+)?(?:[A-Z0-9]|F[1-9]|F1[0-2]|Space)$/;
const TAKEN = /^(?:Control\+Alt\+.*|Control\+[ACFLNPQRTVWXYZ0-9]|Control\+Shift\+[CIJNPQTVWZ]|Alt\+(?:[DEF]|F4|Space)|F\d+)$/;
const MODIFIERS = ["Control", "Alt", "Shift", "Meta"];

/**
 * Give the keys of a press, such as `Alt+Shift+H`; nothing for a modifier alone. A letter is the one that is written on
 * the key, whatever Alt makes of it; Command counts as Control.
 * @param {Press} press
 * @returns {string}
 */
export function keysOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }) {
  if (MODIFIERS.includes(key) || key === "AltGraph") return "";
  const held = [(ctrlKey || metaKey) && "Control", altKey && "Alt", shiftKey && "Shift"].filter(Boolean);
  return [...held, nameOf(key, code)].join("+");
}

/**
 * @param {string} key
 * @param {string} code
 * @returns {string}
 */
function nameOf(key, code) {
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  if (key === " " || code === "Space") return "Space";
  return /^(?:Key|Digit)([A-Z0-9])$/.exec(code)?.[1] ?? key;
}

/**
 * Say whether these keys type something.
 * @param {string} keys
 */
export function isSingle(keys) {
  return !/(?:Control|Alt)\+/.test(keys);
}

/**
 * Say what speaks against giving these keys to a shortcut.
 * @param {string} keys
 * @param {string} name of the shortcut
 * @param {{shortcuts: Record<string, string>, single_keys: boolean}} values
 * @returns {{code: "" | "unreadable" | "taken" | "single" | "twice", other?: string}}
 */
export function whyNot(keys, name, { shortcuts, single_keys }) {
  if (!FIT.test(keys)) return { code: "unreadable" };
  if (TAKEN.test(keys)) return { code: "taken" };
  if (isSingle(keys) && !single_keys) return { code: "single" };
  const other = Object.keys(shortcuts).find((one) => one !== name && shortcuts[one] === keys);
  return other ? { code: "twice", other } : { code: "" };
}

/**
 * Give the keys of every shortcut: those chosen, else the usual ones, unless they were chosen for another one.
 * @param {Record<string, string>} chosen
 * @param {Record<string, string>} usual
 * @returns {Record<string, string>}
 */
export function effective(chosen, usual) {
  const used = new Set(Object.values(chosen));
  const entries = Object.entries(usual).map(([name, keys]) => [name, chosen[name] ?? (used.has(keys) ? "" : keys)]);
  return Object.fromEntries(entries);
}

/**
 * @param {Record<string, string>} chosen
 * @returns {Record<string, string>}
 */
export function withoutSingles(chosen) {
  return Object.fromEntries(Object.entries(chosen).filter(([, keys]) => !keys || !isSingle(keys)));
}

/**
 * Give keys as `aria-keyshortcuts` wants them on this system.
 * @param {string} keys
 * @param {boolean} isMac
 */
export function ariaKeys(keys, isMac) {
  return isMac ? keys.replace("Control", "Meta") : keys;
}
