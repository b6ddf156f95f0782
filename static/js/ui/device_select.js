/** A `<select>` that lists the devices of one kind and says which one was chosen. */

import { listDevices, loadChoices } from "../call/devices.js";
import { canChoose } from "./speaker_test.js";

/** @typedef {import("../call/devices.js").DeviceKind} DeviceKind */

/**
 * Fill the lists below `root` with what is plugged in now.
 * @param {ParentNode} root
 */
export async function fillDevices(root) {
  const choices = loadChoices();
  for (const select of selectsIn(root)) {
    const kind = kindOf(select);
    const devices = await listDevices(kind);
    select.replaceChildren(...devices.map((device) => new Option(device.label, device.deviceId)));
    if (devices.length === 0) select.append(new Option(gettext("Chosen by your system"), ""));
    if (devices.some((device) => device.deviceId === choices[kind])) select.value = choices[kind];
  }
}

/**
 * Call `choose` with what a person picks, and list anew when something is plugged in or out. The list of loudspeakers is
 * hidden where pages cannot choose one.
 * @param {ParentNode} root
 * @param {(kind: DeviceKind, deviceId: string) => unknown} choose
 */
export function enableDevices(root, choose) {
  for (const select of selectsIn(root)) select.addEventListener("change", () => choose(kindOf(select), select.value));
  for (const field of root.querySelectorAll("[data-speaker]")) field.toggleAttribute("hidden", !canChoose);
  navigator.mediaDevices?.addEventListener("devicechange", () => void fillDevices(root));
}

/**
 * @param {ParentNode} root
 * @returns {HTMLSelectElement[]}
 */
function selectsIn(root) {
  return [...root.querySelectorAll("select")].filter((select) => select.dataset.device);
}

/**
 * @param {HTMLSelectElement} select
 * @returns {DeviceKind}
 */
function kindOf(select) {
  return /** @type {DeviceKind} */ (select.dataset.device);
}
