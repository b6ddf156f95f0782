/** The list of everybody, with a search, and the notices when somebody comes or goes. */

import { cardText, roleText } from "./cards.js";
import { copyOf, find } from "./find.js";
import { colourOf, initialsOf } from "./names.js";
import { notify } from "./notices.js";

/** @typedef {import("../call/people.js").Person} Person */

/** More who come or go together are counted, not named. */
const MANY = 3;

/** Draws the list and the count; says `menu` with a person when theirs is asked for. */
export class PeopleList extends EventTarget {
  /** @type {Map<string, string> | null} names by key; null before the first people are known */
  #known = null;
  /** @type {Map<string, {element: HTMLElement, drawn: string}>} */
  #rows = new Map();
  /** @type {Person[]} */
  #people = [];

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.list = find(root, "[data-people]", HTMLElement);
    this.count = find(root, "[data-count]", HTMLElement);
    this.nobody = find(root, "[data-nobody-found]", HTMLElement);
    this.search = find(root, "[data-people-search]", HTMLInputElement);
    this.search.addEventListener("input", () => this.render(this.#people));
  }

  /**
   * Draw everybody who fits the search; a row that shows the same as before stays, with its focus.
   * @param {Person[]} people
   */
  render(people) {
    this.#people = people;
    this.count.textContent = String(people.length);
    const shown = inOrder(people).filter((person) => fits(person, this.search.value));
    this.#rows = new Map(shown.map((person) => [person.key, this.#row(person)]));
    const elements = [...this.#rows.values()].map(({ element }) => element);
    if (elements.length !== this.list.children.length || elements.some((one, index) => this.list.children[index] !== one)) {
      const focused = document.activeElement?.closest("[data-key]")?.getAttribute("data-key") ?? "";
      this.list.replaceChildren(...elements);
      if (focused) this.#rows.get(focused)?.element.querySelector("button")?.focus();
    }
    this.nobody.hidden = shown.length > 0;
  }

  /** @param {Person} person */
  #row(person) {
    const drawn = JSON.stringify([person.name, person.card, person.microphoneOn, person.isLocal, person.hand, person.spoken]);
    const known = this.#rows.get(person.key);
    return known?.drawn === drawn ? known : { element: this.#draw(person), drawn };
  }

  /** @param {Person} person */
  #draw(person) {
    const row = rowOf(person);
    const button = find(row, "[data-menu]", HTMLButtonElement);
    find(row, "[data-menu-label]", HTMLElement).textContent = interpolate(gettext("More about %s"), [person.name]);
    button.addEventListener("click", () => {
      const current = () => this.#people.find(({ key }) => key === person.key);
      this.dispatchEvent(new CustomEvent("menu", { detail: { current, button } }));
    });
    return row;
  }

  /** Begin in another room, whose people neither come nor go by that. */
  forget() {
    this.#known = null;
  }

  /**
   * Tell who came and who went since the last time.
   * @param {Person[]} people
   */
  announce(people) {
    const present = new Map(people.map((person) => [person.key, person.name]));
    if (this.#known) tellOf(this.#known, present);
    this.#known = present;
  }
}

/**
 * Tell of each by name, or of many at once by their number.
 * @param {Map<string, string>} before
 * @param {Map<string, string>} now
 */
function tellOf(before, now) {
  const came = [...now].filter(([key]) => !before.has(key)).map(([, name]) => name);
  const went = [...before].filter(([key]) => !now.has(key)).map(([, name]) => name);
  if (came.length > MANY) notify(interpolate(ngettext("%s person is here", "%s people are here", came.length), [String(came.length)]), "join");
  else for (const name of came) notify(interpolate(gettext("%s is here"), [name]), "join");
  if (went.length > MANY) notify(interpolate(ngettext("%s person left", "%s people left", went.length), [String(went.length)]), "leave");
  else for (const name of went) notify(interpolate(gettext("%s left"), [name]), "leave");
}

/**
 * Give those whose hand is raised first, in the order of the hands.
 * @param {Person[]} people
 */
function inOrder(people) {
  const raised = people.filter(({ hand }) => hand > 0).sort((one, other) => one.hand - other.hand);
  return [...raised, ...people.filter(({ hand }) => hand === 0)];
}

/**
 * @param {Person} person
 * @param {string} search
 */
function fits({ name, card }, search) {
  const text = [name, card.organization, card.unit].join(" ").toLocaleLowerCase();
  return text.includes(search.trim().toLocaleLowerCase());
}

/**
 * @param {Person} person
 * @returns {HTMLElement}
 */
function rowOf(person) {
  const row = copyOf("person");
  row.dataset.key = person.key;
  row.classList.add(colourOf(person.key));
  find(row, "[data-initials]", HTMLElement).textContent = initialsOf(person.name);
  find(row, "[data-name]", HTMLElement).textContent = person.isLocal
    ? interpolate(gettext("%s (you)"), [person.name])
    : person.name;
  find(row, "[data-card]", HTMLElement).textContent = cardText(person.card);
  find(row, "[data-role]", HTMLElement).textContent = roleText(person.card);
  find(row, "[data-guest]", HTMLElement).hidden = !person.isGuest;
  find(row, "[data-muted]", HTMLElement).hidden = person.microphoneOn;
  find(row, "[data-hand]", HTMLElement).hidden = person.hand === 0;
  find(row, "[data-hand-place]", HTMLElement).textContent = String(person.hand);
  find(row, "[data-spoken]", HTMLElement).textContent = person.hand ? person.spoken : "";
  return row;
}
