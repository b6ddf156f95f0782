/** Polls beside the stage: to vote for everybody, to ask, close and show for those who run the room. */

import { copyOf, find } from "./find.js";
import { notify } from "./notices.js";

/** @typedef {import("../call/live.js").Heard} Heard */
/**
 * @typedef {{id: string, question: string, options: string[], multiple: boolean, anonymous: boolean, shown: boolean,
 *   open: boolean}} Poll
 */
/** @typedef {{votes: number[], voters: number, names: string[][] | null}} Result */

/** Draws the polls that the server tells. */
export class PollsPanel {
  /** @type {Map<string, Poll>} */
  #polls = new Map();
  /** @type {Map<string, Result>} */
  #results = new Map();
  /** @type {Map<string, number[]>} what this person chose; nothing is known of an anonymous vote */
  #mine = new Map();
  #gathering = "";

  /** @param {import("./topics.js").Place} place */
  constructor({ root, live, call, panels }) {
    this.root = find(root, '[data-panel="polls"]', HTMLElement);
    this.live = live;
    this.call = call;
    this.panels = panels;
    find(this.root, "[data-poll-form]", HTMLFormElement).addEventListener("submit", (event) => this.#ask(event));
  }

  get #isHost() {
    return this.call.rights.host;
  }

  /** @type {Partial<Record<string, (heard: Heard) => void>>} */
  #hearers = {
    "poll.list": ({ gathering, polls }) => {
      this.#gathering = gathering;
      this.#polls = new Map(polls.map((/** @type {Poll} */ poll) => [poll.id, poll]));
      this.#results.clear();
      this.#mine.clear();
    },
    "poll.state": ({ gathering, poll }) => {
      this.#gathering = gathering;
      if (!this.#polls.has(poll.id)) this.#announce(poll);
      this.#polls.set(poll.id, poll);
      if (!poll.shown && !this.#isHost) this.#results.delete(poll.id);
    },
    "poll.result": ({ poll, votes, voters, names }) => void this.#results.set(poll, { votes, voters, names }),
    "poll.voted": ({ poll, choices }) => void this.#mine.set(poll, choices),
  };

  /** @param {Heard} heard */
  hear(heard) {
    const hearer = this.#hearers[heard.type];
    hearer?.(heard);
    if (hearer || heard.type === "room.rights") this.#draw();
  }

  /** @param {Poll} poll */
  #announce({ question }) {
    if (this.#isHost) return;
    notify(interpolate(gettext("New poll: %s"), [question]));
    if (!this.panels.open) this.panels.show("polls");
  }

  /** @param {Event} event */
  #ask(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const options = find(form, "[data-poll-options]", HTMLTextAreaElement).value.split("\n");
    const chosen = [...new Set(options.map((option) => option.trim()).filter(Boolean))];
    if (chosen.length < 2) return notify(gettext("Give at least two options."));
    this.live.say("poll.make", {
      question: find(form, "[data-poll-question]", HTMLInputElement).value.trim(),
      options: chosen,
      multiple: find(form, "[data-poll-multiple]", HTMLInputElement).checked,
      anonymous: find(form, "[data-poll-anonymous]", HTMLInputElement).checked,
    });
    form.reset();
    find(this.root, "[data-poll-new]", HTMLDetailsElement).open = false;
  }

  #draw() {
    find(this.root, "[data-polls-empty]", HTMLElement).hidden = this.#polls.size > 0;
    const list = find(this.root, "[data-polls]", HTMLElement);
    const focused = list.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.key : "";
    const kept = checkedIn(list);
    list.replaceChildren(...[...this.#polls.values()].reverse().map((poll) => this.#row(poll, kept)));
    if (focused) /** @type {HTMLElement | null} */ (list.querySelector(`[data-key="${focused}"]`))?.focus();
    const file = find(this.root, "[data-polls-csv]", HTMLAnchorElement);
    file.hidden = this.#polls.size === 0;
    file.href = `/rooms/${this.call.slug}/gatherings/${this.#gathering}/polls.csv`;
  }

  /**
   * @param {Poll} poll
   * @param {Set<string>} kept keys of what is ticked but not sent
   */
  #row(poll, kept) {
    const row = copyOf("poll");
    find(row, "[data-question]", HTMLElement).textContent = poll.question;
    find(row, "[data-about]", HTMLElement).textContent = this.#about(poll);
    find(row, "[data-options]", HTMLElement).append(...poll.options.map((_, place) => this.#option(poll, place, kept)));
    const vote = find(row, "[data-vote]", HTMLButtonElement);
    vote.dataset.key = `${poll.id}-vote`;
    vote.hidden = !this.#mayVote(poll);
    find(row, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const choices = [...row.querySelectorAll("input:checked")].map((input) => Number(/** @type {HTMLInputElement} */ (input).value));
      if (choices.length) this.live.say("poll.vote", { poll: poll.id, choices });
    });
    if (this.#isHost) this.#addOrders(row, poll);
    return row;
  }

  /** @param {Poll} poll */
  #mayVote(poll) {
    return poll.open && !(poll.anonymous && this.#mine.has(poll.id));
  }

  /** @param {Poll} poll */
  #about(poll) {
    const result = this.#results.get(poll.id);
    const parts = [poll.anonymous ? gettext("anonymous") : gettext("with names")];
    if (!poll.open) parts.push(gettext("closed"));
    if (this.#mine.has(poll.id)) parts.push(gettext("you have voted"));
    if (result) parts.push(interpolate(ngettext("%s voter", "%s voters", result.voters), [String(result.voters)]));
    return parts.join(" · ");
  }

  /**
   * @param {Poll} poll
   * @param {number} place
   * @param {Set<string>} kept
   */
  #option(poll, place, kept) {
    const row = copyOf("poll-option");
    const input = find(row, "input", HTMLInputElement);
    input.type = poll.multiple ? "checkbox" : "radio";
    input.name = poll.id;
    input.value = String(place);
    input.dataset.key = `${poll.id}-${place}`;
    input.disabled = !this.#mayVote(poll);
    input.checked = kept.has(input.dataset.key) || (this.#mine.get(poll.id) ?? []).includes(place);
    find(row, "[data-option]", HTMLElement).textContent = poll.options[place];
    this.#drawResult(row, poll, place);
    return row;
  }

  /**
   * @param {HTMLElement} row
   * @param {Poll} poll
   * @param {number} place
   */
  #drawResult(row, poll, place) {
    const result = this.#results.get(poll.id);
    find(row, "[data-result]", HTMLElement).hidden = !result;
    if (!result) return;
    const meter = find(row, "meter", HTMLMeterElement);
    meter.max = Math.max(1, result.voters);
    meter.value = result.votes[place];
    meter.setAttribute("aria-label", poll.options[place]);
    find(row, "[data-votes]", HTMLElement).textContent = String(result.votes[place]);
    find(row, "[data-names]", HTMLElement).textContent = (result.names?.[place] ?? []).join(", ");
  }

  /**
   * @param {HTMLElement} row
   * @param {Poll} poll
   */
  #addOrders(row, poll) {
    find(row, "[data-orders]", HTMLElement).hidden = false;
    const show = find(row, "[data-show]", HTMLButtonElement);
    show.dataset.key = `${poll.id}-show`;
    show.textContent = poll.shown ? gettext("Hide the result") : gettext("Show the result to all");
    show.addEventListener("click", () => this.live.say("poll.show", { poll: poll.id, shown: !poll.shown }));
    const close = find(row, "[data-close-poll]", HTMLButtonElement);
    close.dataset.key = `${poll.id}-close`;
    close.disabled = !poll.open;
    close.addEventListener("click", () => this.live.say("poll.close", { poll: poll.id }));
  }
}

/** @param {HTMLElement} list */
function checkedIn(list) {
  const inputs = [...list.querySelectorAll("input:checked:enabled")];
  return new Set(inputs.map((input) => /** @type {HTMLInputElement} */ (input).dataset.key ?? ""));
}
