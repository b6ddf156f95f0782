/** Time that is left, as people read it. */

/**
 * @param {number} ms
 * @returns {string} minutes and seconds
 */
export function clock(ms) {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
