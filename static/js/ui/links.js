/** Text of people as nodes: addresses become links that tell nobody where the reader came from; never HTML. */

const ADDRESSES = /(?:https?:\/\/|mailto:)[^\s<>"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu;
/** What ends a sentence rather than an address. */
const TAIL = /[.,;:!?'’»)\]}\u00a0]+$/u;
const SAFE = ["http:", "https:", "mailto:"];

/**
 * Give the nodes of `text`; each of `names` after an @ is marked.
 * @param {string} text
 * @param {string[]} names
 * @returns {(Node | string)[]}
 */
export function nodesOf(text, names) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESSES)) {
    const shown = match[0].replace(TAIL, "");
    const link = linkTo(shown);
    if (!link || match.index < end) continue;
    nodes.push(...marked(text.slice(end, match.index), names), link);
    end = match.index + shown.length;
  }
  return [...nodes, ...marked(text.slice(end), names)];
}

/**
 * @param {string} shown
 * @returns {HTMLAnchorElement | null}
 */
function linkTo(shown) {
  const address = shown.includes(":") ? shown : `mailto:${shown}`;
  if (!URL.canParse(address)) return null;
  const { protocol, href } = new URL(address);
  if (!SAFE.includes(protocol)) return null;
  const link = document.createElement("a");
  link.href = href;
  link.rel = "noopener noreferrer nofollow";
  link.target = "_blank";
  link.textContent = shown;
  return link;
}

/**
 * @param {string} text
 * @param {string[]} names
 * @returns {(Node | string)[]}
 */
function marked(text, names) {
  const called = names.map((name) => `@${name}`).find((name) => text.toLocaleLowerCase().includes(name.toLocaleLowerCase()));
  if (!called) return text ? [text] : [];
  const start = text.toLocaleLowerCase().indexOf(called.toLocaleLowerCase());
  const end = start + called.length;
  const mark = document.createElement("mark");
  mark.textContent = text.slice(start, end);
  return [...(start ? [text.slice(0, start)] : []), mark, ...marked(text.slice(end), names)];
}
