/** Finds parts of a page that its template promises. */

/**
 * Give the element that `selector` names. Throws when the template and the module disagree.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
export function find(root, selector, type) {
  const element = root.querySelector(selector);
  if (!(element instanceof type)) throw new Error(`This page has no ${type.name} ${selector}`);
  return element;
}

/**
 * Give a fresh copy of what a `<template>` holds.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function copyOf(id) {
  const first = find(document, `#${id}`, HTMLTemplateElement).content.firstElementChild;
  return /** @type {HTMLElement} */ (first?.cloneNode(true));
}

/**
 * Draw another icon of the sprite in the `<svg>` of an element.
 * @param {Element} element
 * @param {string} name
 */
export function setIcon(element, name) {
  const use = element.querySelector("use");
  const [sprite = "", drawn] = use?.getAttribute("href")?.split("#") ?? [];
  if (drawn !== name) use?.setAttribute("href", `${sprite}#${name}`);
}
