/** Encryption in the call: the sign in the head, the dialog behind it, and what a tile says of media that is not sealed. */

import { peopleOf } from "../call/people.js";
import { keep, readTyped } from "../call/room_key.js";
import { copyOf, find, setIcon } from "./find.js";
import { notify } from "./notices.js";
import { showLinks } from "./room_links.js";

/** @typedef {import("../call/encryption.js").Seal} Seal */
/** @typedef {{icon: string, label: string, sentence: string}} Words */

/** @returns {Record<Seal, Words>} */
const words = () => ({
  sealed: {
    icon: "shield",
    label: gettext("End-to-end encrypted"),
    sentence: gettext("Only those who have the key see and hear this meeting."),
  },
  locked: {
    icon: "shield-off",
    label: gettext("Not everybody can be decrypted"),
    sentence: gettext("What some people send cannot be decrypted with your key. Compare the code: they or you have another key."),
  },
  open: {
    icon: "shield-off",
    label: gettext("Somebody sends without encryption"),
    sentence: gettext("What you send is end-to-end encrypted. Somebody sends without: the service could see and hear them."),
  },
});

/** Draws one `Encryption` below `page`. */
export class EncryptionView {
  /** what the tiles say, by person @type {Map<string, string>} */
  #shown = new Map();
  /** of everybody, on whatever page of the stage @type {Map<string, Seal>} */
  #seals = new Map();

  /**
   * @param {HTMLElement} page
   * @param {import("../call/call.js").Call} call
   * @param {import("../call/encryption.js").Encryption} encryption
   * @param {import("./stage.js").Stage} stage
   */
  constructor(page, call, encryption, stage) {
    this.page = page;
    this.call = call;
    this.encryption = encryption;
    this.sign = find(page, "[data-seal]", HTMLElement);
    this.dialog = find(page, "#encryption", HTMLDialogElement);
    const form = find(this.dialog, "[data-rekey-form]", HTMLFormElement);
    form.addEventListener("submit", (event) => void this.#rekey(event));
    call.addEventListener("change", () => this.#draw());
    encryption.addEventListener("change", () => this.#draw());
    stage.addEventListener("drawn", () => this.#drawTiles());
  }

  #draw() {
    this.#seals = new Map(peopleOf(this.call.room).map(({ key }) => [key, this.encryption.sealOf(key)]));
    const found = new Set(this.#seals.values());
    const worst = found.has("locked") ? "locked" : found.has("open") ? "open" : "sealed";
    if (worst === "locked" && this.sign.dataset.seal !== "locked") notify(words().locked.label);
    this.#drawSign(worst);
    this.#drawTiles();
  }

  #drawTiles() {
    const locked = otherKey([...this.#seals.values()]);
    for (const tile of this.page.querySelectorAll(".tile[data-person]")) {
      const seal = this.#seals.get(tile.getAttribute("data-person") ?? "") ?? "sealed";
      this.#drawTile(tile, seal, seal === "locked" ? locked : gettext("Not encrypted"));
    }
  }

  /** @param {Seal} seal */
  #drawSign(seal) {
    const { icon, label, sentence } = words()[seal];
    this.sign.dataset.seal = seal;
    setIcon(this.sign, icon);
    write(find(this.sign, "[data-seal-label]", HTMLElement), label);
    const note = find(this.dialog, "[data-seal-note]", HTMLElement);
    note.classList.toggle("warning", seal !== "sealed");
    setIcon(note, icon);
    write(find(note, "[data-seal-sentence]", HTMLElement), sentence);
    write(find(this.dialog, "[data-seal-code]", HTMLElement), this.encryption.code);
  }

  /**
   * @param {Element} tile
   * @param {Seal} seal
   * @param {string} text
   */
  #drawTile(tile, seal, text) {
    const identity = tile.getAttribute("data-person") ?? "";
    tile.classList.toggle("locked", seal === "locked");
    const shown = seal === "sealed" ? "" : text;
    const mark = tile.querySelector(".tile-seal");
    if (this.#shown.get(identity) === shown && Boolean(mark) === Boolean(shown)) return;
    this.#shown.set(identity, shown);
    mark?.remove();
    if (shown) tile.append(this.#mark(seal, shown));
  }

  /**
   * @param {Seal} seal
   * @param {string} text
   * @returns {HTMLElement}
   */
  #mark(seal, text) {
    const mark = copyOf("tile-seal");
    mark.classList.add(seal);
    find(mark, "[data-seal-text]", HTMLElement).textContent = text;
    const button = find(mark, "[data-rekey]", HTMLButtonElement);
    button.hidden = seal !== "locked";
    button.addEventListener("click", () => this.#open());
    return mark;
  }

  #open() {
    this.dialog.showModal();
    find(this.dialog, "[data-rekey-input]", HTMLInputElement).focus();
  }

  /** @param {Event} event */
  async #rekey(event) {
    event.preventDefault();
    const input = find(this.dialog, "[data-rekey-input]", HTMLInputElement);
    const key = readTyped(input.value);
    if (!key) return;
    input.value = "";
    keep(this.encryption.slug, key);
    showLinks(this.page, key);
    await this.encryption.use(key);
    this.dialog.close(); // what is read out below an open dialog is not heard
    notify(gettext("You have another key now"));
  }
}

/**
 * Say who seems to have another key: those with whom fewer agree.
 * @param {Seal[]} seals of everybody, this person among them
 * @returns {string}
 */
function otherKey(seals) {
  const locked = seals.filter((seal) => seal === "locked").length;
  const sealed = seals.filter((seal) => seal === "sealed").length;
  if (locked === sealed) return gettext("You have different keys");
  return locked > sealed ? gettext("You have another key") : gettext("This person has another key");
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
