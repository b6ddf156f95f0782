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
  constructor({ root, live }) {
    this.root = find(root, "[data-lobby]", HTMLElement);
    this.live = live;
    this.#on("[data-admit-all]", () => live.say("lobby.admit"));
    this.#on("[data-refuse-all]", () => live.say("lobby.refuse"));
    const text = find(this.root, "[data-lobby-text]", HTMLInputElement);
    find(this.root, "[data-lobby-write]", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      if (text.value.trim()) live.say("lobby.write", { text: text.value.trim() });
      text.value = "";
    });
  }

  /**
   * @param {string} selector
   * @param {() => void} action
   */
  #on(selector, action) {
    find(this.root, selector, HTMLElement).addEventListener("click", action);
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
      if (!this.#known.has(identity)) notify(interpolate(gettext("%s is waiting to be let in"), [name]));
    }
    this.#known = new Set(people.map((person) => person.identity));
  }

  /** @param {Waiting} person */
  #row({ identity, name, card }) {
    const row = copyOf("waiting-person");
    find(row, "[data-name]", HTMLElement).textContent = name;
    find(row, "[data-card]", HTMLElement).textContent = cardText(card);
    for (const of of row.querySelectorAll("[data-of]")) of.textContent = ` ${name}`;
    find(row, "[data-admit]", HTMLElement).addEventListener("click", () => this.live.say("lobby.admit", { identity }));
    find(row, "[data-refuse]", HTMLElement).addEventListener("click", () => this.live.say("lobby.refuse", { identity }));
    return row;
  }
}
