/** The administration's live page: brings what the media workers say up to date, until somebody stops it. */

export const PERIOD_MS = 2000;

const live = /** @type {HTMLElement} */ (document.querySelector("[data-live]"));
const region = /** @type {HTMLElement} */ (live.querySelector("[data-region]"));
const notice = /** @type {HTMLElement} */ (live.querySelector("[data-status]"));
const stopper = /** @type {HTMLButtonElement} */ (live.querySelector("[data-stop]"));

let stopped = false;
let lost = "";

stopper.hidden = false;
stopper.addEventListener("click", () => {
  stopped = !stopped;
  stopper.setAttribute("aria-pressed", String(stopped));
  say(stopped ? (live.dataset.stopped ?? "") : "");
});
setTimeout(() => void follow(), PERIOD_MS);

/** Update while the page is looked at; one request at a time. */
async function follow() {
  if (!stopped && document.visibilityState === "visible") await update();
  setTimeout(() => void follow(), PERIOD_MS);
}

/** Ask for what changes on this page, and show it. */
async function update() {
  const address = new URL(location.href);
  address.searchParams.set("fragment", "1");
  try {
    const answer = await fetch(address, { redirect: "error", signal: AbortSignal.timeout(5 * PERIOD_MS) });
    if (!answer.ok) throw new Error(String(answer.status));
    const text = await answer.text();
    if (stopped) return;
    show(text);
    say("");
  } catch {
    say(live.dataset.failed ?? "");
  }
}

/**
 * Put the server's own markup in place; tables keep their scroll position, and what has the focus keeps it, also when
 * it was not there for a while.
 * @param {string} markup
 */
function show(markup) {
  const focused = document.activeElement;
  const inside = focused !== null && region.contains(focused);
  const name = inside ? focused.id || label(focused) : focused === document.body ? lost : "";
  const scrolled = new Map([...region.querySelectorAll(".live-table")].map((table) => [label(table), table.scrollLeft]));
  const fresh = new DOMParser().parseFromString(markup, "text/html");
  region.replaceChildren(...fresh.body.childNodes);
  for (const table of region.querySelectorAll(".live-table")) table.scrollLeft = scrolled.get(label(table)) ?? 0;
  lost = "";
  if (!name) return;
  const again = document.getElementById(name);
  const target = again?.matches("a") ? again : region.querySelector(`[aria-labelledby="${CSS.escape(name)}"]`);
  if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  else lost = name;
}

/** @param {Element} table */
function label(table) {
  return table.getAttribute("aria-labelledby");
}

/** @param {string} text */
function say(text) {
  if (notice.textContent !== text) notice.textContent = text;
}
