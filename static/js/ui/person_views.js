/** What this browser's person may change of their own view of somebody; nobody else notices. */

import { fill } from "./full_screen.js";

/** @typedef {import("../call/people.js").Person} Person */
/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {{icon: string, label: () => string, act: () => void}} View */

/**
 * Give what is offered for one person.
 * @param {Person} person
 * @param {Stage} stage
 * @returns {View[]}
 */
export function viewsOf(person, stage) {
  const isPinned = stage.isPinned(person.key);
  const label = isPinned ? () => gettext("Unpin") : () => gettext("Pin for me");
  const tile = stage.figures.tileOf(person.key);
  /** @type {View[]} */
  const views = [{ icon: "pin", label, act: () => stage.togglePin(person) }];
  if (tile && document.fullscreenEnabled && person.camera) {
    views.push({ icon: "fill", label: () => gettext("Full screen"), act: () => fill(tile) });
  }
  return views;
}
