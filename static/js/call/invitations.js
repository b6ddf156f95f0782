/** Invitations by e-mail: who is meant by what was typed, and the request. */

/** @typedef {{kind: "sent", already: number} | {kind: "refused", message: string} | {kind: "away"}} Answer */

/**
 * Give the addresses in a text: one a line, with commas between, or copied from a mail program with names.
 * @param {string} typed
 * @returns {string[]}
 */
export function addressesIn(typed) {
  return [...new Set(typed.match(/[^\s<>,;"]+@[^\s<>,;"]+/g) ?? [])];
}

/**
 * Ask the service to write to these people.
 * @param {string} address of the request
 * @param {string} csrf
 * @param {string[]} emails
 * @returns {Promise<Answer>}
 */
export async function invite(address, csrf, emails) {
  try {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify({ emails }) });
    const body = await answer.json();
    if (answer.ok) return { kind: "sent", already: body.already };
    return { kind: "refused", message: body.emails ? "" : (body.detail ?? "") };
  } catch {
    return { kind: "away" };
  }
}
