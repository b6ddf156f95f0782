/** What the signs on a tile mean, in words: whose connection is weak, and what follows from it for whom. */

/** @typedef {import("../call/people.js").Person} Person */

/**
 * Give the two words on the tile.
 * @param {Person} person
 * @returns {string}
 */
export function qualityText({ quality }) {
  if (quality === "good") return "";
  return quality === "weak" ? gettext("Weak connection") : gettext("Connection lost");
}

/**
 * Explain them.
 * @param {Person} person
 * @returns {string}
 */
export function qualityExplained({ quality, isLocal, name }) {
  if (quality === "good") return "";
  if (isLocal) return quality === "weak" ? gettext("Your connection is weak: others may see and hear you badly, and you them.") : gettext("Your connection is interrupted: nobody sees or hears you at the moment.");
  const text =
    quality === "weak"
      ? gettext("The connection of %s is weak: their picture and sound may falter for everybody. Yours is not the cause.")
      : gettext("The connection of %s is interrupted. They may be back in a moment.");
  return interpolate(text, [name]);
}

/** @returns {string} why a picture stands still */
export const pausedText = () => gettext("Paused: your connection is too slow");
