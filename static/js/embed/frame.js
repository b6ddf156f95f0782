/** The meeting's side of a frame: takes orders of the page around it, when its origin is allowed, and tells what happens. */

import { peopleOf } from "../call/people.js";
import { find } from "../ui/find.js";
import { ORDERS, VERSION, read } from "./protocol.js";

/** @typedef {import("./protocol.js").Message} Message */
/** @typedef {import("../call/preview.js").Source} Source */
/**
 * @typedef {object} Place
 * @property {HTMLElement} root
 * @property {import("../call/call.js").Call} call
 * @property {import("../call/preview.js").Preview} preview
 * @property {Promise<void>} started when the devices of the preview are open
 * @property {(name: string) => Promise<void>} come
 */

/** Speaks with the page that embeds this one. */
export class Frame {
  /** The origin of the page around, as soon as it has said hello. */
  #host = "";
  /** What was told last, by type. @type {Map<string, string>} */
  #told = new Map();
  #isJoining = false;

  /** @param {Place} place */
  constructor({ root, call, preview, started, come }) {
    this.root = root;
    this.call = call;
    this.preview = preview;
    this.started = started;
    this.come = come;
    this.origins = (root.dataset.embedOrigins ?? "").split(" ");
    /** @type {Record<string, (order: Message) => void>} */
    this.orders = {
      hello: () => this.#tell({ type: "ready" }),
      join: (order) => void this.#join(order),
      microphone: ({ on }) => call.state === "inside" && void call.setMicrophone(on === true),
      camera: ({ on }) => call.state === "inside" && void call.setCamera(on === true),
      leave: () => void call.leave(),
    };
    addEventListener("message", (event) => this.#hear(event));
    call.addEventListener("state", () => call.state === "inside" && this.#tellJoined());
    call.addEventListener("change", () => call.state === "inside" && this.#tellChanges());
    call.addEventListener("trouble", (event) => this.trouble(/** @type {CustomEvent<string>} */ (event).detail));
    call.addEventListener("refused", () => this.trouble("forbidden"));
    root.querySelector("[data-embed-again]")?.addEventListener("click", () => location.reload());
  }

  /** @param {MessageEvent} event */
  #hear({ origin, source, data }) {
    if (source !== window.parent || source === window || !this.origins.includes(origin)) return;
    const order = read(ORDERS, data);
    if (!order) return;
    if (order.type === "hello") this.#host = origin;
    if (origin === this.#host) this.orders[order.type](order);
  }

  /** @param {Message} event */
  #tell(event) {
    if (this.#host) window.parent.postMessage({ ...event, visio: VERSION }, this.#host);
  }

  /**
   * Tell what differs from what was told last.
   * @param {Message} event
   */
  #tellNews(event) {
    const news = JSON.stringify(event);
    if (this.#told.get(event.type) === news) return;
    this.#told.set(event.type, news);
    this.#tell(event);
  }

  /** @param {Message} order */
  async #join({ name = "", ticket = "", microphone, camera }) {
    if (this.call.state !== "idle" || this.#isJoining) return;
    this.#isJoining = true;
    if (ticket) this.call.given = { url: this.root.dataset.signalling ?? "", token: ticket };
    await this.started;
    await this.#set("microphone", microphone);
    await this.#set("camera", camera);
    if (ticket || !this.root.dataset.name) await this.come(name); // who is signed in enters by their own press only
    this.#isJoining = false;
  }

  /**
   * @param {Source} source
   * @param {boolean | undefined} wanted
   */
  async #set(source, wanted) {
    if (wanted !== undefined && wanted !== (this.preview[source] !== null)) await this.preview.toggle(source);
  }

  #tellJoined() {
    const { identity, name } = this.call.room.localParticipant;
    if (this.call.given) this.#nameMeeting(this.call.room.name);
    this.#tellNews({ type: "joined", identity, name: name ?? "" });
  }

  /** @param {string} title */
  #nameMeeting(title) {
    find(this.root, "[data-call-title]", HTMLElement).textContent = title;
    find(this.root, "[data-call]", HTMLElement).setAttribute("aria-label", interpolate(gettext("Meeting %s"), [title]));
  }

  #tellChanges() {
    const { isMicrophoneEnabled, isCameraEnabled } = this.call.room.localParticipant;
    const people = peopleOf(this.call.room).map(({ key, name, isLocal }) => ({ identity: key, name, isLocal }));
    this.#tellNews({ type: "participants", people });
    this.#tellNews({ type: "muted", microphone: !isMicrophoneEnabled, camera: !isCameraEnabled });
  }

  /**
   * Tell that something did not work.
   * @param {string} code
   * @param {string} [message]
   */
  trouble(code, message = "") {
    this.#tell({ type: "trouble", code, message });
  }

  /**
   * Tell that the meeting is over for this person, and say so in the frame.
   * @param {string} why
   */
  end(why) {
    this.#tell(why === "left" ? { type: "left" } : { type: "ended", reason: why });
    document.body.classList.remove("in-call");
    for (const part of this.root.querySelectorAll("section")) part.hidden = true;
    const ended = find(this.root, "[data-embed-ended]", HTMLElement);
    ended.hidden = false;
    ended.querySelector(`[data-why="${CSS.escape(why)}"]`)?.removeAttribute("hidden");
    find(ended, "h1", HTMLElement).focus();
  }
}
