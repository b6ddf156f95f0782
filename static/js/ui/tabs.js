/** Tabs for the sections of a dialog: one for each `data-settings`, arrows go from one to the next. */

import { copyOf, find, setIcon } from "./find.js";

/** Makes the tabs and shows one section at a time. */
export class Tabs {
  /** @type {Map<string, {tab: HTMLElement, section: HTMLElement}>} */
  #parts = new Map();

  /**
   * @param {HTMLElement} list where the tabs go
   * @param {Iterable<HTMLElement>} sections
   */
  constructor(list, sections) {
    for (const section of sections) {
      const { settings: name = "", title = "", icon = "" } = section.dataset;
      const tab = copyOf("settings-tab");
      setIcon(tab, icon);
      find(tab, "[data-label]", HTMLElement).textContent = title;
      tab.id = `settings-tab-${name}`;
      section.id = `settings-${name}`;
      section.setAttribute("role", "tabpanel");
      section.setAttribute("aria-labelledby", tab.id);
      tab.setAttribute("aria-controls", section.id);
      tab.addEventListener("click", () => this.show(name));
      list.append(tab);
      this.#parts.set(name, { tab, section });
    }
    list.addEventListener("keydown", (event) => this.#move(event));
    this.show([...this.#parts.keys()][0] ?? "");
  }

  /** @param {string} name of a section; another one changes nothing */
  show(name) {
    if (!this.#parts.has(name)) return;
    for (const [one, { tab, section }] of this.#parts) {
      const isShown = one === name;
      tab.setAttribute("aria-selected", String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
      section.hidden = !isShown;
    }
    this.#parts.get(name)?.tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Give the focus to the tab of the section that is shown. */
  focus() {
    for (const { tab, section } of this.#parts.values()) if (!section.hidden) tab.focus();
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const names = [...this.#parts.keys()];
    const at = names.findIndex((name) => !this.#parts.get(name)?.section.hidden);
    /** @type {Record<string, number>} */
    const ways = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: names.length - 1 };
    if (!(event.key in ways)) return;
    event.preventDefault();
    this.show(names[(ways[event.key] + names.length) % names.length]);
    this.focus();
  }
}
