/** What becomes of a notice by a person's preferences: seen, heard, read out. */

/** @typedef {import("./preferences.js").Kind} Kind */
/** @typedef {Kind | "reaction" | ""} Matter nothing: an answer to what the person did, or what concerns them alone */

/** What is told in quiet mode, too. */
const URGENT = ["waiting", "recording"];
const IMPORTANT = ["waiting", "recording", "hand"];

/**
 * @param {Matter} matter
 * @param {boolean} isForMe the person is meant, and not everybody
 * @param {import("./preferences.js").Values} values
 * @returns {{isShown: boolean, isHeard: boolean, isSaid: boolean}}
 */
export function fateOf(matter, isForMe, values) {
  if (matter === "") return { isShown: true, isHeard: false, isSaid: true };
  const { announcements, quiet } = values;
  const isSaid = announcements === "all" || (announcements === "important" && (isForMe || IMPORTANT.includes(matter)));
  if (matter === "reaction") return { isShown: false, isHeard: false, isSaid };
  const isShown = values.shown[matter] && (!quiet || URGENT.includes(matter));
  return { isShown, isHeard: values.sounds[matter] && !quiet, isSaid };
}
