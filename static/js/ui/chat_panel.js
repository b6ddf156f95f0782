/** The chat beside the stage: what was said, in order; a count of what is new; and the form (`chat_form.js`). */

import { ChatLog } from "../call/chat_log.js";
import { peopleOf } from "../call/people.js";
import { ChatForm } from "./chat_form.js";
import { rowOf } from "./chat_line.js";
import { find } from "./find.js";
import { notify } from "./notices.js";

/** @typedef {import("../call/live.js").Heard} Heard */
/** @typedef {import("../call/chat_log.js").Line} Line */

const PANEL = "chat";
const NEAR_PX = 60;
/** @type {Record<string, "previousElementSibling" | "nextElementSibling">} */
const MOVES = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" };

/** Draws the chat and sends what the person does in it. */
export class ChatPanel {
  #log = new ChatLog();
  #isHost = false;
  #slug = "";
  /** @type {Record<string, (heard: Heard) => void>} */
  #hears = {
    welcome: (heard) => this.#welcome(heard),
    "room.rights": (heard) => this.#permit(heard),
    "chat.history": (heard) => this.#startOver(heard),
    "chat.page": (heard) => this.#prepend(heard),
    "chat.line": (heard) => this.#take(/** @type {any} */ (heard)),
  };

  /** @param {import("./topics.js").Place} place */
  constructor(place) {
    this.place = place;
    this.root = find(place.root, `[data-panel="${PANEL}"]`, HTMLElement);
    this.box = find(this.root, "[data-chat-log]", HTMLElement);
    this.list = find(this.root, "[data-chat-lines]", HTMLElement);
    this.form = new ChatForm(this.root, place);
    this.rights = { write: false, private: false, files: false, reason: "", reasonPrivate: "" };
    this.#log.read = Number(sessionStorage.getItem(this.#key)) || 0;
    this.#slug = place.call.slug;
    find(this.root, "[data-chat-more]", HTMLElement).addEventListener("click", () => this.#askMore());
    find(this.root, "[data-chat-new]", HTMLElement).addEventListener("click", () => this.#scrollDown());
    this.list.addEventListener("keydown", (event) => this.#move(event));
    this.list.addEventListener("focusin", ({ target }) => this.#activate(/** @type {Element} */ (target).closest("li")));
    this.box.addEventListener("scroll", () => this.#isAtEnd && this.#see());
    place.call.addEventListener("moved", () => this.#changeRoom());
    place.panels.addEventListener("open", (event) => {
      if (/** @type {CustomEvent<string>} */ (event).detail === PANEL) this.#opened();
    });
  }

  get #key() {
    return `chat-read:${this.place.call.slug}`;
  }

  /** Begin the chat of another room: its numbers, and where its files go, are its own. */
  #changeRoom() {
    this.#log.clear();
    this.#log.read = Number(sessionStorage.getItem(this.#key)) || 0;
    this.root.dataset.files = (this.root.dataset.files ?? "").replace(this.#slug, this.place.call.slug);
    this.#slug = this.place.call.slug;
    this.form.changeRoom();
    this.#drawAll();
  }

  get #isAtEnd() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR_PX;
  }

  get #isShown() {
    return this.place.panels.open === PANEL && document.visibilityState === "visible";
  }

  /** @param {Heard} heard */
  hear(heard) {
    this.#hears[heard.type]?.(heard);
  }

  /** @param {Heard} heard */
  #welcome({ identity }) {
    this.#log.me = identity;
    this.form.connected();
  }

  /** @param {Heard} heard */
  #permit({ host, denied }) {
    this.#isHost = host;
    const reasons = { reason: denied.chat ?? "", reasonPrivate: denied.chat_privately ?? "" };
    this.rights = { write: !denied.chat, private: !denied.chat_privately, files: !denied.send_files, ...reasons };
    this.form.permit(this.rights);
    this.#drawAll();
  }

  /** @param {Heard} heard */
  #startOver({ lines, more, seq }) {
    this.#log.clear();
    this.#log.more = more;
    for (const line of lines) this.#log.take(line);
    this.#remember(seq);
    this.#drawAll();
    this.#scrollDown();
  }

  /** @param {Heard} heard */
  #prepend({ lines, more }) {
    const { scrollHeight } = this.box;
    this.#log.more = more;
    for (const line of lines) this.#log.take(line);
    this.#drawAll();
    this.box.scrollTop += this.box.scrollHeight - scrollHeight;
  }

  /** @param {Line & Heard} line */
  #take(line) {
    this.#remember(line.seq);
    const isNew = !this.#log.find(line.id);
    if (!this.#log.take(line)) return;
    const follows = this.#isAtEnd || line.from.identity === this.#log.me;
    this.#draw(line);
    if (isNew && follows) this.#scrollDown();
    if (isNew) this.#announce(line);
    this.#drawUnread();
  }

  /** @param {number} seq */
  #remember(seq) {
    this.place.live.since = Math.max(this.place.live.since ?? 0, seq);
  }

  /** @param {Line} line */
  #announce({ from, to, mentions }) {
    if (from.identity === this.#log.me || this.#isShown) return;
    if (mentions.includes(this.#log.me)) notify(interpolate(gettext("%s mentions you in the chat"), [from.name]), "chat", { isForMe: true });
    else if (to) notify(interpolate(gettext("%s writes to you only"), [from.name]), "chat", { isForMe: true });
    else notify(interpolate(gettext("%s writes in the chat"), [from.name]), "chat");
  }

  #askMore() {
    const [first] = this.#log.lines;
    if (first) this.place.live.say("chat.more", { before: first.first });
  }

  // --- drawing ---------------------------------------------------------------------------------------------

  #drawAll() {
    const focused = document.activeElement?.closest("[data-line]")?.getAttribute("data-line");
    this.list.replaceChildren(...this.#log.lines.map((line) => this.#row(line)));
    find(this.root, "[data-chat-more]", HTMLElement).hidden = !this.#log.more;
    find(this.root, "[data-chat-empty]", HTMLElement).hidden = this.list.children.length > 0;
    this.#activate(this.list.lastElementChild);
    if (focused) this.#element(focused)?.focus();
    this.#drawUnread();
  }

  /** @param {Line} line */
  #draw(line) {
    const row = this.#row(line);
    const known = this.#element(line.id);
    if (known) known.replaceWith(row);
    else this.list.insertBefore(row, this.#after(line));
    for (const answer of this.#log.lines.filter(({ reply_to }) => reply_to === line.id)) {
      this.#element(answer.id)?.replaceWith(this.#row(answer));
    }
    find(this.root, "[data-chat-empty]", HTMLElement).hidden = true;
    this.#activate(this.list.lastElementChild);
  }

  /** @param {Line} line */
  #after(line) {
    const next = this.#log.lines.find(({ first }) => first > line.first);
    return next ? this.#element(next.id) : null;
  }

  /**
   * @param {string} id
   * @returns {HTMLElement | null}
   */
  #element(id) {
    return this.list.querySelector(`[data-line="${CSS.escape(id)}"]`);
  }

  /** @param {Line} line */
  #row(line) {
    const { room } = this.place.call;
    return rowOf(line, {
      me: this.#log.me,
      isHost: this.#isHost,
      mayWrite: this.rights.write,
      mayWritePrivately: this.rights.private,
      find: (id) => this.#log.find(id),
      nameOf: (identity) => peopleOf(room).find(({ key }) => key === identity)?.name ?? "",
      act: (action, { id }) => this.#act(action, id),
      addressOf: (id) => `${this.root.dataset.files}${id}/`,
    });
  }

  /**
   * @param {import("./chat_line.js").Action} action
   * @param {string} id
   */
  #act(action, id) {
    const line = this.#log.find(id);
    if (!line) return;
    if (action === "delete") this.place.live.say("chat.delete", { line: id });
    else this.form.begin(action, line);
  }

  #drawUnread() {
    if (this.#isShown && this.#isAtEnd) this.#log.see();
    sessionStorage.setItem(this.#key, String(this.#log.read));
    const { unread } = this.#log;
    const count = find(this.place.root, "[data-chat-count]", HTMLElement);
    count.hidden = unread.length === 0;
    count.textContent = unread.length > 99 ? "99+" : String(unread.length);
    const words = interpolate(ngettext("%s unread message", "%s unread messages", unread.length), [String(unread.length)]);
    find(this.place.root, "[data-chat-unread]", HTMLElement).textContent = unread.length ? `, ${words}` : "";
    find(this.root, "[data-chat-new]", HTMLElement).hidden = this.#isAtEnd || unread.length === 0;
  }

  #opened() {
    this.#element(this.#log.unread[0]?.id ?? "")?.classList.add("first-unread");
    this.#scrollDown();
    this.form.focus();
  }

  #scrollDown() {
    this.box.scrollTop = this.box.scrollHeight;
    this.#see();
  }

  #see() {
    if (this.#isShown) this.#drawUnread();
  }

  // --- keyboard: one line is in the order of Tab, arrows go from line to line --------------------------------

  /** @param {KeyboardEvent} event */
  #move(event) {
    const row = /** @type {Element} */ (event.target).closest("li");
    const way = MOVES[event.key];
    const next = way && row?.[way];
    if (!(next instanceof HTMLElement)) return;
    event.preventDefault();
    next.focus();
  }

  /** @param {Element | null} row */
  #activate(row) {
    if (!row) return;
    for (const other of this.list.children) setReachable(other, other === row);
  }
}

/**
 * @param {Element} row
 * @param {boolean} isReachable
 */
function setReachable(row, isReachable) {
  if (row instanceof HTMLElement) row.tabIndex = isReachable ? 0 : -1;
  for (const part of row.querySelectorAll("a, button")) {
    if (part instanceof HTMLElement) part.tabIndex = isReachable ? 0 : -1;
  }
}
