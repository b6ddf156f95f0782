/** The identity card of one person: everything that the server signed about them. */

import { roleText } from "./cards.js";
import { find } from "./find.js";

/** @typedef {import("../call/people.js").Person} Person */

/**
 * Show the card in a dialog.
 * @param {Person} person
 */
export function showCard({ name, card, isGuest }) {
  const dialog = find(document, "#identity", HTMLDialogElement);
  find(dialog, "[data-identity-name]", HTMLElement).textContent = name;
  find(dialog, "[data-identity-facts]", HTMLElement).replaceChildren(...factsOf(card).flatMap(fact));
  find(dialog, "[data-identity-note]", HTMLElement).textContent = isGuest
    ? gettext("Nobody has verified who this is. The name is the one that the person gave.")
    : gettext("The identity provider vouches for this. The person cannot change it.");
  dialog.showModal();
}

/**
 * @param {Record<string, string>} card
 * @returns {[string, string][]}
 */
function factsOf(card) {
  /** @type {[string, string | undefined][]} */
  const facts = [
    [gettext("Organisation"), card.organization],
    [gettext("Unit"), card.unit],
    [gettext("Identity provider"), card.provider],
    [gettext("Assurance level"), card.assurance],
    [gettext("Role in the room"), roleText(card)],
    [gettext("Admitted by"), card.admitted_by],
    [gettext("Admitted at"), card.admitted_at && timeOf(card.admitted_at)],
  ];
  return facts.flatMap(([name, value]) => (value ? [[name, value]] : []));
}

/** @param {[string, string]} value */
function fact([name, value]) {
  const [term, description] = [document.createElement("dt"), document.createElement("dd")];
  term.textContent = name;
  description.textContent = value;
  return [term, description];
}

/** @param {string} moment */
function timeOf(moment) {
  return new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}
