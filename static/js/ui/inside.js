/** Who is in the meeting already, on the page before entering: asked when the page is shown. */

import { find } from "./find.js";

/** @typedef {{count?: number, elsewhere?: boolean, names?: string[]}} Inside what the server tells this person */

const FRESH_MS = 15_000;

/**
 * Show it now, and anew when somebody comes back to this tab after a while.
 * @param {HTMLElement} root
 */
export function showInside(root) {
  const line = find(root, "[data-inside]", HTMLElement);
  let asked_ms = -FRESH_MS;
  const look = async () => {
    if (!line.dataset.inside || root.hidden || document.hidden || performance.now() - asked_ms < FRESH_MS) return;
    asked_ms = performance.now();
    const text = sentenceOf(await ask(line.dataset.inside));
    line.hidden = text === "";
    find(line, "[data-inside-text]", HTMLElement).textContent = text;
  };
  document.addEventListener("visibilitychange", () => void look());
  void look();
}

/**
 * @param {string} address
 * @returns {Promise<Inside>}
 */
async function ask(address) {
  try {
    const response = await fetch(address, { cache: "no-store" });
    return response.ok ? await response.json() : {};
  } catch {
    return {};
  }
}

/**
 * Say who is inside, as much as the server told.
 * @param {Inside} inside
 * @returns {string}
 */
export function sentenceOf({ count, elsewhere, names = [] }) {
  if (count === undefined) return "";
  const others = count === 0 ? gettext("Nobody else is here yet.") : othersOf(count, names);
  return elsewhere ? `${gettext("You are in this meeting already, elsewhere: entering here ends it there.")} ${others}` : others;
}

/**
 * @param {number} count
 * @param {string[]} names
 * @returns {string}
 */
function othersOf(count, names) {
  const more = count - names.length;
  if (names.length === 0) return interpolate(ngettext("%s person is here.", "%s people are here.", count), [String(count)]);
  if (more > 0) return interpolate(ngettext("%s and %s more are here.", "%s and %s more are here.", more), [names.join(", "), String(more)]);
  const listed = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" }).format(names);
  return interpolate(ngettext("%s is here.", "%s are here.", count), [listed]);
}
