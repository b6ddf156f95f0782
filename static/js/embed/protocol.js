/** What a page and the meeting in its frame say to each other: two closed tables, and how a message is read. */

/** In every message as `visio`. */
export const VERSION = 1;
const TEXT_MAX = 16_384;
const PEOPLE_MAX = 1_000;

/** @typedef {(value: unknown) => boolean} Kind */
/** @typedef {Record<string, Record<string, Kind>>} Table */
/** @typedef {{type: string} & Record<string, any>} Message */

/** @type {Kind} */
const text = (value) => typeof value === "string" && value.length <= TEXT_MAX;
/** @type {Kind} */
const flag = (value) => typeof value === "boolean";
/** @type {Kind} */
const people = (value) => Array.isArray(value) && value.length <= PEOPLE_MAX && value.every(isPerson);

/**
 * What the page may ask of the meeting. A field may be left out.
 * @type {Table}
 */
export const ORDERS = {
  hello: {},
  join: { name: text, ticket: text, microphone: flag, camera: flag },
  microphone: { on: flag },
  camera: { on: flag },
  leave: {},
};

/**
 * What the meeting tells the page.
 * @type {Table}
 */
export const EVENTS = {
  ready: {},
  joined: { identity: text, name: text },
  participants: { people },
  muted: { microphone: flag, camera: flag },
  left: {},
  ended: { reason: text },
  trouble: { code: text, message: text },
};

/**
 * Give the fields of a message that a table knows; null for everything else.
 * @param {Table} table
 * @param {unknown} said
 * @returns {Message | null}
 */
export function read(table, said) {
  if (typeof said !== "object" || said === null) return null;
  const { visio, type, ...given } = /** @type {Record<string, unknown>} */ (said);
  if (visio !== VERSION || typeof type !== "string" || !Object.hasOwn(table, type)) return null;
  /** @type {Message} */
  const message = { type };
  for (const [name, isOfKind] of Object.entries(table[type])) {
    if (given[name] === undefined) continue;
    if (!isOfKind(given[name])) return null;
    message[name] = given[name];
  }
  return message;
}

/**
 * @param {any} value
 * @returns {boolean}
 */
function isPerson(value) {
  return text(value?.identity) && text(value?.name) && flag(value?.isLocal);
}
