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
    if (heard.type === "room.rights") this.#take(heard);
    if (heard.type === "people.denied") this.#forbid(heard.people);
  }

  /** @param {{identity: string, sources: string[]}[]} people */
  #forbid(people) {
    this.call.rights.forbidden = new Map(people.map(({ identity, sources }) => [identity, sources]));
    this.call.dispatchEvent(new Event("change"));
  }

  /** @param {Heard} heard */
  #take({ host, role, lasting, denied }) {
    this.call.rights = { ...this.call.rights, host, role, lasting, denied };
    for (const element of this.root.querySelectorAll("[data-for-hosts]")) {
      if (element instanceof HTMLElement) element.hidden = !host;
    }
    this.call.dispatchEvent(new Event("change"));
  }
}
