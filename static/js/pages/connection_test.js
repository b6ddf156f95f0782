/** The connection test's page. */

import { writeReport } from "../call/connection_report.js";
import { askTest, ConnectionTest, NAMES } from "../call/connection_test.js";
import { giveFile, ConnectionView } from "../ui/connection_view.js";
import { refusalOf, sentenceOf, summaryOf } from "../ui/connection_words.js";
import { find } from "../ui/find.js";

/** @typedef {import("../call/connection_test.js").Result} Result */

const root = find(document, "#connection-test", HTMLElement);
const { csrf = "" } = root.dataset;
const test = new ConnectionTest();
const view = new ConnectionView(root);
let isRunning = false;
let when = new Date();

view.button.addEventListener("click", () => void run());
view.button.disabled = false; // a click before now would have been lost
view.download.addEventListener("click", () => giveFile(`visio-${when.toISOString().slice(0, 16).replace(":", "")}.txt`, report()));
test.addEventListener("change", (event) => {
  const result = /** @type {CustomEvent<Result>} */ (event).detail;
  view.draw(result, NAMES.indexOf(result.name) + 1, NAMES.length);
});

async function run() {
  if (isRunning) return;
  isRunning = true;
  view.setRunning(true);
  when = new Date();
  const answer = await askTest(csrf);
  if (typeof answer === "string") view.conclude(refusalOf(answer));
  else await perform(answer);
  view.setRunning((isRunning = false));
}

/** @param {{url: string, token: string}} answer */
async function perform({ url, token }) {
  await test.run(url, token);
  view.conclude(summaryOf(test.results));
  view.download.hidden = false;
}

function report() {
  const about = { when, site: location.origin, browser: navigator.userAgent, language: document.documentElement.lang };
  return writeReport(test.results, (result) => ({ title: view.titleOf(result), sentence: sentenceOf(result) }), about);
}
