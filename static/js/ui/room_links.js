/** The links of a room's page: with the key of the room where there is one, which only this browser adds. */

import { linkWith } from "../call/room_key.js";

/**
 * Put a key into every link to the room that the page shows or copies, and into the address bar.
 * @param {HTMLElement} page
 * @param {import("../call/room_key.js").RoomKey} key
 */
export function showLinks(page, key) {
  page.dataset.link = linkWith(page.dataset.link ?? "", key);
  for (const element of page.querySelectorAll("[data-copy]")) {
    if (element instanceof HTMLElement) element.dataset.copy = linkWith(element.dataset.copy ?? "", key);
  }
  for (const element of page.querySelectorAll("[data-link]")) element.textContent = page.dataset.link;
  const address = linkWith(location.href, key);
  if (address !== location.href) history.replaceState(history.state, "", address);
}
