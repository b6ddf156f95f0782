/** One attempt to enter a room: a fresh ticket, then the media server. */

import { whyFull } from "./ending.js";
import { VideoPresets } from "./livekit.js";
import { askTicket, ticketGiven, whyRefused } from "./ticket.js";

/** @typedef {{kind: "entered"} | {kind: "refused", message: string} | {kind: "ended", ending: import("./ending.js").Ending}} Outcome */

/** @typedef {{url: string, token: string}} GivenTicket */

/** @type {import("livekit-client").RoomOptions} */
export const OPTIONS = {
  adaptiveStream: true,
  dynacast: true,
  disconnectOnPageLeave: false, // it takes a link to a mail program for leaving; the page itself ends the call
  publishDefaults: { videoCodec: "vp8", simulcast: true },
  videoCaptureDefaults: { resolution: VideoPresets.h720.resolution },
};

/**
 * Ask for a ticket to the room `slug`, unless one was given, and connect with it.
 * @param {import("livekit-client").Room} room
 * @param {string} slug
 * @param {string} username
 * @param {GivenTicket | null} given
 * @returns {Promise<Outcome | null>} null when another attempt may help
 */
export async function connectOnce(room, slug, username, given) {
  const answer = given ? ticketGiven(given) : await askTicket(slug, username);
  if (answer.kind === "refused") return answer;
  if (answer.kind === "wait") return { kind: "ended", ending: "waiting" };
  if (answer.kind === "gone") return { kind: "ended", ending: "closed" };
  if (answer.kind === "away") return null;
  if (answer.isEncrypted !== room.hasE2EESetup) {
    return { kind: "refused", message: gettext("The encryption of this room has changed. Please load this page again.") };
  }
  try {
    await room.connect(answer.url, answer.token);
    return { kind: "entered" };
  } catch (error) {
    const message = (await whyRefused(answer.url, answer.token)) || whyFull(error);
    return message ? { kind: "refused", message } : null;
  }
}
