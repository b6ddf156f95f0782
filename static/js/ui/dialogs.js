/** Dialogs that open by a button and close by theirs, by Escape, or by a click beside them. */

import { find } from "./find.js";

/**
 * Connect every `data-open` button below `root` with the dialog it names.
 * @param {ParentNode} root
 */
export function enableDialogs(root) {
  for (const button of root.querySelectorAll("[data-open]")) {
    const dialog = find(document, `#${button.getAttribute("data-open")}`, HTMLDialogElement);
    button.addEventListener("click", () => dialog.showModal());
  }
  for (const dialog of root.querySelectorAll("dialog")) enableClosing(dialog);
}

/**
 * Let a dialog close by its cross or by a click beside it.
 * @param {HTMLDialogElement} dialog
 */
export function enableClosing(dialog) {
  dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && isBeside(dialog, event)) dialog.close();
  });
}

/**
 * @param {HTMLElement} dialog
 * @param {MouseEvent} event
 * @returns {boolean}
 */
function isBeside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
