/** The shared notes of a meeting: a Yjs text that is kept the same here and on the server. */

import { Doc, applyUpdate, encodeStateAsUpdate, encodeStateVector, mergeUpdates } from "./yjs.js";

/** @typedef {{inserted?: string, deleted?: number, kept?: number}} Step one step of a change, from the beginning of the text */

const SYNC = 0;
const STATE = 0;
const MISSING = 1;
const UPDATE = 2;
const ROOT = "notes";
const SEND_MS = 250;
const RESYNC_MS = 15_000;
const PAUSES_MS = [200, 1000, 2000, 5000];
/** Close codes after which coming back would end the same way. */
const FINAL = [1002, 1009, 4403];

/**
 * Says `change` (a `CustomEvent<Step[]>`) when somebody else has written, `state` when the connection or the right to
 * write has changed, and `writing` (a `CustomEvent<string>`, the name) when somebody writes.
 */
export class Notes extends EventTarget {
  #doc = new Doc();
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Uint8Array[]} */
  #waiting = [];
  #cuts = 0;
  #isClosed = false;
  /** @type {number[]} */
  #timers;
  isWritable = false;
  isFull = false;
  gathering = "";

  /** @param {string} slug */
  constructor(slug) {
    super();
    const { protocol, host } = location;
    this.address = `${protocol.replace("http", "ws")}//${host}/ws/rooms/${encodeURIComponent(slug)}/notes/`;
    this.text = this.#doc.getText(ROOT);
    this.#doc.on("update", (/** @type {Uint8Array} */ update, /** @type {unknown} */ origin) => {
      if (origin === this) this.#waiting.push(update);
    });
    this.text.observe(({ delta, transaction }) => {
      if (transaction.origin !== this) this.dispatchEvent(new CustomEvent("change", { detail: delta.map(stepOf) }));
    });
    this.#timers = [
      setInterval(() => this.#flush(), SEND_MS),
      setInterval(() => this.#send(STATE, encodeStateVector(this.#doc)), RESYNC_MS),
    ];
  }

  get isConnected() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Write what is left, and close the document for good. */
  close() {
    this.#flush();
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#socket?.close();
  }

  open() {
    if (this.#isClosed) return;
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () => this.#send(STATE, encodeStateVector(this.#doc)));
    socket.addEventListener("message", ({ data }) => (typeof data === "string" ? this.#hear(JSON.parse(data)) : this.#read(data)));
    socket.addEventListener("close", ({ code }) => {
      if (this.#isClosed) return;
      this.isWritable = false;
      this.#tell();
      if (!FINAL.includes(code)) setTimeout(() => this.open(), PAUSES_MS[Math.min(this.#cuts++, PAUSES_MS.length - 1)]);
    });
  }

  #tell() {
    this.dispatchEvent(new Event("state"));
  }

  /** @param {{type: string, writable?: boolean, gathering?: string, name?: string, code?: string}} heard */
  #hear({ type, writable = false, gathering = "", name = "", code = "" }) {
    if (type === "writing") this.dispatchEvent(new CustomEvent("writing", { detail: name }));
    if (type === "error") this.isFull = code === "full";
    if (type === "welcome") [this.isWritable, this.gathering, this.isFull, this.#cuts] = [writable, gathering, false, 0];
    if (type !== "writing") this.#tell();
  }

  /** @param {ArrayBuffer} data */
  #read(data) {
    const bytes = new Uint8Array(data);
    const content = bytes.subarray(2 + lengthOfNumber(bytes, 2));
    if (bytes[1] !== STATE) applyUpdate(this.#doc, content, "server");
    else if (this.isWritable) this.#send(MISSING, encodeStateAsUpdate(this.#doc, content));
  }

  /**
   * Replace a part of the text.
   * @param {number} at
   * @param {number} deleted
   * @param {string} inserted
   */
  replace(at, deleted, inserted) {
    this.#doc.transact(() => {
      if (deleted) this.text.delete(at, deleted);
      if (inserted) this.text.insert(at, inserted);
    }, this);
  }

  /** Send what was written since the last time, as one; if the notes were full, all that the server lacks. */
  #flush() {
    if (!this.#waiting.length || !this.isConnected || !this.isWritable) return;
    const update = this.#waiting.length > 1 ? mergeUpdates(this.#waiting) : this.#waiting[0];
    this.#waiting = [];
    if (this.isFull) this.#send(STATE, encodeStateVector(this.#doc));
    else this.#send(UPDATE, update);
  }

  /**
   * @param {number} step
   * @param {Uint8Array} content
   */
  #send(step, content) {
    if (!this.#socket || !this.isConnected) return;
    const length = numberOf(content.length);
    this.#socket.send(new Uint8Array([SYNC, step, ...length, ...content]));
  }
}

/**
 * @param {{insert?: unknown, delete?: number, retain?: number}} part
 * @returns {Step}
 */
function stepOf({ insert, delete: deleted, retain }) {
  return { inserted: typeof insert === "string" ? insert : undefined, deleted, kept: retain };
}

/**
 * Write a number as Yjs does: seven bits a byte, the lowest first.
 * @param {number} number
 * @returns {number[]}
 */
function numberOf(number) {
  return number < 128 ? [number] : [(number % 128) + 128, ...numberOf(Math.floor(number / 128))];
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @returns {number}
 */
function lengthOfNumber(bytes, at) {
  return bytes[at] < 128 ? 1 : 1 + lengthOfNumber(bytes, at + 1);
}
