/** Somebody who has entered before in this browser sees a short page: one click, or Enter, and they are in. */

import { loadChoices } from "../call/devices.js";
import { find } from "./find.js";

const WIDE = "(min-width: 56.0625rem)";

/**
 * Fold what is remembered away. Devices are shown again when one does not start.
 * @param {HTMLElement} root
 * @param {import("../call/preview.js").Preview} preview
 */
export function greetKnown(root, preview) {
  const devices = find(root, "[data-devices]", HTMLDetailsElement);
  const { hasEntered, name } = loadChoices();
  const needsName = root.querySelector("[data-guest-name]") !== null;
  const isKnown = hasEntered && (name !== "" || !needsName);
  devices.open = !isKnown && matchMedia(WIDE).matches;
  if (!isKnown) return;
  root.classList.add("known");
  if (document.activeElement === document.body) find(root, "[data-join]", HTMLButtonElement).focus({ preventScroll: true });
  preview.addEventListener("change", () => {
    const { microphone, camera } = preview.problems;
    if (microphone || camera) devices.open = true;
  });
}
