/** “About this meeting”: its link, who enters, invitations by e-mail. */

import { addressesIn, invite } from "../call/invitations.js";
import { find } from "./find.js";

/** @typedef {import("../call/live.js").Heard} Heard */

/** Sends invitations where the service can and the rules allow it; opens the person's mail program everywhere. */
export class InfoPanel {
  /** @param {import("./topics.js").Place} place */
  constructor({ root }) {
    this.root = find(root, '[data-panel="info"]', HTMLElement);
    this.form = this.root.querySelector("form");
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send(find(this.root, "[data-invite-emails]", HTMLTextAreaElement));
    });
    const mail = find(this.root, "[data-mailto]", HTMLAnchorElement);
    const address = () => (mail.href = mailTo(this.#link, document.title.split(" · ")[0]));
    mail.addEventListener("click", address); // the link may have changed since
    address();
  }

  get #link() {
    return find(this.root, "[data-link]", HTMLElement).textContent?.trim() ?? "";
  }

  /** @param {Heard} heard */
  hear(heard) {
    if (heard.type !== "room.rights" || !this.form) return;
    const why = heard.denied.invite ?? "";
    this.form.hidden = why !== "";
    const refused = find(this.root, "[data-invite-refused]", HTMLElement);
    refused.hidden = why === "";
    refused.textContent = why;
  }

  /** @param {HTMLTextAreaElement} field */
  async #send(field) {
    const emails = addressesIn(field.value);
    if (emails.length === 0) return this.#tell(gettext("Please enter at least one e-mail address."), field);
    const csrf = find(document, '[name="csrfmiddlewaretoken"]', HTMLInputElement).value;
    this.#tell(gettext("Sending…"));
    const answer = await invite(this.root.dataset.invite ?? "", csrf, emails);
    if (answer.kind === "away") return this.#tell(gettext("The service does not answer. Please try again."), field);
    if (answer.kind === "refused") return this.#tell(answer.message || gettext("Please check the addresses; there may be 20 of them."), field);
    field.value = "";
    this.#tell(sentText(emails.length - answer.already, answer.already));
  }

  /**
   * @param {string} text
   * @param {HTMLTextAreaElement} [field] at fault
   */
  #tell(text, field) {
    find(this.root, "[data-invite-status]", HTMLElement).textContent = text;
    find(this.root, "[data-invite-emails]", HTMLElement).setAttribute("aria-invalid", String(field !== undefined));
    field?.focus();
  }
}

/**
 * @param {number} sent
 * @param {number} already
 */
function sentText(sent, already) {
  const fresh = interpolate(ngettext("%s invitation is on its way.", "%s invitations are on their way.", sent), [String(sent)]);
  const old = ngettext("%s person was invited in the last hour already.", "%s people were invited in the last hour already.", already);
  return [sent && fresh, already && interpolate(old, [String(already)])].filter(Boolean).join(" ");
}

/**
 * @param {string} link
 * @param {string} room
 */
function mailTo(link, room) {
  const subject = interpolate(gettext("Invitation: %s"), [room]);
  const body = interpolate(gettext("You are invited to a video meeting. To enter, open this link in your browser: %s"), [link]);
  return `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
}
