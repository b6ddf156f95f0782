/** Dialogs that open by a button and close by theirs, by Escape, or by a click beside them. */

import { find } from "./find.js";

/**
 * Connect every `data-open` button below `root` with the dialog it names.
 * @param {ParentNode} root
 * @param {(id: string) => void} opening called before a dialog is shown
 */
export function enableDialogs(root, opening) {
  for (const button of root.querySelectorAll("[data-open]")) {
    const id = button.getAttribute("data-open") ?? "";
    const dialog = find(document, `#${id}`, HTMLDialogElement);
    button.addEventListener("click", () => {
      opening(id);
      dialog.showModal();
    });
  }
  for (const dialog of root.querySelectorAll("dialog")) enableClosing(dialog);
}

/** @param {HTMLDialogElement} dialog */
function enableClosing(dialog) {
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
