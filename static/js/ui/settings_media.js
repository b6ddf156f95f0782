/** The choices of background, sound, picture and data: the same in the settings and before entering. */

import { MOST, MAX_MB, ImageRefused, addImage, ownImages, removeImage } from "../call/own_images.js";
import { canChangeBackground, canFilterNoise } from "../call/effects.js";
import { media } from "../call/media_choices.js";
import { copyOf, find } from "./find.js";

/** @typedef {import("../call/media_choices.js").Media} Media */
/** @typedef {import("../call/own_images.js").OwnImage} OwnImage */
/** @typedef {import("../call/media_choices.js").Progress} Progress */
/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

/** Draws one place where the choices are offered, and keeps it in step with the others. */
class MediaSettings {
  /** @type {string[]} addresses of the pictures shown, freed when they are drawn anew */
  #pictures = [];

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.own = find(root, "[data-own-images]", HTMLElement);
    this.told = find(root, "[data-media-told]", HTMLElement);
    root.addEventListener("change", (event) => this.#changed(/** @type {Field} */ (event.target)));
    find(root, "[data-add-image]", HTMLInputElement).addEventListener("change", () => void this.#add());
    media.addEventListener("change", () => this.#draw());
    media.addEventListener("progress", (event) => this.#tell(/** @type {CustomEvent<Progress>} */ (event).detail));
    imagesChanged.addEventListener("change", () => void this.#drawOwn());
    this.#offer();
    void this.#drawOwn();
  }

  /** Say of what this browser cannot do, that it cannot. */
  #offer() {
    this.#disable("background", !canChangeBackground());
    this.#disable("noise", !canFilterNoise());
  }

  /** @param {string} name @param {boolean} isUnable */
  #disable(name, isUnable) {
    find(this.root, `[data-unable="${name}"]`, HTMLElement).hidden = !isUnable;
    for (const field of this.root.querySelectorAll(`[data-needs="${name}"]`)) /** @type {Field} */ (field).disabled = isUnable;
  }

  /** @param {Progress} progress */
  #tell({ choice, state }) {
    this.told.textContent = progressText(choice, state);
    this.told.classList.toggle("failed", state === "failed" || state === "broken");
  }

  /** @param {Field} field */
  #changed(field) {
    const name = field.dataset.media;
    if (!name) return;
    const { now } = media;
    const usual = now[/** @type {keyof Media} */ (name)];
    const value = typeof usual === "boolean" ? /** @type {HTMLInputElement} */ (field).checked : typeof usual === "number" ? Number(field.value) : field.value;
    media.change({ [name]: value });
  }

  #draw() {
    for (const element of this.root.querySelectorAll("[data-media]")) {
      const field = /** @type {Field} */ (element);
      const value = media.now[/** @type {keyof Media} */ (field.dataset.media)];
      if (!(field instanceof HTMLInputElement)) field.value = String(value);
      else field.checked = field.type === "radio" ? field.value === value : value === true;
    }
    for (const field of this.root.querySelectorAll("[data-of-speech]")) /** @type {Field} */ (field).disabled = media.now.stereo;
    document.documentElement.dataset.mirror = media.now.mirror ? "yes" : "no";
  }

  async #drawOwn() {
    const images = await ownImages();
    for (const address of this.#pictures.splice(0)) URL.revokeObjectURL(address);
    this.own.replaceChildren(...images.map((image) => this.#row(image)));
    find(this.root, "[data-add-image]", HTMLInputElement).disabled = !canChangeBackground() || images.length >= MOST;
    this.#draw();
  }

  /** @param {OwnImage} image @returns {HTMLElement} */
  #row(image) {
    const row = copyOf("own-image");
    const address = URL.createObjectURL(image.blob);
    this.#pictures.push(address);
    const radio = find(row, "input", HTMLInputElement);
    radio.name = find(this.root, 'input[type="radio"]', HTMLInputElement).name;
    radio.value = `own:${image.id}`;
    radio.disabled = !canChangeBackground();
    find(row, "img", HTMLImageElement).src = address;
    for (const name of row.querySelectorAll("[data-name]")) name.textContent = image.name;
    find(row, "button", HTMLButtonElement).addEventListener("click", () => void this.#remove(image));
    return row;
  }

  async #add() {
    const input = find(this.root, "[data-add-image]", HTMLInputElement);
    const file = input.files?.[0];
    if (!file) return;
    try {
      const { id } = await addImage(file);
      this.told.textContent = "";
      imagesChanged.dispatchEvent(new Event("change"));
      media.change({ background: `own:${id}` });
    } catch (error) {
      this.told.textContent = refusal(error);
    }
    input.value = "";
  }

  /** @param {OwnImage} image */
  async #remove({ id, name }) {
    await removeImage(id);
    if (media.now.background === `own:${id}`) media.change({ background: "none" });
    imagesChanged.dispatchEvent(new Event("change"));
    find(this.root, "[data-add-image]", HTMLInputElement).focus();
    this.told.textContent = interpolate(gettext("%s was deleted"), [name]);
  }
}

/** Own images are the same wherever they are offered. */
const imagesChanged = new EventTarget();

/** @returns {string} */
export function lostBackgroundText() {
  return gettext("Your camera is off, because its background cannot be made. Try again, or choose “No effect” in the settings.");
}

/**
 * @param {Progress["choice"]} choice
 * @param {Progress["state"]} state
 * @returns {string}
 */
export function progressText(choice, state) {
  if (state === "ready") return "";
  if (state === "preparing") return choice === "background" ? gettext("The background is being prepared…") : gettext("The noise filter is being prepared…");
  if (state === "broken") return lostBackgroundText();
  if (choice === "noise") return gettext("The noise filter does not start in this browser. Your sound is sent without it.");
  return gettext("The background cannot be made in this browser. Choose “No effect” to show your camera as it is.");
}

/**
 * @param {unknown} error
 * @returns {string}
 */
function refusal(error) {
  const reason = error instanceof ImageRefused ? error.reason : "kind";
  if (reason === "many") return interpolate(gettext("There are already %s images of your own. Delete one first."), [String(MOST)]);
  if (reason === "large") return interpolate(gettext("This image is too large. It may have up to %s MB and 10,000 pixels on a side."), [String(MAX_MB)]);
  if (reason === "storage") return gettext("This browser does not keep images for this site.");
  return gettext("This is not an image that can be used. Choose a JPEG, PNG or WebP file.");
}

/**
 * Show the choices in every place of this page that offers them.
 * @param {ParentNode} root
 */
export function enableMediaSettings(root) {
  for (const place of root.querySelectorAll("[data-media-settings]")) {
    new MediaSettings(/** @type {HTMLElement} */ (place));
    if (place instanceof HTMLDetailsElement) place.hidden = false;
  }
}
