/** Writes the results of a connection test down, for whoever helps. */

/** @typedef {import("./connection_test.js").Result} Result */

/**
 * Give the report as text: no name, no token, no address of this device.
 * @param {Result[]} results
 * @param {(result: Result) => {title: string, sentence: string}} words
 * @param {{when: Date, site: string, browser: string, language: string}} about
 * @returns {string}
 */
export function writeReport(results, words, { when, site, browser, language }) {
  const head = [gettext("Connection test"), when.toISOString(), site, browser, language, ""];
  return [...head, ...results.flatMap((result) => chapter(result, words(result)))].join("\n") + "\n";
}

/**
 * @param {Result} result
 * @param {{title: string, sentence: string}} words
 * @returns {string[]}
 */
function chapter({ outcome, durationMs, lines }, { title, sentence }) {
  const seconds = (durationMs / 1000).toFixed(1);
  return [`[${outcome}] ${title} (${seconds} s)`, `  ${sentence}`, ...lines.map((line) => `  ${line.level}: ${line.message}`), ""];
}
