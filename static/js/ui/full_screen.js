/** Full screen, where the browser has it. */

/**
 * Let an element fill the screen, or end that; a browser that refuses just does not.
 * @param {HTMLElement} element
 */
export function fill(element) {
  const change = document.fullscreenElement === element ? document.exitFullscreen() : element.requestFullscreen();
  change.catch(() => undefined);
}
