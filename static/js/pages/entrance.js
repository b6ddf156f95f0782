/** The room's page until the person enters; the call itself comes while they look at themselves. */

import { Preview } from "../call/preview.js";
import { Before } from "../ui/before.js";
import { find } from "../ui/find.js";

export const root = find(document, "#room", HTMLElement);
export const preview = new Preview();
export const before = new Before(find(root, "[data-before]", HTMLElement), preview, (guestName) => void go(guestName));

const call = import("./room.js").catch(() => null);
void preview.start();

/** @param {string} guestName */
async function go(guestName) {
  const room = await call;
  if (room) await room.come(root.dataset.name || guestName);
  else before.reopen(gettext("A part of this page is missing. Check your network and reload the page."));
}
