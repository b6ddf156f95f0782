/** Every page: menus that close, the look that changes at once, links that copy themselves, the page without a network. */

import { keepKeyOf } from "../call/room_key.js";
import { enableCopy } from "../ui/copy.js";

keepKeyOf(location.href);

for (const menu of document.querySelectorAll("details[data-menu]")) enableMenu(/** @type {HTMLDetailsElement} */ (menu));
for (const form of document.querySelectorAll("form[data-look-form]")) enableLook(/** @type {HTMLFormElement} */ (form));
for (const button of document.querySelectorAll("[data-copy]")) {
  enableCopy(/** @type {HTMLElement} */ (button), announce);
}
for (const form of document.querySelectorAll("form[data-address-form]")) enableAddress(/** @type {HTMLFormElement} */ (form));
for (const select of document.querySelectorAll("select[data-submit]")) {
  select.addEventListener("change", () => /** @type {HTMLSelectElement} */ (select).form?.requestSubmit());
}

// Without it pages work the same; only the page without a network is the browser's then.
navigator.serviceWorker?.register(`/service-worker.js?${document.documentElement.lang}`).catch(() => undefined);

/**
 * Close a menu with Escape or by a click elsewhere.
 * @param {HTMLDetailsElement} menu
 */
function enableMenu(menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}

/**
 * Change the look without loading the page anew; the server keeps it in a cookie.
 * @param {HTMLFormElement} form
 */
function enableLook(form) {
  form.addEventListener("submit", (event) => {
    const chosen = event.submitter?.getAttribute("value");
    if (!chosen) return;
    event.preventDefault();
    document.documentElement.dataset.look = chosen;
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === chosen));
    }
    void fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), redirect: "manual" });
  });
}

/**
 * Keep the key of an encrypted room here when somebody pastes its link: the server is asked for the rest only.
 * @param {HTMLFormElement} form
 */
function enableAddress(form) {
  form.addEventListener("submit", () => {
    for (const input of form.querySelectorAll("input")) {
      keepKeyOf(input.value);
      input.value = input.value.split("#")[0];
    }
  });
}

/** @param {string} text */
function announce(text) {
  const region = document.querySelector("[data-announce]");
  if (region) region.textContent = text;
}
