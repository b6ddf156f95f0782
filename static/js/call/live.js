/** The companion socket of a room: says and hears the messages of `live_messages.js`, and comes back when it is cut. */

import { FROM_SERVER, PING_MS, VERSION } from "./live_messages.js";

/** @typedef {typeof import("./live_messages.js").FROM_BROWSER[number]} Said */
/** @typedef {{type: string, [name: string]: any}} Heard */

const PAUSES_MS = [200, 1000, 2000, 5000];
/** Close codes after which coming back would end the same way. */
const FINAL = [1002, 4403];

/** Says `message` (a `CustomEvent<Heard>`) for each message of the server. */
export class Live extends EventTarget {
  /** @type {WebSocket | null} */
  #socket = null;
  #isClosed = false;
  #cuts = 0;
  /** @type {number | undefined} */
  #timer;
  #asked = 0;
  /** @type {Map<number, {done: () => void, fail: (error: {code: string, message: string}) => void}>} */
  #asking = new Map();
  /** @type {number | undefined} the newest number of the room's history that the page has */
  since;

  /**
   * @param {string} slug
   */
  constructor(slug) {
    super();
    this.slug = slug;
    this.name = "";
  }

  /**
   * Open the socket, under the name that a guest gave.
   * @param {string} name
   */
  open(name) {
    this.name = name;
    this.#isClosed = false;
    if (this.#socket && this.#socket.readyState !== WebSocket.CLOSED) this.again();
    else this.#connect();
  }

  /** Close it for good. */
  close() {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  /** Close and open anew: who was let in is seated inside. */
  again() {
    this.#cuts = 0;
    this.#socket?.close();
  }

  /**
   * Leave the room's socket for that of another room of the meeting; nothing of the first one is heard any more.
   * @param {string} slug
   */
  moveTo(slug) {
    const former = this.#socket;
    this.slug = slug;
    this.since = undefined;
    this.#socket = null;
    this.#cuts = 0;
    clearTimeout(this.#timer);
    former?.close();
    this.#cut();
    this.#connect();
  }

  /**
   * @param {Said} type
   * @param {Record<string, unknown>} [fields]
   */
  say(type, fields = {}) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ type, ...fields }));
  }

  /**
   * Say a message and wait for its answer. Rejects with the `code` and `message` of the error, or with the code `cut`.
   * @param {Said} type
   * @param {Record<string, unknown>} [fields]
   * @returns {Promise<void>}
   */
  ask(type, fields = {}) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return Promise.reject({ code: "cut", message: "" });
    const id = ++this.#asked;
    this.say(type, { ...fields, id });
    return new Promise((done, fail) => this.#asking.set(id, { done, fail }));
  }

  /** @param {Heard} heard */
  #answer({ type, to, code, message }) {
    const asking = this.#asking.get(to);
    if (!asking) return false;
    this.#asking.delete(to);
    if (type === "error") asking.fail({ code, message });
    else asking.done();
    return true;
  }

  #cut() {
    for (const { fail } of this.#asking.values()) fail({ code: "cut", message: "" });
    this.#asking.clear();
  }

  #connect() {
    if (this.#isClosed) return;
    const socket = new WebSocket(addressOf(this.slug));
    this.#socket = socket;
    const pings = setInterval(() => this.say("ping"), PING_MS);
    socket.addEventListener("open", () => this.say("hello", { version: VERSION, name: this.name, since: this.since }));
    socket.addEventListener("message", ({ data }) => this.#socket === socket && this.#hear(data));
    socket.addEventListener("close", ({ code }) => {
      clearInterval(pings);
      if (this.#socket !== socket) return;
      this.#cut();
      if (this.#isClosed || FINAL.includes(code)) return;
      this.#timer = setTimeout(() => this.#connect(), PAUSES_MS[Math.min(this.#cuts++, PAUSES_MS.length - 1)]);
    });
  }

  /** @param {unknown} data */
  #hear(data) {
    /** @type {Heard} */
    const heard = JSON.parse(String(data));
    if (!(/** @type {readonly string[]} */ (FROM_SERVER).includes(heard.type))) return;
    if (heard.type === "welcome") this.#cuts = 0;
    if ((heard.type === "done" || heard.type === "error") && this.#answer(heard)) return;
    this.dispatchEvent(new CustomEvent("message", { detail: heard }));
  }
}

/** @param {string} slug */
function addressOf(slug) {
  const { protocol, host } = location;
  return `${protocol.replace("http", "ws")}//${host}/ws/rooms/${encodeURIComponent(slug)}/`;
}
