/** The groups of a meeting as lists: to go to one for who may, to fill, name, open and close them for hosts. */

import { copyOf, find } from "./find.js";
import { notify } from "./notices.js";

/** @typedef {import("../call/live.js").Live} Live */
/** @typedef {import("./breakouts_panel.js").Group} Group */
/** @typedef {{identity: string, name: string, host: boolean, group: string, help: boolean}} Person */
/**
 * @typedef {{groups: Group[], open: boolean, choosing: boolean, mine: string, isHost: boolean, mayMove: boolean}} View
 */

/** Draws the lists; a row that shows the same as before stays, with its focus. */
export class BreakoutsHosts {
  /** @type {Person[]} */
  #people = [];
  /** @type {Set<string>} who asked for a host already */
  #asking = new Set();
  /** @type {View} */
  #view = { groups: [], open: false, choosing: false, mine: "", isHost: false, mayMove: false };
  /** @type {Map<string, {row: HTMLElement, drawn: string}>} by list and key */
  #rows = new Map();

  /**
   * @param {HTMLElement} root the panel
   * @param {Live} live
   */
  constructor(root, live) {
    this.root = root;
    this.live = live;
    this.#on("[data-breakouts-spread]", () => live.say("breakouts.spread"));
    this.#on("[data-breakouts-open]", () => live.say("breakouts.open"));
    this.#on("[data-breakouts-close]", () => live.say("breakouts.close"));
    this.#on("[data-breakouts-close-now]", () => live.say("breakouts.close", { seconds: 0 }));
    this.#form("[data-breakouts-form]", (form) => this.#make(form));
    this.#form("[data-breakouts-say]", (form) => {
      const text = find(form, "[data-breakouts-text]", HTMLInputElement).value.trim();
      if (text) live.say("breakouts.say", { text });
      form.reset();
    });
  }

  /**
   * @param {string} selector
   * @param {() => void} action
   */
  #on(selector, action) {
    find(this.root, selector, HTMLElement).addEventListener("click", action);
  }

  /**
   * @param {string} selector
   * @param {(form: HTMLFormElement) => void} action
   */
  #form(selector, action) {
    const form = find(this.root, selector, HTMLFormElement);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      action(form);
    });
  }

  /** @param {HTMLFormElement} form */
  #make(form) {
    this.live.say("breakouts.make", {
      count: find(form, "[data-breakouts-count]", HTMLInputElement).valueAsNumber,
      minutes: find(form, "[data-breakouts-minutes]", HTMLInputElement).valueAsNumber,
      choosing: find(form, "[data-breakouts-choosing]", HTMLInputElement).checked,
    });
  }

  /** @param {Person[]} people */
  take(people) {
    this.#people = people;
    const asking = people.filter(({ help }) => help);
    for (const { identity, name } of asking) {
      if (!this.#asking.has(identity)) notify(interpolate(gettext("%s asks for a host"), [name]));
    }
    this.#asking = new Set(asking.map(({ identity }) => identity));
  }

  /** @param {View} view */
  draw(view) {
    this.#view = view;
    const { groups, open, isHost } = view;
    const asking = isHost ? this.#people.filter(({ help }) => help) : [];
    this.#list("[data-breakouts-group-list]", groups, ({ id }) => id, (group) => this.#group(group));
    this.#list("[data-breakouts-person-list]", isHost ? this.#people : [], ({ identity }) => identity, (one) => this.#person(one));
    this.#list("[data-breakouts-help-list]", asking, ({ identity }) => identity, (one) => this.#help(one));
    this.#show("[data-breakouts-helps]", asking.length > 0);
    this.#show("[data-breakouts-people]", isHost && groups.length > 0);
    this.#show("[data-breakouts-run]", isHost && groups.length > 0);
    this.#show("[data-breakouts-form]", isHost && !open);
    this.#show("[data-breakouts-say]", open);
    this.#show("[data-breakouts-open]", !open);
    this.#show("[data-breakouts-close]", open);
    this.#show("[data-breakouts-close-now]", open);
  }

  /**
   * @param {string} selector
   * @param {boolean} isShown
   */
  #show(selector, isShown) {
    find(this.root, selector, HTMLElement).hidden = !isShown;
  }

  /**
   * @template T
   * @param {string} selector
   * @param {T[]} items
   * @param {(item: T) => string} keyOf
   * @param {(item: T) => HTMLElement} rowOf
   */
  #list(selector, items, keyOf, rowOf) {
    const list = find(this.root, selector, HTMLElement);
    const rows = items.map((item) => {
      const key = `${selector} ${keyOf(item)}`;
      const drawn = JSON.stringify([item, this.#view, this.#sizeOf(keyOf(item))]);
      const known = this.#rows.get(key);
      const row = known?.drawn === drawn ? known.row : rowOf(item);
      row.dataset.key = key;
      this.#rows.set(key, { row, drawn });
      return row;
    });
    if (rows.length !== list.children.length || rows.some((row, place) => list.children[place] !== row)) replace(list, rows);
  }

  /** @param {string} group */
  #sizeOf(group) {
    return this.#people.filter((person) => person.group === group).length;
  }

  /** @param {string} group */
  #nameOf(group) {
    return this.#view.groups.find(({ id }) => id === group)?.name ?? gettext("Main room");
  }

  /** @param {Group} group */
  #group({ id, name }) {
    const { isHost, mayMove, mine } = this.#view;
    const row = copyOf("breakout-group");
    const shown = find(row, "[data-name]", HTMLElement);
    shown.hidden = isHost;
    shown.textContent = name;
    const field = find(row, "[data-rename]", HTMLInputElement);
    field.hidden = !isHost;
    field.value = name;
    field.setAttribute("aria-label", interpolate(gettext("Name of “%s”"), [name]));
    field.addEventListener("change", () => field.value.trim() && this.live.say("breakouts.name", { group: id, name: field.value.trim() }));
    const size = this.#sizeOf(id);
    find(row, "[data-count]", HTMLElement).textContent = isHost
      ? interpolate(ngettext("%s person", "%s people", size), [String(size)])
      : "";
    this.#addJoin(row, id, name, !mayMove || id === mine);
    return row;
  }

  /**
   * @param {HTMLElement} row
   * @param {string} group
   * @param {string} name
   * @param {boolean} isHidden
   */
  #addJoin(row, group, name, isHidden) {
    const join = find(row, "[data-join]", HTMLElement);
    join.hidden = isHidden;
    join.addEventListener("click", () => this.live.say("breakouts.choose", { group }));
    for (const of of row.querySelectorAll("[data-of]")) of.textContent = ` ${name}`;
  }

  /** @param {Person} person */
  #person({ identity, name, group }) {
    const row = copyOf("breakout-person");
    find(row, "[data-name]", HTMLElement).textContent = name;
    const select = find(row, "[data-group]", HTMLSelectElement);
    select.setAttribute("aria-label", interpolate(gettext("Group of %s"), [name]));
    select.append(new Option(gettext("Main room"), ""), ...this.#view.groups.map(({ id, name: label }) => new Option(label, id)));
    select.value = group;
    select.addEventListener("change", () => {
      const chosen = select.value ? { group: select.value } : {};
      this.live.say("breakouts.place", { identity, ...chosen });
    });
    return row;
  }

  /** @param {Person} person */
  #help({ identity, name, group }) {
    const row = copyOf("breakout-help");
    find(row, "[data-name]", HTMLElement).textContent = name;
    find(row, "[data-where]", HTMLElement).textContent = this.#nameOf(group);
    this.#addJoin(row, group, name, false);
    find(row, "[data-helped]", HTMLElement).addEventListener("click", () => this.live.say("breakouts.helped", { identity }));
    return row;
  }
}

/**
 * Put other rows into a list; the focus, and what is being typed, stays in the row of the same key.
 * @param {HTMLElement} list
 * @param {HTMLElement[]} rows
 */
function replace(list, rows) {
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const key = focused?.closest("li")?.dataset.key ?? "";
  list.replaceChildren(...rows);
  const again = focused && rows.find((row) => row.dataset.key === key)?.querySelector(focused.localName);
  if (again instanceof HTMLInputElement && focused instanceof HTMLInputElement) again.value = focused.value;
  if (again instanceof HTMLElement) again.focus();
}
