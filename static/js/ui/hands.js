/** Hands, reactions and the spotlight: one's own buttons, and what the others do. */

import { copyOf, find } from "./find.js";
import { notify, say } from "./notices.js";

/** @typedef {import("../call/live.js").Heard} Heard */
/** @typedef {import("../call/call.js").Hand} Hand */

const SHOWN_MS = 5000;
/** @type {Record<string, [string, () => string]>} what is drawn, and what is read out */
const REACTIONS = {
  yes: ["👍", () => gettext("%s agrees")],
  clap: ["👏", () => gettext("%s applauds")],
  heart: ["❤️", () => gettext("%s likes this")],
  laugh: ["😄", () => gettext("%s laughs")],
  wonder: ["😮", () => gettext("%s is surprised")],
  celebrate: ["🎉", () => gettext("%s celebrates")],
};

/** Keeps `call.scene` and tells what is new in it. */
export class Hands {
  /** @type {Set<string> | null} */
  #raised = null;

  /** @param {import("./topics.js").Place} place */
  constructor({ root, live, call }) {
    this.call = call;
    this.button = find(root, "[data-hand-toggle]", HTMLButtonElement);
    this.clear = find(root, "[data-hands-clear]", HTMLButtonElement);
    this.button.addEventListener("click", () => live.say(this.#isUp ? "hand.lower" : "hand.raise"));
    this.clear.addEventListener("click", () => live.say("hand.clear"));
    call.addEventListener("moved", () => (this.#raised = null));
    const entries = Object.entries(REACTIONS).map(([reaction, [sign]]) => {
      const entry = copyOf("reaction");
      entry.textContent = sign;
      entry.title = NAMES[reaction]();
      entry.setAttribute("aria-label", NAMES[reaction]());
      entry.addEventListener("click", () => live.say("reaction.send", { reaction }));
      return entry;
    });
    find(root, "[data-reactions]", HTMLElement).replaceChildren(...entries);
  }

  get #isUp() {
    const { identity } = this.call.room.localParticipant;
    return this.call.scene.hands.some((hand) => hand.identity === identity);
  }

  /** @param {Heard} heard */
  hear(heard) {
    if (heard.type === "hand.list") this.#draw(heard.hands);
    if (heard.type === "reaction.shown") this.#react(heard);
    if (heard.type === "stage.state") this.call.scene.spotlight = heard.spotlight;
    if (["hand.list", "reaction.shown", "stage.state"].includes(heard.type)) this.call.dispatchEvent(new Event("change"));
  }

  /** @param {Hand[]} hands */
  #draw(hands) {
    this.call.scene.hands = hands;
    this.button.setAttribute("aria-pressed", String(this.#isUp));
    this.button.classList.toggle("active", this.#isUp);
    find(this.button, "[data-label]", HTMLElement).textContent = this.#isUp ? gettext("Lower hand") : gettext("Raise hand");
    this.clear.disabled = hands.length === 0;
    for (const { identity, name, spoke } of hands) {
      if (this.#raised === null || this.#raised.has(identity) || identity === this.call.room.localParticipant.identity) continue;
      notify(interpolate(spoke ? gettext("%s raises a hand again") : gettext("%s raises a hand"), [name]), "hand");
    }
    this.#raised = new Set(hands.map(({ identity }) => identity));
  }

  /** @param {Heard} heard */
  #react({ identity, name, reaction }) {
    const [sign, words] = REACTIONS[reaction] ?? ["", () => "%s"];
    const { reactions } = this.call.scene;
    reactions.set(identity, sign);
    say(interpolate(words(), [name]), "reaction");
    setTimeout(() => {
      if (reactions.get(identity) === sign) reactions.delete(identity);
      this.call.dispatchEvent(new Event("change"));
    }, SHOWN_MS);
  }
}

/** @type {Record<string, () => string>} what the buttons are called */
const NAMES = {
  yes: () => gettext("Agree"),
  clap: () => gettext("Applaud"),
  heart: () => gettext("Like"),
  laugh: () => gettext("Laugh"),
  wonder: () => gettext("Be surprised"),
  celebrate: () => gettext("Celebrate"),
};
