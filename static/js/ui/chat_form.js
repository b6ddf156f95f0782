/** Where a line of chat is written: draft, answer, change, private, mentions. A draft is lost by no cut and no refusal. */

import { peopleOf } from "../call/people.js";
import { ChatAttachment } from "./chat_attachment.js";
import { ChatMentions } from "./chat_mentions.js";
import { shortened } from "./chat_line.js";
import { find } from "./find.js";

/** @typedef {import("../call/chat_log.js").Line} Line */
/** @typedef {{write: boolean, private: boolean, files: boolean, reason: string, reasonPrivate: string}} Rights */
/** @typedef {{kind: "reply" | "edit", line: Line}} Context */

/** Sends what is written; what could not be sent stays in the form, and goes once the connection is back. */
export class ChatForm {
  /** @type {Context | null} */
  #context = null;
  /** the name of the line that is on its way, so that it is said once however often it is sent */
  #key = "";
  /** whether lines to one person are denied, and why */
  #denied = { private: false, reason: "" };

  /**
   * @param {HTMLElement} root the panel
   * @param {import("./topics.js").Place} place
   */
  constructor(root, { live, call }) {
    this.root = root;
    this.live = live;
    this.call = call;
    this.form = find(root, "[data-chat-form]", HTMLFormElement);
    this.text = find(root, "[data-chat-text]", HTMLTextAreaElement);
    this.to = find(root, "[data-chat-to]", HTMLSelectElement);
    this.mentions = new ChatMentions(root, this.text, () => this.#others().map(({ name }) => name));
    this.attachment = new ChatAttachment(root, () => this.#keep());
    this.text.value = sessionStorage.getItem(this.#draftKey) ?? "";
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
    this.text.addEventListener("keydown", (event) => this.#press(event));
    this.text.addEventListener("input", () => this.#keep());
    this.to.addEventListener("change", () => this.#drawPrivate());
    find(root, "[data-chat-cancel]", HTMLElement).addEventListener("click", () => this.#leaveContext());
    call.addEventListener("change", () => this.#drawPeople());
  }

  get #draftKey() {
    return `chat-draft:${this.call.home}`;
  }

  #others() {
    return peopleOf(this.call.room).filter(({ isLocal }) => !isLocal);
  }

  focus() {
    if (!this.form.hidden) this.text.focus();
  }

  /** Send again what was on its way when the connection was cut. */
  connected() {
    if (this.#key) void this.#send();
  }

  /** Keep what was not said yet in the form: it was for those in the room before. */
  changeRoom() {
    this.#key = "";
    this.#leaveContext();
  }

  /** @param {Rights} rights */
  permit(rights) {
    this.form.hidden = !rights.write;
    const why = find(this.root, "[data-chat-refused]", HTMLElement);
    why.hidden = rights.write;
    why.textContent = rights.reason;
    this.#denied = { private: !rights.private, reason: rights.reasonPrivate };
    this.#drawPrivate();
    this.attachment.permit(rights.files);
  }

  /**
   * Answer or change a line, or write to who said it.
   * @param {"reply" | "edit" | "private"} kind
   * @param {Line} line
   */
  begin(kind, line) {
    this.#leaveContext();
    if (kind === "private") this.#address(line.from);
    else this.#enterContext(kind, line);
    this.focus();
  }

  /**
   * Write to one person only, also to who has left, so that a private line never goes to everybody instead.
   * @param {{identity: string, name: string}} person
   */
  #address({ identity, name }) {
    this.#drawPeople();
    if (![...this.to.options].some(({ value }) => value === identity)) this.to.append(new Option(name, identity));
    this.to.value = identity;
    this.#drawPrivate();
  }

  /** Whoever has chosen somebody can choose everybody again, also when private lines are denied by now. */
  #drawPrivate() {
    const isPrivate = this.to.value !== "";
    this.form.classList.toggle("private", isPrivate);
    find(this.root, "[data-chat-to-field]", HTMLElement).hidden = this.#denied.private && !isPrivate;
  }

  /**
   * @param {"reply" | "edit"} kind
   * @param {Line} line
   */
  #enterContext(kind, line) {
    this.#context = { kind, line };
    if (kind === "edit") this.text.value = line.text;
    else if (line.to) this.#address(this.#isMine(line) ? line.to : line.from);
    find(this.root, "[data-chat-context]", HTMLElement).hidden = false;
    const words = kind === "edit" ? gettext("Changing: %s") : gettext("Answering %s");
    const what = kind === "edit" ? shortened(line.text) : `${line.from.name}: ${shortened(line.text)}`;
    find(this.root, "[data-chat-context-text]", HTMLElement).textContent = interpolate(words, [what]);
  }

  /** @param {Line} line */
  #isMine({ from }) {
    return peopleOf(this.call.room).some(({ key, isLocal }) => isLocal && key === from.identity);
  }

  #leaveContext() {
    if (this.#context?.kind === "edit") this.text.value = sessionStorage.getItem(this.#draftKey) ?? "";
    this.#context = null;
    find(this.root, "[data-chat-context]", HTMLElement).hidden = true;
    this.#tell("");
  }

  #keep() {
    this.#key = "";
    if (this.#context?.kind !== "edit") sessionStorage.setItem(this.#draftKey, this.text.value);
    this.#drawPrivate();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (this.mentions.press(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.form.requestSubmit();
    } else if (event.key === "Escape" && this.#context) {
      event.stopPropagation();
      this.#leaveContext();
    }
  }

  async #send() {
    const text = this.text.value.trim();
    if (!text && (!this.attachment.file || this.#context?.kind === "edit")) return;
    if (this.to.value && this.#denied.private && this.#context?.kind !== "edit") {
      this.#failed({ code: "", message: this.#denied.reason });
      return;
    }
    this.#key ||= crypto.randomUUID();
    const sent = this.#key;
    this.#tell(gettext("Sending…"));
    try {
      await this.#say(text);
    } catch (error) {
      if (sent === this.#key) this.#failed(/** @type {{code: string, message: string}} */ (error));
      return;
    }
    if (sent !== this.#key) return;
    this.#key = "";
    this.text.value = "";
    if (this.#context?.kind !== "edit" && this.attachment.file) this.attachment.take(null);
    if (this.#context?.kind !== "edit") sessionStorage.removeItem(this.#draftKey);
    this.#leaveContext();
  }

  /**
   * @param {string} text
   * @returns {Promise<void>}
   */
  #say(text) {
    const { kind, line } = this.#context ?? {};
    if (kind === "edit") return this.live.ask("chat.edit", { line: line?.id, text });
    const to = this.to.value || undefined;
    const fields = { text, key: this.#key, reply_to: line?.id, to };
    return this.attachment.file ? this.attachment.send(fields) : this.live.ask("chat.send", fields);
  }

  /** @param {{code: string, message: string}} error */
  #failed({ code, message }) {
    if (code === "cut") {
      this.#tell(gettext("The connection is lost. Your message will be sent when it is back."));
      return;
    }
    this.#key = "";
    this.#tell(message || gettext("Your message was not sent. You can try again."));
  }

  /** @param {string} words */
  #tell(words) {
    find(this.root, "[data-chat-status]", HTMLElement).textContent = words;
  }

  #drawPeople() {
    const others = this.#others();
    const known = [...this.to.options].slice(1).map(({ value, text }) => `${value} ${text}`);
    if (known.join("\n") === others.map(({ key, name }) => `${key} ${name}`).join("\n")) return;
    const chosen = this.to.value;
    this.to.replaceChildren(this.to.options[0], ...others.map(({ key, name }) => new Option(name, key)));
    // Who has left stays chosen, so that a private line never goes to everybody instead.
    if (chosen && !others.some(({ key }) => key === chosen)) this.to.append(new Option(gettext("Somebody who has left"), chosen));
    this.to.value = chosen;
  }
}
