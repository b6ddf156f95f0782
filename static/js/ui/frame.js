/** Drawing at most once for each picture that the browser paints. */

/** Without one in this time (a tab in the background paints none) the drawing is done all the same. */
const LATEST_MS = 250;

/** Asks for a drawing; however often it is asked for, it is done once. */
export class Frame {
  #isDue = false;

  /** @param {() => void} draw */
  constructor(draw) {
    this.draw = draw;
  }

  /** Draw soon. */
  request() {
    if (this.#isDue) return;
    this.#isDue = true;
    const timer = setTimeout(() => this.#run(), LATEST_MS);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      this.#run();
    });
  }

  #run() {
    if (!this.#isDue) return;
    this.#isDue = false;
    this.draw();
  }
}
