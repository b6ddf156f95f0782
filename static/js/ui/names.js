/** What stands for a person without a picture. */

const COLOURS = 8;

/**
 * Give the one or two letters of a name.
 * @param {string} name
 * @returns {string}
 */
export function initialsOf(name) {
  const words = name.split(/[\s_]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const chosen = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return chosen.map((word) => [...word][0].toLocaleUpperCase()).join("") || "?";
}

/**
 * Give one of a few colour classes, always the same for the same person.
 * @param {string} key
 * @returns {string}
 */
export function colourOf(key) {
  const sum = [...key].reduce((total, letter) => (total * 31 + (letter.codePointAt(0) ?? 0)) % 65_521, 7);
  return `colour-${sum % COLOURS}`;
}
