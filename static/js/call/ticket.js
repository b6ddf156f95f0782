/** Asks the server for the right to connect: a ticket, or why there is none. */

/**
 * `wait`: somebody must admit this person. `gone`: the room does not exist any more. `refused`: the request was
 * wrong (`message` says how). `away`: the server or the network is not there now; asking again helps.
 * @typedef {{kind: "ticket", url: string, token: string, isEncrypted: boolean} | {kind: "wait"} | {kind: "gone"} |
 *   {kind: "refused", message: string} | {kind: "away"}} Answer
 */

/**
 * Ask to enter a room.
 * @param {string} slug
 * @param {string} username the name a guest gave; ignored by the server for people who are signed in
 * @returns {Promise<Answer>}
 */
export async function askTicket(slug, username) {
  const query = new URLSearchParams({ username });
  try {
    const response = await fetch(`/api/v1.0/rooms/${encodeURIComponent(slug)}/?${query}`, {
      headers: { Accept: "application/json" },
      cache: "no-store",
    });
    return readAnswer(response.status, await response.json());
  } catch {
    return { kind: "away" };
  }
}

/**
 * Give the answer that a ticket of an integrator stands for; their rooms are not end-to-end encrypted by us.
 * @param {{url: string, token: string}} given
 * @returns {Answer}
 */
export function ticketGiven({ url, token }) {
  return { kind: "ticket", url, token, isEncrypted: false };
}

/** The room is full, this person may not be in it, or there were too many attempts. */
const REFUSALS = [403, 429];

/**
 * Ask why a ticket did not open the room.
 * @param {string} url
 * @param {string} token
 * @returns {Promise<string>} a sentence for the person; empty when another attempt may help
 */
export async function whyRefused(url, token) {
  const query = new URLSearchParams({ access_token: token });
  try {
    const response = await fetch(`${url.replace(/^ws/, "http")}/rtc/validate?${query}`, { cache: "no-store" });
    return REFUSALS.includes(response.status) ? await response.text() : "";
  } catch {
    return "";
  }
}

/**
 * Tell what an answer of the API means.
 * @param {number} status
 * @param {any} body
 * @returns {Answer}
 */
function readAnswer(status, body) {
  if (status === 200) return body.livekit ? ticketOf(body) : { kind: "wait" };
  if (status === 404 || status === 410) return { kind: "gone" };
  if (status === 401 || status === 403) return { kind: "wait" };
  if (status === 400) return { kind: "refused", message: messageOf(body) };
  return { kind: "away" };
}

/**
 * @param {{livekit: {url: string, token: string}, encryption_mode?: string}} body
 * @returns {Answer}
 */
function ticketOf({ livekit: { url, token }, encryption_mode: mode = "none" }) {
  return { kind: "ticket", url, token, isEncrypted: mode !== "none" };
}

/**
 * @param {any} body
 * @returns {string}
 */
function messageOf(body) {
  if (typeof body?.detail === "string") return body.detail;
  return Object.values(body ?? {}).flat().join(" ");
}
