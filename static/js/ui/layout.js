/** Where tiles go. Pure arithmetic: sizes in, boxes out, all in CSS pixels. */

/** @typedef {{x: number, y: number, width: number, height: number}} Box */
/** @typedef {{share: Box | null, tiles: Box[], floating: boolean}} Plan `floating`: the last tile lies over the first */

export const GAP = 8;
/** A tile may be cut to anything between these; beyond, a face gets lost or a band stays empty. */
const WIDEST = 16 / 9;
const NARROWEST_WIDE_STAGE = 1.2;
const NARROWEST_TALL_STAGE = 0.8;
const SMALLEST = { width: 116, height: 72 };
const MOST_TILES = 49;
const STRIP = { share: 0.19, least: 132, most: 264 };
const FLOATING = { share: 0.22, least: 120, most: 300, margin: 14 };

/**
 * Place everybody on the stage.
 * @param {{width: number, height: number}} stage
 * @param {number} count people, this browser's person last
 * @param {boolean} sharing somebody's screen is shown
 * @returns {Plan} fewer tiles than `count` when there is no room for all
 */
export function arrange(stage, count, sharing) {
  const whole = { x: 0, y: 0, ...stage };
  if (sharing) return arrangeShare(whole, count);
  if (count === 2 && stage.width > stage.height) return arrangePair(whole);
  return { share: null, tiles: grid(whole, count), floating: false };
}

/**
 * Two people on a wide stage: the other one large, oneself small in the corner.
 * @param {Box} whole
 * @returns {Plan}
 */
function arrangePair(whole) {
  const width = clamp(whole.width * FLOATING.share, FLOATING.least, FLOATING.most);
  const height = (width * 9) / 16;
  const x = whole.width - width - FLOATING.margin;
  const y = whole.height - height - FLOATING.margin;
  return { share: null, tiles: [fitted(whole, WIDEST * 1.25), { x, y, width, height }], floating: true };
}

/**
 * A shared screen takes most of the stage, people a strip beside it (below it on a tall stage).
 * @param {Box} whole
 * @param {number} count
 * @returns {Plan}
 */
function arrangeShare(whole, count) {
  if (whole.width > whole.height) {
    const strip = clamp(whole.width * STRIP.share, STRIP.least, STRIP.most);
    const share = { ...whole, width: whole.width - strip - GAP };
    return { share, tiles: grid({ ...whole, x: share.width + GAP, width: strip }, count), floating: false };
  }
  const height = Math.min(whole.height * 0.6, (whole.width * 10) / 16 + 80);
  const below = { ...whole, y: height + GAP, height: whole.height - height - GAP };
  return { share: { ...whole, height }, tiles: grid(below, count), floating: false };
}

/**
 * Fill a box with equal tiles, as large as possible; the last row is centred.
 * @param {Box} box
 * @param {number} count
 * @returns {Box[]}
 */
export function grid(box, count) {
  let shown = Math.min(count, MOST_TILES);
  while (shown > 1 && isTooSmall(best(box, shown))) shown -= 1;
  const { columns, rows, width, height } = best(box, shown);
  const top = box.y + (box.height - rows * (height + GAP) + GAP) / 2;
  return range(shown).map((index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? shown - row * columns : columns;
    const left = box.x + (box.width - inRow * (width + GAP) + GAP) / 2;
    return { x: left + (index % columns) * (width + GAP), y: top + row * (height + GAP), width, height };
  });
}

/**
 * Give the number of columns that makes the largest tiles.
 * @param {Box} box
 * @param {number} count
 * @returns {{columns: number, rows: number, width: number, height: number}}
 */
function best(box, count) {
  const narrowest = box.width > box.height ? NARROWEST_WIDE_STAGE : NARROWEST_TALL_STAGE;
  const candidates = range(count).map((index) => {
    const columns = index + 1;
    const rows = Math.ceil(count / columns);
    const cell = {
      width: (box.width - GAP * (columns - 1)) / columns,
      height: (box.height - GAP * (rows - 1)) / rows,
    };
    return { columns, rows, ...trimmed(cell, narrowest, WIDEST) };
  });
  return candidates.reduce((one, other) => (area(other) > area(one) ? other : one));
}

/**
 * @param {{width: number, height: number}} cell
 * @param {number} narrowest
 * @param {number} widest
 * @returns {{width: number, height: number}}
 */
function trimmed({ width, height }, narrowest, widest) {
  return { width: Math.min(width, height * widest), height: Math.min(height, width / narrowest) };
}

/**
 * @param {Box} box
 * @param {number} widest
 * @returns {Box}
 */
function fitted(box, widest) {
  const width = Math.min(box.width, box.height * widest);
  return { ...box, x: box.x + (box.width - width) / 2, width };
}

/** @param {{width: number, height: number}} size */
const isTooSmall = ({ width, height }) => width < SMALLEST.width || height < SMALLEST.height;

/** @param {{width: number, height: number}} size */
const area = ({ width, height }) => Math.max(0, width) * Math.max(0, height);

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
const clamp = (value, least, most) => Math.max(least, Math.min(most, value));

/** @param {number} length */
const range = (length) => Array.from({ length }, (_, index) => index);
