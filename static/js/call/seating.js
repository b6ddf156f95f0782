/** The order of people over the pages of the stage: who is active comes to the first page, nobody else moves. */

/** @typedef {import("./casting.js").Figure} Figure */

/**
 * Order figures as last time, newcomers behind. Who speaks or raises a hand on a later page changes places with the one
 * on the first page who has been silent longest. This browser's person is the last one of the first page.
 * @param {string[]} order ids of the figures in last time's order
 * @param {Figure[]} figures
 * @param {number} places on the first page
 * @returns {Figure[]}
 */
export function seat(order, figures, places) {
  const mine = figures.filter(isMine);
  const seats = inOrder(order, figures.filter((figure) => !isMine(figure)));
  const front = Math.max(0, places - mine.length);
  for (let index = front; index < seats.length; index += 1) {
    if (isActive(seats[index])) bringForward(seats, index, front);
  }
  return [...seats.slice(0, front), ...mine, ...seats.slice(front)];
}

/**
 * @param {string[]} order
 * @param {Figure[]} figures
 */
function inOrder(order, figures) {
  const byId = new Map(figures.map((figure) => [figure.id, figure]));
  const screens = figures.filter(({ isShare }) => isShare);
  const known = order.flatMap((id) => byId.get(id) ?? []);
  return [...new Set([...screens, ...known, ...figures])];
}

/**
 * @param {Figure[]} seats
 * @param {number} index
 * @param {number} front
 */
function bringForward(seats, index, front) {
  const quiet = seats.slice(0, front).filter((figure) => !figure.isShare && !isActive(figure));
  if (quiet.length === 0) return;
  const longest = quiet.reduce((one, other) => (other.person.spokeAt < one.person.spokeAt ? other : one));
  seats[seats.indexOf(longest)] = seats[index];
  seats[index] = longest;
}

/** @param {Figure} figure */
const isMine = ({ person, isShare }) => person.isLocal && !isShare;

/** @param {Figure} figure */
const isActive = ({ person }) => (person.isSpeaking && person.microphoneOn) || person.hand > 0;
