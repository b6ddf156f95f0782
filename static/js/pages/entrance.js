/** The room's page until the person enters; the call itself comes while they look at themselves. */

import { Preview } from "../call/preview.js";
import { Before } from "../ui/before.js";
import { find } from "../ui/find.js";

export const root = find(document, "#room", HTMLElement);
export const preview = new Preview();
export const before = new Before(find(root, "[data-before]", HTMLElement), preview, (guestName) => void go(guestName));

const looks = fetchLater(find(document, "[data-later]", HTMLTemplateElement));
export const started = preview.start();
const call = import("./room.js").catch((error) => void reportError(error));

/** @param {string} guestName */
async function go(guestName) {
  const room = await call;
  await looks;
  if (room) await room.come(root.dataset.name || guestName);
  else before.reopen(gettext("A part of this page is missing. Check your network and reload the page."));
}

/**
 * Fetch what the page names for later: what the call looks like.
 * @param {HTMLTemplateElement} later
 * @returns {Promise<unknown>} done when every style sheet is there, or failed
 */
function fetchLater({ content }) {
  const arrivals = [...content.querySelectorAll("link[rel=stylesheet]")].map(
    (sheet) => new Promise((done) => ["load", "error"].forEach((event) => sheet.addEventListener(event, done))),
  );
  document.head.append(content);
  return Promise.all(arrivals);
}
