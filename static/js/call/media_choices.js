/** What a person chose for picture, sound and data, kept in this browser. */

/** @typedef {"all" | "saving" | "sound"} Receive */

/**
 * @typedef {object} Media
 * @property {string} background `none`, `light`, `strong` (blur), `image:` and the name of a delivered image, or `own:` and the id of an own one
 * @property {"none" | "browser" | "strong"} noise what is done against noise
 * @property {boolean} echo whether echo is cancelled
 * @property {boolean} stereo whether sound is sent as music: two channels, nothing filtered
 * @property {boolean} mirror whether one sees oneself as in a mirror
 * @property {number} height of the picture that is sent, in lines
 * @property {number} fps pictures a second
 * @property {Receive} receive
 */

const KEY = "visio.media";
const HEIGHTS = [180, 360, 720, 1080];
const RATES = [15, 24, 30];
export const IMAGES = ["dawn", "office", "library", "garden"];
const OWN = /^own:[0-9a-f-]{36}$/;

/** @type {Readonly<Media>} */
const DEFAULTS = { background: "none", noise: "browser", echo: true, stereo: false, mirror: true, height: 720, fps: 30, receive: "all" };

/** @type {{[name in keyof Media]: (value: any) => boolean}} */
const VALID = {
  background: isBackground,
  noise: (value) => ["none", "browser", "strong"].includes(value),
  echo: isBoolean,
  stereo: isBoolean,
  mirror: isBoolean,
  height: (value) => HEIGHTS.includes(value),
  fps: (value) => RATES.includes(value),
  receive: (value) => ["all", "saving", "sound"].includes(value),
};

/** @param {unknown} value */
function isBoolean(value) {
  return typeof value === "boolean";
}

/** @param {unknown} value */
function isBackground(value) {
  if (typeof value !== "string") return false;
  return ["none", "light", "strong", ...IMAGES.map((name) => `image:${name}`)].includes(value) || OWN.test(value);
}

/**
 * Give what was read with everything unknown or out of range replaced by what is usual.
 * @param {unknown} read
 * @returns {Media}
 */
export function valid(read) {
  const given = /** @type {Record<string, unknown>} */ (read && typeof read === "object" ? read : {});
  const right = Object.entries(VALID).filter(([name, check]) => check(given[name]));
  return { ...DEFAULTS, ...Object.fromEntries(right.map(([name]) => [name, given[name]])) };
}

/** Says `change` with the names of what differs, as an array, and `progress` while something that was chosen is prepared. */
class Choices extends EventTarget {
  now = read();

  /** @param {Partial<Media>} changes */
  change(changes) {
    const next = valid({ ...this.now, ...changes });
    const names = Object.keys(next).filter((name) => next[/** @type {keyof Media} */ (name)] !== this.now[/** @type {keyof Media} */ (name)]);
    if (names.length === 0) return;
    this.now = next;
    keep(next);
    this.dispatchEvent(new CustomEvent("change", { detail: names }));
  }

  /** @param {Progress} progress */
  tell(progress) {
    this.dispatchEvent(new CustomEvent("progress", { detail: progress }));
  }
}

/** `broken` is what was ready before. @typedef {{choice: "background" | "noise", state: "preparing" | "ready" | "failed" | "broken"}} Progress */

/** @returns {Media} */
function read() {
  try {
    return valid(JSON.parse(localStorage.getItem(KEY) ?? "{}"));
  } catch {
    return { ...DEFAULTS };
  }
}

/** A browser that forbids storage forgets. @param {Media} chosen */
function keep(chosen) {
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    return;
  }
}

/** The one set of choices of this page. */
export const media = new Choices();
