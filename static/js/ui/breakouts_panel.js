/** Breakout rooms beside the stage: one's own group, the way to others, the time that is left, calls for a host. */

import { BreakoutsHosts } from "./breakouts_hosts.js";
import { clock } from "./clock.js";
import { copyOf, find } from "./find.js";
import { notify } from "./notices.js";

/** @typedef {import("../call/live.js").Heard} Heard */
/** @typedef {{id: string, name: string}} Group */
/** @typedef {{groups: Group[], open: boolean, choosing: boolean}} State */

const TICK_MS = 250;
const NOTICE_MS = 30_000;
const LINES_MAX = 5;

/** Draws what the server tells of the groups, and moves the call to where this person belongs. */
export class BreakoutsPanel {
  /** @type {State} */
  #state = { groups: [], open: false, choosing: false };
  #mine = "";
  /** @type {number | null} on this browser's clock */
  #endsAt = null;

  /** @param {import("./topics.js").Place} place */
  constructor({ root, live, call, panels }) {
    this.root = find(root, '[data-panel="breakouts"]', HTMLElement);
    this.live = live;
    this.call = call;
    this.panels = panels;
    this.hosts = new BreakoutsHosts(this.root, live);
    this.timer = find(root, "[data-breakouts-timer]", HTMLElement);
    this.banner = find(root, '[data-banner="breakouts"]', HTMLElement);
    this.title = find(root, "[data-call-title]", HTMLElement);
    this.mainName = this.title.textContent ?? "";
    find(this.root, "[data-breakouts-return]", HTMLElement).addEventListener("click", () => live.say("breakouts.choose"));
    find(this.root, "[data-breakouts-help]", HTMLElement).addEventListener("click", () => void this.#askHelp());
    setInterval(() => this.#tick(), TICK_MS);
  }

  get #isHost() {
    return this.call.rights.host;
  }

  /** Whether this person goes from group to group as they like. */
  get #mayMove() {
    return this.#state.open && (this.#isHost || this.#state.choosing);
  }

  /** @type {Partial<Record<string, (heard: Heard) => void>>} */
  #hearers = {
    "breakouts.state": (heard) => this.#take(heard),
    "breakouts.mine": ({ group, room }) => {
      this.#mine = group;
      void this.call.moveTo(room);
    },
    "breakouts.people": ({ people }) => this.hosts.take(people),
    "breakouts.said": (heard) => this.#announce(heard),
    "room.rights": () => {},
  };

  /** @param {Heard} heard */
  hear(heard) {
    const hearer = this.#hearers[heard.type];
    if (!hearer) return;
    hearer(heard);
    this.#draw();
  }

  /** @param {Heard} heard */
  #take({ groups, open, choosing, ends_at, now }) {
    const isNew = open && !this.#state.open;
    this.#state = { groups, open, choosing };
    // The server's clock and this one may differ: what counts is how long it still takes.
    this.#endsAt = ends_at ? Date.now() + Date.parse(ends_at) - Date.parse(now) : null;
    if (!isNew || this.#isHost || !choosing) return;
    notify(gettext("The groups are open: choose one."));
    if (!this.panels.open) this.panels.show("breakouts");
  }

  async #askHelp() {
    try {
      await this.live.ask("breakouts.help");
      notify(gettext("The hosts have been told."));
    } catch (error) {
      const { message } = /** @type {{message: string}} */ (error);
      if (message) notify(message);
    }
  }

  /** @param {Heard} heard */
  #announce({ text, from, at }) {
    notify(`${from}: ${text}`);
    const row = copyOf("breakout-line");
    find(row, "[data-from]", HTMLElement).textContent = from;
    find(row, "[data-text]", HTMLElement).textContent = text;
    const time = new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    find(row, "[data-at]", HTMLElement).textContent = time;
    const list = find(this.root, "[data-breakouts-line-list]", HTMLElement);
    list.prepend(row);
    while (list.children.length > LINES_MAX) list.lastElementChild?.remove();
    find(this.root, "[data-breakouts-lines]", HTMLElement).hidden = false;
  }

  #draw() {
    const { groups, open } = this.#state;
    const mine = groups.find(({ id }) => id === this.#mine);
    find(this.root, "[data-breakouts-mine]", HTMLElement).textContent = this.#whereText(mine);
    find(this.root, "[data-breakouts-help]", HTMLElement).hidden = !mine || this.#isHost;
    find(this.root, "[data-breakouts-return]", HTMLElement).hidden = !mine || !this.#mayMove;
    find(this.root, "[data-breakouts-groups]", HTMLElement).hidden = !this.#isHost && !this.#mayMove;
    this.hosts.draw({ ...this.#state, mine: this.#mine, isHost: this.#isHost, mayMove: this.#mayMove });
    this.title.textContent = mine ? mine.name : this.mainName;
    this.timer.hidden = !open;
    find(this.timer, "[data-breakouts-where]", HTMLElement).textContent = mine ? mine.name : gettext("Main room");
    this.#tick();
  }

  /** @param {Group | undefined} mine */
  #whereText(mine) {
    const { groups, open, choosing } = this.#state;
    if (mine) return interpolate(gettext("You are in “%s”."), [mine.name]);
    if (!groups.length) return gettext("There are no groups in this meeting.");
    if (!open) return gettext("The groups are not open.");
    return choosing && !this.#isHost ? gettext("Choose a group.") : gettext("You are in the main room.");
  }

  #tick() {
    const left_ms = this.#endsAt === null ? null : Math.max(0, this.#endsAt - Date.now());
    find(this.timer, "[data-breakouts-left]", HTMLElement).textContent = left_ms === null ? "" : clock(left_ms);
    this.banner.hidden = !this.#state.open || left_ms === null || left_ms > NOTICE_MS;
  }
}
