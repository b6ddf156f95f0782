/** What this person may do by now: shows what is for hosts to hosts only, and tells the controls what is refused. */

/** @typedef {import("../call/live.js").Heard} Heard */

/** Keeps the newest `room.rights`. */
export class Rights {
  /** @param {import("./topics.js").Place} place */
  constructor({ root, call, panels }) {
    this.root = root;
    this.call = call;
    this.panels = panels;
  }

  /** @param {Heard} heard */
  hear(heard) {
    if (heard.type !== "room.rights") return;
    const { host, role, lasting, denied } = heard;
    this.call.rights = { host, role, lasting, denied };
    for (const element of this.root.querySelectorAll("[data-for-hosts]")) {
      if (element instanceof HTMLElement) element.hidden = !host;
    }
    this.call.dispatchEvent(new Event("change"));
  }
}
