/** What hosts see of the door: who waits; admit, refuse, write. */

import { cardText } from "./cards.js";
import { copyOf, find } from "./find.js";
import { notify } from "./notices.js";

/** @typedef {import("../call/live.js").Heard} Heard */
/** @typedef {{identity: string, name: string, card: Record<string, string>}} Waiting */

/** Draws those who wait and sends what the host decides. */
export class LobbyPanel {
  /** @type {Set<string>} */
  #known = new Set();

  /** @param {import("./topics.js").Place} place */
  constructor({ root, live, call }) {
    this.call = call;
    this.root = find(root, "[data-lobby]", HTMLElement);
    this.live = live;
    this.#on(this.root, "[data-admit-all]", "lobby.admit", {});
    this.#on(this.root, "[data-refuse-all]", "lobby.refuse", {});
    const text = find(this.root, "[data-lobby-text]", HTMLInputElement);
    find(this.root, "[data-lobby-write]", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      if (text.value.trim()) live.say("lobby.write", { text: text.value.trim() });
      text.value = "";
    });
  }

  /**
   * @param {HTMLElement} root
   * @param {string} selector
   * @param {import("../call/live.js").Said} type
   * @param {Record<string, unknown>} fields
   */
  #on(root, selector, type, fields) {
    find(root, selector, HTMLElement).addEventListener("click", () => {
      this.live.say(type, fields);
    });
  }

  /** @param {Heard} heard */
  hear(heard) {
    if (heard.type === "lobby.people") this.#draw(heard.people);
  }

  /** @param {Waiting[]} people */
  #draw(people) {
    find(this.root, "[data-lobby-count]", HTMLElement).textContent = String(people.length);
    find(this.root, "[data-lobby-people]", HTMLElement).replaceChildren(...people.map((person) => this.#row(person)));
    find(this.root, "[data-lobby-all]", HTMLElement).hidden = people.length < 2;
    find(this.root, "[data-lobby-write]", HTMLElement).hidden = people.length === 0;
    for (const { identity, name } of people) {
      if (!this.#known.has(identity)) notify(interpolate(gettext("%s is waiting to be let in"), [name]), "waiting");
    }
    this.#known = new Set(people.map((person) => person.identity));
  }

  /** @param {Waiting} person */
  #row({ identity, name, card }) {
    const row = copyOf("waiting-person");
    find(row, "[data-name]", HTMLElement).textContent = name;
    find(row, "[data-card]", HTMLElement).textContent = cardText(card);
    for (const of of row.querySelectorAll("[data-of]")) of.textContent = ` ${name}`;
    const isLasting = !("manage_members" in this.call.rights.denied);
    this.#on(row, "[data-admit]", "lobby.admit", { identity });
    this.#on(row, "[data-refuse]", "lobby.refuse", { identity });
    this.#on(row, "[data-admit-member]", "lobby.admit", { identity, role: "member", lasting: isLasting });
    this.#on(row, "[data-admit-host]", "lobby.admit", { identity, role: "host", lasting: false });
    this.#on(row, "[data-ban]", "people.ban", { identity, lasting: false });
    this.#on(row, "[data-ban-for-good]", "people.ban", { identity, lasting: true });
    for (const selector of ["[data-admit-member]", "[data-admit-host]"]) {
      find(row, selector, HTMLElement).hidden = card.kind === "guest";
    }
    find(row, "[data-ban-for-good]", HTMLElement).hidden = !isLasting;
    return row;
  }
}
