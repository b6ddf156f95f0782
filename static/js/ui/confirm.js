/** Asks once more before something that cannot be taken back. */

import { find } from "./find.js";

/**
 * Ask a question; anything but the red button means no.
 * @param {{title: string, text: string, yes: string}} question
 * @returns {Promise<boolean>}
 */
export function confirm({ title, text, yes }) {
  const dialog = find(document, "#confirm", HTMLDialogElement);
  find(dialog, "[data-confirm-title]", HTMLElement).textContent = title;
  find(dialog, "[data-confirm-text]", HTMLElement).textContent = text;
  find(dialog, "[data-confirm-yes]", HTMLElement).textContent = yes;
  return answerOf(dialog);
}

/**
 * Show a dialog and give whether it was closed with its yes.
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<boolean>}
 */
export function answerOf(dialog) {
  dialog.returnValue = "";
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
