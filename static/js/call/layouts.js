/** The layouts of the stage, and which one this browser's person chose. */

/** @typedef {typeof LAYOUTS[number]} Layout */

export const LAYOUTS = /** @type {const} */ (["auto", "grid", "speaker", "strip"]);

const KEY = "visio.layout";

/**
 * Read what was chosen last time.
 * @param {Pick<Storage, "getItem">} [storage]
 * @returns {Layout}
 */
export function loadLayout(storage = localStorage) {
  try {
    return layoutOf(storage.getItem(KEY));
  } catch {
    return "auto";
  }
}

/**
 * Keep the choice for next time; a browser that forbids storage just forgets.
 * @param {Layout} layout
 * @param {Pick<Storage, "setItem">} [storage]
 */
export function saveLayout(layout, storage = localStorage) {
  try {
    storage.setItem(KEY, layout);
  } catch {
    return;
  }
}

/**
 * @param {unknown} name
 * @returns {Layout}
 */
export const layoutOf = (name) => LAYOUTS.find((layout) => layout === name) ?? "auto";
