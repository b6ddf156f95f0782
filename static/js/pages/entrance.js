/** The room's page until the person enters; the call itself comes while they look at themselves. */

import { Preview } from "../call/preview.js";
import { Before } from "../ui/before.js";
import { find } from "../ui/find.js";

export const root = find(document, "#room", HTMLElement);
export const preview = new Preview();
const call = import("./room.js");

export const before = new Before(
  find(root, "[data-before]", HTMLElement),
  preview,
  (guestName) => void call.then(({ come }) => come(root.dataset.name || guestName)),
);
void preview.start();
