/** What to do when the browser keeps the microphone or the camera back: in the words of that browser. */

import { browserOf, systemOf } from "../call/browser.js";
import { loadChoices } from "../call/devices.js";
import { find } from "./find.js";

/** @typedef {import("../call/browser.js").Browser} Browser */
/** @typedef {import("../call/preview.js").Preview} Preview */

/**
 * Show the question or the help as it is needed, and try again when the person has allowed it.
 * @param {HTMLElement} root
 * @param {Preview} preview
 */
export function enablePermissionHelp(root, preview) {
  fill(root);
  const asking = find(root, "[data-asking]", HTMLElement);
  preview.addEventListener("change", () => {
    asking.hidden = true;
    const { microphone, camera } = preview.problems;
    find(root, "[data-permission]", HTMLElement).hidden = microphone !== "denied" && camera !== "denied";
  });
  find(root, "[data-permission-again]", HTMLButtonElement).addEventListener("click", () => void preview.start());
  void watch(preview, asking);
}

/** @param {HTMLElement} root */
function fill(root) {
  const items = stepsFor(browserOf()).map((step) => {
    const item = document.createElement("li");
    item.textContent = step;
    return item;
  });
  find(root, "[data-permission-steps]", HTMLElement).replaceChildren(...items);
  const system = find(root, "[data-permission-system]", HTMLElement);
  system.textContent = systemHint();
  system.hidden = system.textContent === "";
}

/**
 * Say that the browser asks while nobody has decided, and look again when what it allows changes.
 * @param {Preview} preview
 * @param {HTMLElement} asking
 */
async function watch(preview, asking) {
  const found = (await Promise.all(["microphone", "camera"].map(permission))).flatMap((one) => one ?? []);
  const isUndecided = found.some(({ state }) => state === "prompt");
  asking.hidden = !isUndecided || !isOpening(preview);
  for (const one of found) {
    one.addEventListener("change", () => {
      const isMissing = preview.problems.microphone === "denied" || preview.problems.camera === "denied";
      if (one.state === "granted" && isMissing) void preview.start();
    });
  }
}

/**
 * @param {Preview} preview
 * @returns {boolean} whether a device is wanted of which nothing was heard yet
 */
function isOpening({ microphone, camera, problems }) {
  const { microphoneOn, cameraOn } = loadChoices();
  const isWanted = (microphoneOn && !problems.microphone) || (cameraOn && !problems.camera);
  return isWanted && microphone === null && camera === null;
}

/**
 * @param {string} name
 * @returns {Promise<PermissionStatus | null>} null in browsers that do not tell
 */
async function permission(name) {
  try {
    return await navigator.permissions.query({ name: /** @type {PermissionName} */ (name) });
  } catch {
    return null;
  }
}

/**
 * Give what a person does in this browser, step by step.
 * @param {Browser} browser
 * @returns {string[]}
 */
export function stepsFor(browser) {
  const again = gettext("Then press “Try again” below.");
  /** @type {Record<Browser, () => string[]>} */
  const steps = {
    chrome: () => [
      gettext("Click the sign to the left of the address of this page."),
      gettext("Switch “Microphone” and “Camera” on."),
      again,
    ],
    edge: () => [
      gettext("Click the lock to the left of the address of this page."),
      gettext("Set “Microphone” and “Camera” to “Allow”."),
      again,
    ],
    firefox: () => [
      gettext("Click the crossed-out microphone or camera to the left of the address of this page."),
      gettext("Remove “Blocked” with the cross beside it."),
      gettext("Then press “Try again” below, and “Allow” when Firefox asks."),
    ],
    safari: () => [
      gettext("In the menu at the top of the screen, choose “Safari”, then the settings for this website."),
      gettext("Set “Camera” and “Microphone” to “Allow”."),
      gettext("Reload this page."),
    ],
    ios: () => [
      gettext("In Safari, tap the sign at the side of the address, then the settings of the website, and allow camera and microphone."),
      gettext("In another browser, open the Settings of the device, choose that browser, and allow microphone and camera."),
      gettext("Reload this page."),
    ],
    android: () => [
      gettext("Tap the sign to the left of the address, then “Permissions”."),
      gettext("Allow the microphone and the camera."),
      gettext("If they are not listed there, allow them for this browser in the settings of the device, under “Apps”."),
    ],
    other: () => [
      gettext("Open what your browser knows of this page, at the side of the address."),
      gettext("Allow the microphone and the camera."),
      again,
    ],
  };
  return steps[browser]();
}

/** @returns {string} where the system itself may hold the devices back; empty where it does not */
function systemHint() {
  const hints = {
    mac: () => gettext("If that does not help: macOS has a lock of its own, under System Settings, “Privacy & Security”."),
    windows: () => gettext("If that does not help: Windows has a lock of its own, under Settings, “Privacy & security”."),
    other: () => "",
  };
  return hints[systemOf()]();
}
