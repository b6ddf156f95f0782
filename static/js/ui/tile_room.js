/** What there is room for on a tile, by its size: said to the style sheet, which need not ask for sizes itself. */

/** Least width and height, in rem. @type {[string, number, number][]} */
const ROOMS = [
  ["name", 9, 0],
  ["badge", 11, 7.5],
  ["words", 15, 0],
  ["card", 20, 11],
];

/**
 * Give the names of all that fits.
 * @param {{width: number, height: number}} size in CSS pixels
 * @param {number} rem in CSS pixels
 * @returns {string}
 */
export function roomFor({ width, height }, rem) {
  const fitting = ROOMS.filter(([, across, down]) => width >= across * rem && height >= down * rem);
  return fitting.map(([name]) => name).join(" ");
}

/** Give the size of the page's letters, which people may have made larger. */
export const remOf = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
