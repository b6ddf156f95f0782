/** End-to-end encryption of one stay in a room: keys for everybody, and what is known of everybody's media. */

import { Decryption } from "./decryption.js";
import { FrameKeys, STEPS, chainOf, comparisonCode, secretOf } from "./frame_keys.js";
import { RoomEvent } from "./livekit.js";

/** @typedef {import("./livekit.js").Room} Room */
/** @typedef {import("./room_key.js").RoomKey} RoomKey */
/**
 * What is known of somebody's media: `sealed` (or nothing is sent), `open` (sent without end-to-end encryption), `locked` (the key
 * here does not open it).
 * @typedef {"sealed" | "open" | "locked"} Seal
 */

const WORKER = new URL("../../vendor/livekit-client/livekit-client.e2ee.worker.mjs", import.meta.url);

/** Says `change` when the code or what is known of somebody's media may differ. */
export class Encryption extends EventTarget {
  /** the comparison code; empty until there is a key */
  code = "";
  /** @type {RoomKey | null} */
  key = null;
  /** @type {Uint8Array<ArrayBuffer> | null} */
  #secret = null;
  /** @type {Set<string>} whose keys the worker has */
  #given = new Set();
  /** our place in our own chain: every connection begins with a key of its own */
  #step = Math.floor(Math.random() * STEPS);
  #frames = new FrameKeys();
  /** @type {Room | null} */
  #room = null;
  /** @type {Decryption | null} */
  #decryption = null;

  /** @param {string} slug of the main room, whose key holds in its groups, too */
  constructor(slug) {
    super();
    this.slug = slug;
  }

  /** Say whether this browser can encrypt media. */
  static get isSupported() {
    return Boolean(crypto.subtle) && ("RTCRtpScriptTransform" in window || "createEncodedStreams" in RTCRtpSender.prototype);
  }

  /** @returns {Pick<import("livekit-client").RoomOptions, "encryption">} what livekit-client's `Room` must be made with */
  get options() {
    if (!Encryption.isSupported) return {};
    return { encryption: { keyProvider: this.#frames, worker: new Worker(WORKER, { type: "module" }) } };
  }

  /**
   * Watch over the one room that was made with `options`.
   * @param {Room} room
   */
  attach(room) {
    this.#room = room;
    this.#decryption = new Decryption(room, () => this.dispatchEvent(new Event("change")));
    room.on(RoomEvent.SignalConnected, () => void this.#giveAll());
    room.on(RoomEvent.ParticipantConnected, ({ identity }) => void this.#give(identity));
    room.on(RoomEvent.EncryptionError, (_error, who) => who && !who.isLocal && this.#decryption?.suspect(who.identity));
    room.on(RoomEvent.ParticipantEncryptionStatusChanged, () => this.dispatchEvent(new Event("change")));
  }

  /**
   * Use this key from now on.
   * @param {RoomKey} key
   */
  async use(key) {
    this.key = key;
    this.#secret = await secretOf(key, this.slug);
    this.code = await comparisonCode(this.#secret, this.slug);
    this.#given.clear();
    await this.#giveAll();
    this.#decryption?.forget();
    this.dispatchEvent(new Event("change"));
  }

  /** Encrypt what is sent from now on: before anything is published. Throws when there is no key. */
  async begin() {
    if (!this.#secret || !this.#room) throw new Error("There is no key");
    this.#step = (this.#step + 1) % STEPS;
    const { identity } = this.#room.localParticipant;
    this.#given.delete(identity);
    await this.#give(identity);
    await this.#room.setE2EEEnabled(true);
  }

  /**
   * Say what is known of somebody's media.
   * @param {string} identity
   * @returns {Seal}
   */
  sealOf(identity) {
    const who = this.#room?.getParticipantByIdentity(identity);
    if (who && who.trackPublications.size > 0 && !who.isEncrypted) return "open";
    return this.#decryption?.failing.has(identity) ? "locked" : "sealed";
  }

  async #giveAll() {
    if (!this.#room) return;
    const { localParticipant, remoteParticipants } = this.#room;
    await Promise.all([localParticipant.identity, ...remoteParticipants.keys()].map((identity) => this.#give(identity)));
  }

  /** @param {string} identity */
  async #give(identity) {
    if (!this.#secret || !identity || this.#given.has(identity)) return;
    this.#given.add(identity);
    const chain = await chainOf(this.#secret, this.slug, identity);
    // The last one set is the one that is used for sending.
    const own = identity === this.#room?.localParticipant.identity ? this.#step : STEPS - 1;
    for (let behind = STEPS - 1; behind >= 0; behind -= 1) {
      const step = (own + STEPS - behind) % STEPS;
      this.#frames.set(identity, chain[step], step);
    }
  }
}
