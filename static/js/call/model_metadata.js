/**
 * Tells MediaPipe how the segmentation model wants its picture: puts TensorFlow Lite's metadata into a model that has none.
 *
 * A model is a FlatBuffer. Its offsets point forward only, so a new head that names the old parts goes before them.
 * Numbers of fields are those of TensorFlow Lite's `schema.fbs` and `metadata_schema.fbs`.
 */

/** @typedef {{byte: number} | {word: number} | {to: Part} | {at: number} | undefined} Field where `at` is a place in the old file */
/** @typedef {{table: Field[]} | {list: Field[]} | {text: string} | {floats: number[]} | {bytes: Uint8Array}} Part */

const ROOT_BYTES = 8;
const MODEL = { operators: 1, graphs: 2, description: 3, buffers: 4, metadata: 6 };
const VERSION = 3;
/** Data of a buffer lies at such addresses. */
const ALIGN = 16;
const MAP_NORMALIZATION = 1;
/** Pixels of 0 to 255 become 0 to 1, as this model was trained. */
const WHITE = 255;

/**
 * Give the model with metadata. Throws a `RangeError` when it is no model.
 * @param {Uint8Array<ArrayBuffer>} model
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function withMetadata(model) {
  const old = new Old(model);
  const root = old.table(0);
  const buffers = old.list(old.field(root, MODEL.buffers));
  const own = { bytes: written({ table: imageToMask() }, "M001") };
  /** @type {Field[]} */
  const table = [{ word: VERSION }];
  for (const name of [MODEL.operators, MODEL.graphs, MODEL.description]) table[name] = { at: old.field(root, name) };
  const entry = { table: [{ to: { text: "TFLITE_METADATA" } }, { word: buffers.length }] };
  table[MODEL.buffers] = { to: { list: [...buffers.map((at) => ({ at })), { to: { table: [{ to: own }] } }] } };
  table[MODEL.metadata] = { to: { list: [{ to: entry }] } };
  const head = written({ table }, "TFL3");
  const whole = new Uint8Array(head.length + model.length);
  whole.set(head);
  whole.set(model, head.length);
  return whole;
}

/** One input with its normalization, one output. @returns {Field[]} */
function imageToMask() {
  const options = { table: [{ to: { floats: [0] } }, { to: { floats: [WHITE] } }] };
  const unit = { table: [{ byte: MAP_NORMALIZATION }, { to: options }] };
  const input = { table: [{ to: { text: "image" } }, undefined, undefined, undefined, { to: { list: [{ to: unit }] } }] };
  const output = { table: [{ to: { text: "mask" } }] };
  const graph = { table: [undefined, undefined, { to: { list: [{ to: input }] } }, { to: { list: [{ to: output }] } }] };
  return [{ to: { text: "selfie" } }, undefined, undefined, { to: { list: [{ to: graph }] } }];
}

/** Reads where the parts of a FlatBuffer are. */
class Old {
  /** @param {Uint8Array<ArrayBuffer>} bytes */
  constructor(bytes) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** @param {number} at @returns {number} */
  table(at) {
    return at + this.view.getUint32(at, true);
  }

  /** @param {number} table @param {number} index @returns {number} */
  field(table, index) {
    const vtable = table - this.view.getInt32(table, true);
    const inside = this.view.getUint16(vtable + 4 + 2 * index, true);
    return this.table(table + inside);
  }

  /** @param {number} list @returns {number[]} */
  list(list) {
    const count = this.view.getUint32(list, true);
    return Array.from({ length: count }, (_, index) => this.table(list + 4 + 4 * index));
  }
}

/**
 * Write a FlatBuffer whose root is `part`; `at` fields point behind its end.
 * @param {Part} part
 * @param {string} identifier four letters
 * @returns {Uint8Array<ArrayBuffer>}
 */
function written(part, identifier) {
  const writer = new Writer();
  writer.text(4, identifier);
  writer.link(0, writer.place(part));
  return writer.finish();
}

/** Puts parts one after the other, each before those that it names. */
class Writer {
  view = new DataView(new ArrayBuffer(16 * 1024));
  end = ROOT_BYTES;
  /** @type {[number, number][]} where an offset is written, and to which place of the old file */
  outward = [];

  /** @param {Part} part @returns {number} where it is */
  place(part) {
    if ("table" in part) return this.#table(part.table);
    if ("list" in part) return this.#list(part.list);
    if ("floats" in part) return this.#floats(part.floats);
    const bytes = "text" in part ? new TextEncoder().encode(`${part.text}\0`) : part.bytes;
    return this.#bytes(bytes, "text" in part ? bytes.length - 1 : bytes.length);
  }

  /** @param {Field[]} fields */
  #table(fields) {
    const vtable = this.#take(4 + 2 * fields.length, 4);
    const at = this.#take(4 + 4 * fields.length, 4);
    this.view.setUint16(vtable, 4 + 2 * fields.length, true);
    this.view.setUint16(vtable + 2, 4 + 4 * fields.length, true);
    this.view.setInt32(at, at - vtable, true);
    for (const [index, field] of fields.entries()) {
      if (!field) continue;
      this.view.setUint16(vtable + 4 + 2 * index, 4 + 4 * index, true);
      this.#field(at + 4 + 4 * index, field);
    }
    return at;
  }

  /** @param {Field[]} items */
  #list(items) {
    const at = this.#take(4 + 4 * items.length, 4);
    this.view.setUint32(at, items.length, true);
    for (const [index, item] of items.entries()) this.#field(at + 4 + 4 * index, item);
    return at;
  }

  /** @param {number} at @param {Field} field */
  #field(at, field) {
    if (!field) return;
    if ("byte" in field) this.view.setUint8(at, field.byte);
    else if ("word" in field) this.view.setUint32(at, field.word, true);
    else if ("at" in field) this.outward.push([at, field.at]);
    else this.link(at, this.place(field.to));
  }

  /** @param {number[]} values */
  #floats(values) {
    const at = this.#take(4 + 4 * values.length, 4);
    this.view.setUint32(at, values.length, true);
    for (const [index, value] of values.entries()) this.view.setFloat32(at + 4 + 4 * index, value, true);
    return at;
  }

  /** @param {Uint8Array} bytes @param {number} count */
  #bytes(bytes, count) {
    const at = this.#take(ALIGN + bytes.length, ALIGN) + ALIGN - 4;
    this.view.setUint32(at, count, true);
    new Uint8Array(this.view.buffer).set(bytes, at + 4);
    return at;
  }

  /** @param {number} size @param {number} align */
  #take(size, align) {
    const at = Math.ceil(this.end / align) * align;
    this.end = at + size;
    return at;
  }

  /** @param {number} at @param {string} letters */
  text(at, letters) {
    new Uint8Array(this.view.buffer).set(new TextEncoder().encode(letters), at);
  }

  /** @param {number} at @param {number} target */
  link(at, target) {
    this.view.setUint32(at, target - at, true);
  }

  /** @returns {Uint8Array<ArrayBuffer>} */
  finish() {
    const length = Math.ceil(this.end / ALIGN) * ALIGN;
    for (const [at, target] of this.outward) this.link(at, length + target);
    return new Uint8Array(this.view.buffer.slice(0, length));
  }
}
