/** The keys of media frames: out of one secret of the room, a chain of keys for each participant. */

import { BaseKeyProvider } from "./livekit.js";

/** @typedef {import("./room_key.js").RoomKey} RoomKey */

/** Steps of a chain that exist at once; frames name theirs in one byte. */
export const STEPS = 8;
const STRETCHING = 600_000;
const SECRET_BITS = 256;
const CODE_GROUPS = 3;
const GROUP_DIGITS = 4;

/** What the worker does with keys: one ring for each participant; a frame with a wrong key is dropped and told. */
const OPTIONS = { sharedKey: false, ratchetWindowSize: 0, failureTolerance: -1, keyringSize: STEPS };

/**
 * Passes keys on to livekit-client's worker, each once: its own memory of them would set every chain back to its
 * beginning whenever somebody publishes.
 */
export class FrameKeys extends BaseKeyProvider {
  constructor() {
    super(OPTIONS);
  }

  /** @override */
  getKeys() {
    return [];
  }

  /**
   * @param {string} identity
   * @param {CryptoKey} key
   * @param {number} step
   */
  set(identity, key, step) {
    this.onSetEncryptionKey(key, identity, step);
  }
}

/**
 * Give the secret of a room out of its key. A passphrase is stretched (PBKDF2), so that guessing takes long.
 * @param {RoomKey} key
 * @param {string} slug
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function secretOf({ kind, text }, slug) {
  if (kind === "link") return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const material = await crypto.subtle.importKey("raw", bytes(text), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(`visio passphrase ${slug}`), iterations: STRETCHING };
  return new Uint8Array(await crypto.subtle.deriveBits(how, material, SECRET_BITS));
}

/**
 * Give the short code that is the same for all who have the same key to the same room.
 * @param {Uint8Array<ArrayBuffer>} secret
 * @param {string} slug
 * @returns {Promise<string>} digits in groups
 */
export async function comparisonCode(secret, slug) {
  const said = bytes(`visio comparison ${slug} `);
  const digest = new DataView(await crypto.subtle.digest("SHA-256", new Uint8Array([...said, ...secret])));
  const group = (/** @type {number} */ index) => digest.getUint32(4 * index) % 10 ** GROUP_DIGITS;
  return Array.from({ length: CODE_GROUPS }, (_, index) => String(group(index)).padStart(GROUP_DIGITS, "0")).join(" ");
}

/**
 * Give the chain of one participant: each key follows from the one before, and none leads back (RFC 5869).
 * @param {Uint8Array<ArrayBuffer>} secret
 * @param {string} slug
 * @param {string} identity
 * @returns {Promise<CryptoKey[]>}
 */
export async function chainOf(secret, slug, identity) {
  const chain = [await derived(secret, slug, `participant ${identity}`)];
  while (chain.length < STEPS) chain.push(await derived(chain[chain.length - 1], slug, "next"));
  return Promise.all(chain.map(imported));
}

/**
 * @param {Uint8Array<ArrayBuffer>} material
 * @param {string} slug
 * @param {string} info
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function derived(material, slug, info) {
  const how = { name: "HKDF", hash: "SHA-256", salt: bytes(`visio ${slug}`), info: bytes(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, await imported(material), SECRET_BITS));
}

/**
 * @param {Uint8Array<ArrayBuffer>} material
 * @returns {Promise<CryptoKey>}
 */
function imported(material) {
  return crypto.subtle.importKey("raw", material, "HKDF", false, ["deriveBits", "deriveKey"]);
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytes(text) {
  return new TextEncoder().encode(text);
}
