/** Which browser and system this is, as far as advice differs: never to decide what may be used. */

/** @typedef {"chrome" | "edge" | "firefox" | "safari" | "ios" | "android" | "other"} Browser */
/** @typedef {"windows" | "mac" | "other"} System */
/** @typedef {{userAgent: string, maxTouchPoints: number}} Agent */

/** The first that fits; Edge and Opera name Chrome as well, and every browser of a phone is its system's here. */
const BROWSERS = /** @type {[RegExp, Browser][]} */ ([
  [/iPhone|iPad|iPod/u, "ios"],
  [/Android/u, "android"],
  [/Edg\//u, "edge"],
  [/Firefox\//u, "firefox"],
  [/Chrome\/|Chromium\//u, "chrome"],
  [/Macintosh.*Version\/.*Safari\//u, "safari"],
]);

/**
 * Give the browser. An iPad names itself a Macintosh, whose screens cannot be touched.
 * @param {Agent} [agent]
 * @returns {Browser}
 */
export function browserOf({ userAgent, maxTouchPoints } = navigator) {
  const found = BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? "other";
  return found === "safari" && maxTouchPoints > 1 ? "ios" : found;
}

/**
 * Give the system, where it has a lock of its own on devices that browsers do not show.
 * @param {Agent} [agent]
 * @returns {System}
 */
export function systemOf(agent = navigator) {
  if (["ios", "android"].includes(browserOf(agent))) return "other";
  if (/Windows/u.test(agent.userAgent)) return "windows";
  return /Macintosh/u.test(agent.userAgent) ? "mac" : "other";
}
