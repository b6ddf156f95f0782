/** Identity cards in words: what the server vouches for, or that nobody does. */

/**
 * Give the line below a name.
 * @param {Record<string, string>} card the attributes that the server signed
 * @returns {string}
 */
export function cardText(card) {
  if (card.kind === "guest") return guestText(card);
  const parts = [card.organization, card.unit, card.provider, card.assurance].filter(Boolean);
  return parts.join(" · ");
}

/**
 * Give what is most important about somebody whom the server vouches for: their organisation.
 * @param {Record<string, string>} card
 * @returns {string}
 */
export function badgeText({ kind, organization }) {
  return kind === "guest" ? "" : organization ?? "";
}

/** @param {Record<string, string>} card */
function guestText({ admitted_by, admitted_at }) {
  if (!admitted_by || !admitted_at) return gettext("guest, not verified");
  const time = new Date(admitted_at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  return interpolate(gettext("guest, admitted by %s at %s, not verified"), [admitted_by, time]);
}

/**
 * Give the role that others should know of.
 * @param {Record<string, string>} card
 * @returns {string}
 */
export function roleText({ role, role_until }) {
  if (role === "owner") return gettext("owner");
  if (role !== "host") return "";
  return role_until ? gettext("co-host") : gettext("host");
}
