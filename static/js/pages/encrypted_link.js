/** The settings of an encrypted room: makes links with a key, here in the browser. */

import { keep, kept, linkWith, newLinkKey } from "../call/room_key.js";
import { find } from "../ui/find.js";

const { slug = "" } = find(document, "[data-link-box]", HTMLElement).dataset;
const known = kept(slug);

find(document, "[data-key-link]", HTMLElement).hidden = false;
find(document, "[data-key-new]", HTMLButtonElement).addEventListener("click", () => {
  const key = newLinkKey();
  keep(slug, key);
  show(key);
  find(document, "[data-announce]", HTMLElement).textContent = gettext("The link has a new key now");
});
if (known) show(known);

/** @param {import("../call/room_key.js").RoomKey} key */
function show(key) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (button instanceof HTMLElement) button.dataset.copy = linkWith(button.dataset.copy ?? "", key);
  }
  for (const text of document.querySelectorAll("[data-link]")) text.textContent = linkWith(text.textContent ?? "", key);
  const enter = find(document, "[data-enter]", HTMLAnchorElement);
  enter.href = linkWith(enter.href, key);
  find(document, "[data-key-result]", HTMLElement).hidden = key.kind !== "link";
}
