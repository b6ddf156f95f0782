/** Where tiles go. Pure arithmetic: sizes in, boxes out, all in CSS pixels. */

/** @typedef {{x: number, y: number, width: number, height: number}} Box */
/** @typedef {{width: number, height: number}} Size */
/** @typedef {{large: number, pinned: number, others: number, floating: boolean, sharing: boolean}} Counts `sharing`: the large one is a screen */
/**
 * @typedef {object} Plan
 * @property {Box[]} large
 * @property {Box[]} pinned
 * @property {Box[]} others those of this page
 * @property {Box | null} floating
 * @property {Box | null} pager where the buttons of the pages go, when there are several
 * @property {number} page from 0
 * @property {number} pages
 * @property {number} places for others on the first page
 * @property {number} first the place of the page's first one among the others
 */
/** @typedef {{box: Box, pages: number, places: number, pager: Box | null}} Book how many fit on a page of a box */

export const GAP = 8;
const MOST_TILES = 49;
/** A tile may be cut to anything between these; beyond, a face gets lost or a band stays empty. */
const WIDEST = 16 / 9;
const NARROWEST_WIDE_STAGE = 1.2;
const NARROWEST_TALL_STAGE = 0.8;
/** Alone, a picture may be cut to these. */
const WIDEST_ALONE = WIDEST * 1.25;
const SMALLEST = { width: 116, height: 72 };
/** On a telephone held upright, where a grid has one or two columns. */
const SMALLEST_TALL = { width: 140, height: 140 };
const STRIP = { share: 0.19, least: 132, most: 264 };
const STRIP_WITH_PINS = { share: 0.27, least: 160, most: 400 };
const FLOATING = { share: 0.22, least: 120, most: 300, margin: 14 };
const PAGER_HEIGHT = 40;
/** How much of the strip those who are pinned may take from the others. */
const MOST_OF_STRIP = 0.6;
const LOW = 300;
/** Of a tall stage, by its width: a screen is 3:2 at most, a face may be nearly square. */
const TALLEST_SHARE = 0.67;
const TALLEST_FACE = 0.85;

/**
 * Place everybody on the stage.
 * @param {Size} stage
 * @param {Counts} counts
 * @param {number} [page] the one asked for, from 0; the last one when there are fewer
 * @returns {Plan}
 */
export function arrange(stage, counts, page = 0) {
  const whole = { x: 0, y: 0, ...stage };
  const floating = counts.floating ? corner(whole) : null;
  const isWide = whole.width > whole.height;
  if (counts.large === 0) return { ...NOBODY, ...alike(whole, counts, page, isWide ? SMALLEST : SMALLEST_TALL), floating };
  if (counts.pinned + counts.others === 0) return { ...NOBODY, large: leading(whole, counts), floating };
  return { ...NOBODY, ...(isWide ? beside : below)(whole, counts, page), floating };
}

/** @type {Plan} */
const NOBODY = { large: [], pinned: [], others: [], floating: null, pager: null, page: 0, pages: 1, places: 0, first: 0 };

/**
 * Everybody equally large; those who are pinned first, on every page.
 * @param {Box} box
 * @param {Counts} counts
 * @param {number} page
 * @param {Size} smallest
 */
function alike(box, { pinned, others }, page, smallest) {
  const book = bookOf(box, others, pinned, smallest);
  const { count, ...open } = openAt(book, others, page);
  const boxes = grid(book.box, pinned + count, smallest);
  return { ...open, pager: book.pager, pinned: boxes.slice(0, pinned), others: boxes.slice(pinned) };
}

/**
 * The large ones take most of a wide stage, the others a strip beside them.
 * @param {Box} whole
 * @param {Counts} counts
 * @param {number} page
 */
function beside(whole, counts, page) {
  const { share, least, most } = counts.pinned > 0 ? STRIP_WITH_PINS : STRIP;
  const width = clamp(whole.width * share, least, most);
  const main = { ...whole, width: whole.width - width - GAP };
  return { large: leading(main, counts), ...strip({ ...whole, x: main.width + GAP, width }, counts, page) };
}

/**
 * The large ones on top of a tall stage, the others below.
 * @param {Box} whole
 * @param {Counts} counts
 * @param {number} page
 */
function below(whole, counts, page) {
  const height = Math.min(whole.height * 0.6, whole.width * (counts.sharing ? TALLEST_SHARE : TALLEST_FACE));
  const main = { ...whole, height };
  const rest = { ...whole, y: height + GAP, height: whole.height - height - GAP };
  return { large: leading(main, counts), ...strip(rest, counts, page) };
}

/**
 * Those who are pinned on top, as large as the strip is wide, then the others, page by page; in a low strip all alike.
 * @param {Box} box
 * @param {Counts} counts
 * @param {number} page
 */
function strip(box, counts, page) {
  const { pinned, others } = counts;
  if (pinned === 0 || others === 0 || box.height < LOW) return alike(box, counts, page, SMALLEST);
  const height = Math.min(pinned * ((box.width * 9) / 16 + GAP), box.height * MOST_OF_STRIP);
  const rest = { ...box, y: box.y + height, height: box.height - height };
  return { ...alike(rest, { ...counts, pinned: 0 }, page, SMALLEST), pinned: grid({ ...box, height: height - GAP }, pinned) };
}

/**
 * Divide others into pages of about equal length.
 * @param {Box} box
 * @param {number} others
 * @param {number} kept how many stay on every page
 * @param {Size} smallest
 * @returns {Book}
 */
function bookOf(box, others, kept, smallest) {
  if (others + kept <= capacity(box, others + kept, smallest)) return { box, pages: 1, places: others, pager: null };
  const height = Math.max(1, box.height - PAGER_HEIGHT - GAP);
  const body = { ...box, height };
  const fitting = Math.max(1, capacity(body, others + kept, smallest) - kept);
  const pages = Math.max(1, Math.ceil(others / fitting));
  const pager = { ...box, y: box.y + box.height - PAGER_HEIGHT, height: PAGER_HEIGHT };
  return { box: body, pages, places: Math.ceil(others / pages), pager: pages > 1 ? pager : null };
}

/**
 * @param {Book} book
 * @param {number} others
 * @param {number} wanted
 */
function openAt({ pages, places }, others, wanted) {
  const page = clamp(wanted, 0, pages - 1);
  const first = page * places;
  return { page, pages, places, first, count: Math.min(places, others - first) };
}

/**
 * Say how many of `count` fit into a box without getting too small.
 * @param {Box} box
 * @param {number} count
 * @param {Size} smallest
 */
function capacity(box, count, smallest) {
  let fitting = Math.min(count, MOST_TILES);
  while (fitting > 1 && isSmaller(best(box, fitting, smallest), smallest)) fitting -= 1;
  return fitting;
}

/**
 * @param {Box} box
 * @param {Counts} counts
 * @returns {Box[]}
 */
function leading(box, { large, sharing }) {
  if (large > 1) return grid(box, large);
  return [sharing ? box : centred(box, trimmed(box, narrowestOf(box), WIDEST_ALONE))];
}

/**
 * Fill a box with equal tiles, as large as possible; the last row is centred.
 * @param {Box} box
 * @param {number} count
 * @param {Size} [smallest]
 * @returns {Box[]}
 */
export function grid(box, count, smallest = SMALLEST) {
  if (count <= 0) return [];
  const { columns, rows, width, height } = best(box, count, smallest);
  const top = box.y + (box.height - rows * (height + GAP) + GAP) / 2;
  return range(count).map((index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = box.x + (box.width - inRow * (width + GAP) + GAP) / 2;
    return { x: left + (index % columns) * (width + GAP), y: top + row * (height + GAP), width, height };
  });
}

/**
 * Give the number of columns that makes the largest tiles, and none that are too small where that can be.
 * @param {Box} box
 * @param {number} count
 * @param {Size} smallest
 * @returns {{columns: number, rows: number, width: number, height: number}}
 */
function best(box, count, smallest) {
  const candidates = range(count).map((index) => {
    const columns = index + 1;
    const rows = Math.ceil(count / columns);
    const cell = {
      width: (box.width - GAP * (columns - 1)) / columns,
      height: (box.height - GAP * (rows - 1)) / rows,
    };
    return { columns, rows, ...trimmed(cell, narrowestOf(box), WIDEST) };
  });
  const fitting = candidates.filter((candidate) => !isSmaller(candidate, smallest));
  return (fitting.length > 0 ? fitting : candidates).reduce((one, other) => (area(other) > area(one) ? other : one));
}

/**
 * Oneself, small over the stage.
 * @param {Box} whole
 * @returns {Box}
 */
function corner(whole) {
  const width = clamp(whole.width * FLOATING.share, FLOATING.least, FLOATING.most);
  const height = (width * 9) / 16;
  return { x: whole.width - width - FLOATING.margin, y: whole.height - height - FLOATING.margin, width, height };
}

/**
 * @param {Size} cell
 * @param {number} narrowest
 * @param {number} widest
 * @returns {Size}
 */
function trimmed({ width, height }, narrowest, widest) {
  return { width: Math.min(width, height * widest), height: Math.min(height, width / narrowest) };
}

/**
 * @param {Box} box
 * @param {Size} size
 * @returns {Box}
 */
function centred(box, { width, height }) {
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}

/** @param {Size} box */
const narrowestOf = ({ width, height }) => (width > height ? NARROWEST_WIDE_STAGE : NARROWEST_TALL_STAGE);

/**
 * @param {Size} size
 * @param {Size} smallest
 */
const isSmaller = ({ width, height }, smallest) => width < smallest.width || height < smallest.height;

/** @param {Size} size */
const area = ({ width, height }) => Math.max(0, width) * Math.max(0, height);

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
const clamp = (value, least, most) => Math.max(least, Math.min(most, value));

/** @param {number} length */
const range = (length) => Array.from({ length }, (_, index) => index);
