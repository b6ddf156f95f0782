/** A person's own background images. They are kept in this browser only and are never sent anywhere. */

/** @typedef {{id: string, name: string, blob: Blob, added: number}} OwnImage */

const NAME = "visio-backgrounds";
const STORE = "images";
export const MOST = 8;
export const MAX_MB = 10;
const MAX_BYTES = MAX_MB * 1024 * 1024;
const TYPES = ["image/jpeg", "image/png", "image/webp"];
const MAX_SIDE_PX = 10_000;
const KEPT = { width: 1280, height: 720 };
const KEPT_AS = { type: "image/jpeg", quality: 0.85 };
const NAME_LENGTH = 60;

/** An image was not taken; the reason is for the person. */
export class ImageRefused extends Error {
  /** @param {"many" | "large" | "kind" | "storage"} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * Give all images, the oldest first; none when the browser keeps nothing.
 * @returns {Promise<OwnImage[]>}
 */
export async function ownImages() {
  try {
    /** @type {OwnImage[]} */
    const found = await request("readonly", (store) => store.getAll());
    return found.sort((one, other) => one.added - other.added);
  } catch {
    return [];
  }
}

/**
 * Keep a small copy of an image, without what a camera wrote into its file. Throws `ImageRefused`.
 * @param {File} file
 * @returns {Promise<OwnImage>}
 */
export async function addImage(file) {
  if (!TYPES.includes(file.type)) throw new ImageRefused("kind");
  if (file.size > MAX_BYTES) throw new ImageRefused("large");
  if ((await ownImages()).length >= MOST) throw new ImageRefused("many");
  const blob = await copyOf(file);
  const kept = { id: crypto.randomUUID(), name: file.name.slice(0, NAME_LENGTH), blob, added: Date.now() };
  await request("readwrite", (store) => store.put(kept)).catch(() => {
    throw new ImageRefused("storage");
  });
  return kept;
}

/** @param {string} id */
export async function removeImage(id) {
  await request("readwrite", (store) => store.delete(id)).catch(() => undefined);
}

/**
 * Give one image, or nothing when it is no longer there.
 * @param {string} id
 * @returns {Promise<OwnImage | undefined>}
 */
export async function ownImage(id) {
  return (await ownImages()).find((image) => image.id === id);
}

/**
 * @param {Blob} file
 * @returns {Promise<Blob>}
 */
async function copyOf(file) {
  const image = await createImageBitmap(file).catch(() => {
    throw new ImageRefused("kind");
  });
  if (Math.max(image.width, image.height) > MAX_SIDE_PX) throw new ImageRefused("large");
  const scale = Math.min(1, Math.max(KEPT.width / image.width, KEPT.height / image.height));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale)));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return canvas.convertToBlob(KEPT_AS);
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} ask
 * @returns {Promise<any>}
 */
async function request(mode, ask) {
  const database = await opened();
  try {
    return await settled(ask(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  const opening = indexedDB.open(NAME, 1);
  opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(STORE, { keyPath: "id" }));
  return settled(opening);
}

/**
 * @template T
 * @param {IDBRequest<T>} asked
 * @returns {Promise<T>}
 */
function settled(asked) {
  return new Promise((resolve, reject) => {
    asked.addEventListener("success", () => resolve(asked.result));
    asked.addEventListener("error", () => reject(asked.error));
  });
}
