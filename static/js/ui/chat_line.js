/** One line of chat on the screen. */

import { cardText } from "./cards.js";
import { copyOf, find } from "./find.js";
import { nodesOf } from "./links.js";
import { colourOf } from "./names.js";

/** @typedef {import("../call/chat_log.js").Line} Line */
/**
 * @typedef {object} Around what a line needs to know of the others
 * @property {string} me
 * @property {boolean} isHost
 * @property {boolean} mayWrite
 * @property {boolean} mayWritePrivately
 * @property {(id: string | null) => Line | null} find
 * @property {(identity: string) => string} nameOf nothing for who is not there
 * @property {(action: Action, line: Line) => void} act
 * @property {(id: string) => string} addressOf the address of a file
 */
/** @typedef {"reply" | "edit" | "delete" | "private"} Action */

const ACTIONS = /** @type {const} */ (["reply", "private", "edit", "delete"]);
const KILOBYTE = 1000;
const SHORT = 80;

/**
 * Draw a line.
 * @param {Line} line
 * @param {Around} around
 * @returns {HTMLElement}
 */
export function rowOf(line, around) {
  const row = copyOf("chat-line");
  row.dataset.line = line.id;
  const isMine = line.from.identity === around.me;
  row.classList.add(colourOf(line.from.identity));
  row.classList.toggle("mine", isMine);
  row.classList.toggle("deleted", line.deleted);
  row.classList.toggle("private", line.to !== null);
  row.classList.toggle("mentions-me", line.mentions.includes(around.me));
  find(row, "[data-name]", HTMLElement).textContent = line.from.name;
  find(row, "[data-card]", HTMLElement).textContent = cardText(line.from.card);
  drawTime(find(row, "[data-time]", HTMLTimeElement), line);
  find(row, "[data-edited]", HTMLElement).hidden = !line.edited || line.deleted;
  drawPrivate(find(row, "[data-private]", HTMLElement), line, isMine);
  drawQuote(find(row, "[data-quote]", HTMLElement), line, around);
  drawText(find(row, "[data-text]", HTMLElement), line, around);
  drawFile(find(row, "[data-file]", HTMLAnchorElement), line, around);
  for (const action of ACTIONS) drawAction(row, action, line, around);
  return row;
}

/**
 * @param {HTMLTimeElement} time
 * @param {Line} line
 */
function drawTime(time, { at }) {
  const { lang } = document.documentElement;
  const when = new Date(at);
  time.dateTime = at;
  time.title = when.toLocaleString(lang);
  time.textContent = when.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
}

/**
 * @param {HTMLElement} note
 * @param {Line} line
 * @param {boolean} isMine
 */
function drawPrivate(note, { to }, isMine) {
  note.hidden = !to;
  if (!to) return;
  note.textContent = isMine ? interpolate(gettext("Only for %s"), [to.name]) : gettext("Only for you");
}

/**
 * @param {HTMLElement} quote
 * @param {Line} line
 * @param {Around} around
 */
function drawQuote(quote, { reply_to, deleted }, around) {
  quote.hidden = !reply_to || deleted;
  const answered = around.find(reply_to);
  const text = answered?.deleted === false ? shortened(answered.text || answered.file?.name || "") : gettext("an earlier message");
  quote.textContent = answered ? `${answered.from.name}: ${text}` : text;
}

/**
 * @param {HTMLElement} place
 * @param {Line} line
 * @param {Around} around
 */
function drawText(place, line, around) {
  if (line.deleted) {
    place.textContent = gettext("This message was deleted.");
    return;
  }
  const names = line.mentions.map((identity) => around.nameOf(identity)).filter(Boolean);
  place.replaceChildren(...nodesOf(line.text, names));
  place.hidden = !line.text;
}

/**
 * @param {HTMLAnchorElement} link
 * @param {Line} line
 * @param {Around} around
 */
function drawFile(link, { file }, around) {
  link.hidden = !file;
  if (!file) return;
  link.href = around.addressOf(file.id);
  find(link, "[data-file-name]", HTMLElement).textContent = file.name;
  find(link, "[data-file-size]", HTMLElement).textContent = sizeText(file.size);
}

/**
 * @param {HTMLElement} row
 * @param {Action} action
 * @param {Line} line
 * @param {Around} around
 */
function drawAction(row, action, line, around) {
  const button = find(row, `[data-act="${action}"]`, HTMLButtonElement);
  button.hidden = line.deleted || !MAY[action](line, around);
  find(button, "[data-of]", HTMLElement).textContent = ` ${line.from.name}, ${shortened(line.text)}`;
  button.addEventListener("click", () => around.act(action, line));
}

/** @type {Record<Action, (line: Line, around: Around) => boolean>} */
const MAY = {
  reply: (_line, { mayWrite }) => mayWrite,
  private: ({ from }, { me, mayWritePrivately, nameOf }) => mayWritePrivately && from.identity !== me && Boolean(nameOf(from.identity)),
  edit: ({ from }, { me, mayWrite }) => mayWrite && from.identity === me,
  delete: ({ from }, { me, isHost }) => isHost || from.identity === me,
};

/**
 * @param {string} text
 * @returns {string}
 */
export function shortened(text) {
  const letters = [...text.replaceAll(/\s+/gu, " ")];
  return letters.length > SHORT ? `${letters.slice(0, SHORT).join("")}…` : letters.join("");
}

/**
 * Give a size in the reader's words.
 * @param {number} bytes
 * @returns {string}
 */
export function sizeText(bytes) {
  const { lang } = document.documentElement;
  const isLarge = bytes >= KILOBYTE ** 2;
  const value = isLarge ? bytes / KILOBYTE ** 2 : Math.max(1, bytes / KILOBYTE);
  const unit = isLarge ? "megabyte" : "kilobyte";
  return value.toLocaleString(lang, { style: "unit", unit, maximumFractionDigits: isLarge ? 1 : 0 });
}
