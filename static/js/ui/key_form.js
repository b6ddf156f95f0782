/** Before an encrypted meeting: where its key comes from, or the field to type it. */

import { Encryption } from "../call/encryption.js";
import { keep, kept, keyOf, newLinkKey, readTyped } from "../call/room_key.js";
import { find } from "./find.js";
import { showLinks } from "./room_links.js";

/** @typedef {import("../call/room_key.js").RoomKey} RoomKey */

/** Keeps the key with which the person enters. */
export class KeyForm {
  /** @type {RoomKey | null} */
  #key;

  /**
   * @param {HTMLElement} page
   * @param {Encryption} encryption
   */
  constructor(page, encryption) {
    this.page = page;
    this.encryption = encryption;
    this.root = find(page, "[data-key-form]", HTMLElement);
    this.input = find(this.root, "[data-key-input]", HTMLInputElement);
    this.#key = keyOf(location.hash) ?? kept(encryption.slug);
    this.root.querySelector("[data-key-new]")?.addEventListener("click", () => this.#take(newLinkKey()));
    find(this.root, "[data-key-other]", HTMLElement).addEventListener("click", () => this.#ask());
    this.#draw();
  }

  /**
   * Give the key to the encryption and keep it in this tab.
   * @returns {Promise<boolean>} false when none is known, or this browser cannot encrypt
   */
  async unlock() {
    const key = this.#key ?? readTyped(this.input.value);
    if (!key || !Encryption.isSupported) return false;
    this.#take(key);
    await this.encryption.use(key);
    return true;
  }

  /** Give why `unlock` said no. */
  get refusal() {
    return Encryption.isSupported ? gettext("Please type the key of this meeting.") : this.#sentence();
  }

  /** @param {RoomKey} key */
  #take(key) {
    this.#key = key;
    keep(this.encryption.slug, key);
    showLinks(this.page, key);
    this.#draw();
  }

  #ask() {
    this.#key = null;
    this.#draw();
    this.input.focus();
  }

  #draw() {
    const known = this.#key;
    if (known) showLinks(this.page, known);
    this.input.required = !known;
    find(this.root, "[data-key-wanted]", HTMLElement).hidden = known !== null;
    find(this.root, "[data-key-change]", HTMLElement).hidden = known === null;
    const text = find(this.root, "[data-key-known]", HTMLElement);
    text.hidden = known === null && Encryption.isSupported;
    text.textContent = this.#sentence();
    find(this.page, "[data-join]", HTMLButtonElement).disabled = !Encryption.isSupported;
  }

  #sentence() {
    if (!Encryption.isSupported) return gettext("This browser cannot encrypt meetings end to end. Please use a current version of Chrome, Edge, Firefox or Safari.");
    if (this.#key?.kind === "link") return gettext("You have the key: it stands in your link.");
    return this.#key ? gettext("You have the key: the passphrase that you typed.") : "";
  }
}
