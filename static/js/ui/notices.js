/** Short messages that come, are read out, and go. */

import { copyOf, find } from "./find.js";

const SHOWN_MS = 5000;
const MOST = 3;

/**
 * Show a message at the edge of the stage, where it covers no control.
 * @param {string} text
 */
export function notify(text) {
  const list = find(document, "[data-notices]", HTMLElement);
  const notice = copyOf("notice");
  notice.textContent = text;
  list.append(notice);
  while (list.children.length > MOST) list.firstElementChild?.remove();
  setTimeout(() => notice.remove(), SHOWN_MS);
}
