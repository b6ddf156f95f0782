/** The settings of an encrypted room: makes links with a key, here in the browser. */

import { keep, kept, linkWith, newLinkKey } from "../call/room_key.js";
import { find } from "../ui/find.js";

const box = find(document, "[data-link-box]", HTMLElement);
const { slug = "" } = box.dataset;
const known = kept(slug);

find(document, "[data-key-link]", HTMLElement).hidden = false;
find(document, "[data-key-new]", HTMLButtonElement).addEventListener("click", () => {
  const key = newLinkKey();
  keep(slug, key);
  show(key);
  find(document, "[data-announce]", HTMLElement).textContent = gettext("The link above has a new key");
});
if (known) show(known);

/** @param {import("../call/room_key.js").RoomKey} key */
function show(key) {
  const copy = find(box, "[data-copy]", HTMLElement);
  const enter = find(box, "[data-enter]", HTMLAnchorElement);
  const link = linkWith(copy.dataset.copy ?? "", key);
  copy.dataset.copy = link;
  enter.href = linkWith(enter.href, key);
  find(box, "[data-link]", HTMLElement).textContent = link;
}
