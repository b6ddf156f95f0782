/** The key of an encrypted room: read from a link's fragment or typed, kept for this tab, never sent anywhere. */

/** 24 random bytes as La Suite Meet writes them. */
const LINK_KEY = /^#([0-9a-f]{48})$/;
const LINK_KEY_BYTES = 24;
/** The links of rooms, with whatever stands before and after their code. */
const ROOM_LINK = /(?:^|\/)([a-z]{3}-[a-z]{4}-[a-z]{3})(?=$|[/?#])/;
const STORED = "visio.key.";

/**
 * The secret of a room: `link` is a random key that stands in the link, `passphrase` is what people agreed on.
 * @typedef {{kind: "link" | "passphrase", text: string}} RoomKey
 */

/**
 * Make a new random key.
 * @returns {RoomKey}
 */
export function newLinkKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(LINK_KEY_BYTES));
  return { kind: "link", text: [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
}

/**
 * Read what somebody typed: a passphrase, a key, or a whole link with one.
 * @param {string} typed
 * @returns {RoomKey | null}
 */
export function readTyped(typed) {
  const text = typed.normalize("NFC").trim();
  const key = keyOf(`#${text.split("#").at(-1)}`);
  return key ?? (text ? { kind: "passphrase", text } : null);
}

/**
 * Give the key in the fragment of an address.
 * @param {string} fragment with its #
 * @returns {RoomKey | null}
 */
export function keyOf(fragment) {
  const found = LINK_KEY.exec(fragment);
  return found ? { kind: "link", text: found[1] } : null;
}

/**
 * Keep the key that stands in an address, for it is lost by the first redirect.
 * @param {string} address
 */
export function keepKeyOf(address) {
  const [before, ...after] = address.split("#");
  const slug = ROOM_LINK.exec(before.toLowerCase())?.[1];
  const key = keyOf(`#${after.join("#")}`);
  if (slug && key) keep(slug, key);
}

/**
 * Remember a key until this tab is closed; a browser that forbids storage just forgets.
 * @param {string} slug
 * @param {RoomKey} key
 */
export function keep(slug, key) {
  try {
    sessionStorage.setItem(STORED + slug, JSON.stringify(key));
  } catch {
    return;
  }
}

/**
 * Give the key that this tab knows.
 * @param {string} slug
 * @returns {RoomKey | null}
 */
export function kept(slug) {
  try {
    const { kind, text } = JSON.parse(sessionStorage.getItem(STORED + slug) ?? "null") ?? {};
    return typeof text === "string" && (kind === "link" || kind === "passphrase") ? { kind, text } : null;
  } catch {
    return null;
  }
}

/**
 * Give a link with the key in its fragment; a passphrase never goes into a link.
 * @param {string} link
 * @param {RoomKey | null} key
 * @returns {string}
 */
export function linkWith(link, key) {
  const [bare] = link.split("#");
  return key?.kind === "link" ? `${bare}#${key.text}` : bare;
}
