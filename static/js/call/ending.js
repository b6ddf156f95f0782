/** Why a connection ended, and whether the person may come back without being asked. */

import { ConnectionError, ConnectionErrorReason, DisconnectReason } from "./livekit.js";

/** @typedef {"left" | "elsewhere" | "removed" | "closed" | "excess" | "refused" | "waiting" | "lost"} Ending */

/** @type {Map<DisconnectReason | undefined, Ending>} */
const FINAL = new Map([
  [DisconnectReason.CLIENT_INITIATED, "left"],
  [DisconnectReason.DUPLICATE_IDENTITY, "elsewhere"],
  [DisconnectReason.PARTICIPANT_REMOVED, "removed"],
  [DisconnectReason.ROOM_DELETED, "closed"],
  [DisconnectReason.ROOM_CLOSED, "closed"],
  [DisconnectReason.STATE_MISMATCH, "excess"],
]);

/** First attempts come quickly (a worker restarts in a second), later ones spare the server. */
const PAUSES_MS = [0, 300, 700, 1500, 3000, 5000];
export const ATTEMPTS_TO_ENTER = 4;
export const ATTEMPTS_TO_RETURN = 60;

/**
 * Give the ending that a reason means, or null when coming back is right.
 * @param {DisconnectReason | undefined} reason
 * @returns {Ending | null}
 */
export function endingOf(reason) {
  return FINAL.get(reason) ?? null;
}

/**
 * Give a sentence when the media worker itself found the room full, which web learns a moment later.
 * @param {unknown} error
 * @returns {string}
 */
export function whyFull(error) {
  const isLeave = error instanceof ConnectionError && error.reason === ConnectionErrorReason.LeaveRequest;
  if (!isLeave || error.context !== DisconnectReason.JOIN_FAILURE) return "";
  return gettext("This room is full. Please try again when somebody has left.");
}

/**
 * Give the pause before an attempt (counted from 0), in milliseconds; up to a fifth is random, so that
 * everybody of a room does not come back in the same instant.
 * @param {number} attempt
 * @param {number} [random] from 0 to 1
 * @returns {number}
 */
export function pauseBefore(attempt, random = Math.random()) {
  const pause = PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)];
  return Math.round(pause * (1 + random / 5));
}

/**
 * Wait, but not longer than until the network is back.
 * @param {number} duration_ms
 * @returns {Promise<void>}
 */
export function pause(duration_ms) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, duration_ms);
    addEventListener("online", done, { once: true });
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
  });
}
