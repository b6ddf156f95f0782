/** Short messages that come, are heard and read out, and go. */

import { fateOf } from "../call/notice_rules.js";
import { copyOf, find } from "./find.js";

/** @typedef {import("../call/notice_rules.js").Matter} Matter */

const SHOWN_MS = 5000;
const MOST = 3;

/** What is here until the page has read the preferences: every notice is seen and read out. */
const place = {
  /** @type {import("../call/preferences.js").Preferences | null} */
  preferences: null,
  /** @type {import("../call/chimes.js").Chimes | null} */
  chimes: null,
};

/**
 * Have notices follow a person's preferences.
 * @param {import("../call/preferences.js").Preferences} preferences
 * @param {import("../call/chimes.js").Chimes} chimes
 */
export function followPreferences(preferences, chimes) {
  Object.assign(place, { preferences, chimes });
}

/**
 * Tell something in the head of the call, where it covers no control.
 * @param {string} text
 * @param {Exclude<Matter, "reaction">} [matter]
 * @param {{isForMe?: boolean}} [about]
 */
export function notify(text, matter = "", { isForMe = false } = {}) {
  const { isShown, isHeard, isSaid } = fate(matter, isForMe);
  if (isShown) show(find(document, "[data-notices]", HTMLElement), text);
  if (isSaid) show(find(document, "[data-read-out]", HTMLElement), text);
  if (isHeard && matter && place.preferences) void place.chimes?.play(matter, place.preferences.values.loudness);
}

/**
 * Have a text read out that the page shows in another way.
 * @param {string} text
 * @param {Matter} matter
 */
export function say(text, matter) {
  if (fate(matter, false).isSaid) show(find(document, "[data-read-out]", HTMLElement), text);
}

/**
 * @param {Matter} matter
 * @param {boolean} isForMe
 */
function fate(matter, isForMe) {
  if (!place.preferences) return { isShown: true, isHeard: false, isSaid: true };
  return fateOf(matter, isForMe, place.preferences.values);
}

/**
 * @param {HTMLElement} list
 * @param {string} text
 */
function show(list, text) {
  const notice = copyOf("notice");
  notice.textContent = text;
  list.append(notice);
  while (list.children.length > MOST) list.firstElementChild?.remove();
  setTimeout(() => notice.remove(), SHOWN_MS);
}
