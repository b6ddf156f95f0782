/** Buttons that copy a link and say that they did. */

import { setIcon } from "./find.js";

const DONE_MS = 2000;

/**
 * Put a text on the clipboard.
 * @param {string} text
 * @returns {Promise<boolean>} false where the browser does not allow it
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Make a button with `data-copy` work. It stays hidden without scripts or outside secure origins.
 * @param {HTMLElement} button
 * @param {(text: string) => void} tell
 */
export function enableCopy(button, tell) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    if (!(await copyText(button.dataset.copy ?? ""))) return;
    setIcon(button, "check");
    tell(gettext("Link copied"));
    setTimeout(() => setIcon(button, "link"), DONE_MS);
  });
}
