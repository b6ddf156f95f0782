/** Shows how many bytes this meeting has cost. */

import { Traffic } from "../call/traffic.js";
import { find } from "./find.js";

const KILO = 1000;

/**
 * Write a number of bytes as people read it, such as "12.5 MB".
 * @param {number} bytes
 * @param {string} language
 * @returns {string}
 */
export function sizeText(bytes, language) {
  const [unit, divisor] = bytes >= KILO ** 3 ? ["gigabyte", KILO ** 3] : bytes >= KILO ** 2 ? ["megabyte", KILO ** 2] : ["kilobyte", KILO];
  const digits = unit === "kilobyte" ? 0 : 1;
  return new Intl.NumberFormat(language, { style: "unit", unit, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(bytes / divisor);
}

/**
 * Keep the figures below `root` current.
 * @param {ParentNode} root
 * @param {import("livekit-client").Room} room
 */
export function enableTrafficMeter(root, room) {
  const traffic = new Traffic(room);
  const { lang } = document.documentElement;
  traffic.addEventListener("change", () => {
    find(root, "[data-bytes-sent]", HTMLElement).textContent = sizeText(traffic.total.sent, lang);
    find(root, "[data-bytes-received]", HTMLElement).textContent = sizeText(traffic.total.received, lang);
  });
}
