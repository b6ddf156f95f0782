/** Whom the speaker layouts show: somebody else takes over only after a moment, so that a cough does not move the stage. */

/** @typedef {import("./people.js").Person} Person */
/** @typedef {{key: string, next: string, since: number}} Following `next` has been speaking alone since `since` (milliseconds) */

const HOLD_MS = 1200;
/** @type {Readonly<Following>} */
export const NOBODY = { key: "", next: "", since: 0 };

/**
 * Follow the speakers one step further.
 * @param {Following} following
 * @param {Person[]} people
 * @param {number} now in milliseconds
 * @returns {Following}
 */
export function follow(following, people, now) {
  const others = people.filter(({ isLocal }) => !isLocal);
  const speaking = others.filter(({ isSpeaking, microphoneOn }) => isSpeaking && microphoneOn);
  const { key, next, since } = following;
  if (!others.some((person) => person.key === key)) return { key: speaking[0]?.key ?? "", next: "", since: 0 };
  if (speaking.length === 0 || speaking.some((person) => person.key === key)) return { key, next: "", since: 0 };
  if (!speaking.some((person) => person.key === next)) return { key, next: speaking[0].key, since: now };
  return now - since < HOLD_MS ? following : { key: next, next: "", since: 0 };
}
