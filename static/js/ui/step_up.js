/** A host asks this person to prove their identity more strongly: it happens in a small window, the call goes on. */

import { answerOf } from "./confirm.js";
import { find } from "./find.js";
import { notify } from "./notices.js";

/** @typedef {import("../call/live.js").Heard} Heard */

export const CHANNEL = "step-up";
const WINDOW = "popup,width=560,height=760";

/** Asks, opens the window, and says how it ended. */
export class StepUp {
  constructor() {
    const channel = new BroadcastChannel(CHANNEL);
    channel.addEventListener("message", ({ data }) => notify(String(data.words)));
  }

  /** @param {Heard} heard */
  hear(heard) {
    if (heard.type === "people.identify") void this.#ask(heard.from, heard.levels, heard.until);
  }

  /**
   * @param {string} from
   * @param {string[]} levels
   * @param {string | null} until
   */
  async #ask(from, levels, until) {
    const dialog = find(document, "#identify", HTMLDialogElement);
    find(dialog, "[data-identify-title]", HTMLElement).textContent = from
      ? interpolate(gettext("%s asks you to confirm your identity"), [from])
      : gettext("The rules of this room ask you to confirm your identity");
    const time = find(dialog, "[data-identify-until]", HTMLElement);
    time.hidden = !until;
    time.textContent = interpolate(gettext("You can stay without it until %s."), [until ? hourOf(until) : ""]);
    find(dialog, "[data-identify-level]", HTMLElement).textContent = levels[0];
    if (!(await answerOf(dialog))) return;
    const query = new URLSearchParams(levels.map((level) => ["acr", level]));
    if (!open(`/oidc/step-up/?${query}`, CHANNEL, WINDOW)) notify(gettext("Your browser has blocked the window. Allow it for this site."));
  }
}

/** @param {string} moment */
function hourOf(moment) {
  return new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}
