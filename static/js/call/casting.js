/** Who is shown where: large, pinned, among the others, or afloat. Values in, values out. */

/** @typedef {import("./people.js").Person} Person */
/** @typedef {import("./layouts.js").Layout} Layout */

/** Something on the stage: a person, or the screen that a person shares. */
/** @typedef {{id: string, person: Person, isShare: boolean}} Figure */

/**
 * Everybody's part. `pinned` stay on every page of `others`; `floating` lies small over the stage.
 * @typedef {{large: Figure[], pinned: Figure[], others: Figure[], floating: Figure | null}} Cast
 */

/**
 * What decides about the parts.
 * @typedef {object} Direction
 * @property {Layout} layout
 * @property {ReadonlySet<string>} pins keys of those whom this browser's person pinned
 * @property {string} spotlight whom a host shows large to everybody: a key, or nothing
 * @property {string} speaker whom the speaker layouts show: a key, or nothing
 * @property {string} share whose screen was chosen when there are several: a key, or nothing
 * @property {boolean} isWide the stage is wider than high
 */

/**
 * Give everybody a part.
 * @param {Person[]} people this browser's person last
 * @param {Direction} direction
 * @returns {Cast}
 */
export function castOf(people, direction) {
  const figures = people.map(figureOf);
  const shares = sharesOf(people);
  const share = shares.find(({ person }) => person.key === direction.share) ?? shares.at(-1);
  const kept = keptOf(figures, direction);
  const large = leadersOf(figures, share, kept, direction);
  const pinned = [...(share ? [share] : []), ...kept].filter((figure) => !large.includes(figure));
  const placed = new Set([...large, ...pinned]);
  const rest = figures.filter((figure) => !placed.has(figure));
  const choices = shares.filter((one) => one !== share);
  const mine = rest.find(({ person }) => person.isLocal) ?? null;
  const floating = pinned.length + choices.length === 0 && floats(direction, large, [...shares, ...kept]) ? mine : null;
  const beside = rest.filter((figure) => figure !== floating && (figure === mine || direction.layout !== "speaker"));
  return { large, pinned, others: [...choices, ...beside], floating };
}

/**
 * Give the screens that others share; one's own would show a tunnel of mirrors.
 * @param {Person[]} people
 * @returns {Figure[]}
 */
function sharesOf(people) {
  const sharers = people.filter((person) => person.share !== null && !person.isLocal);
  return sharers.map((person) => ({ id: `share ${person.key}`, person, isShare: true }));
}

/**
 * @param {Person} person
 * @returns {Figure}
 */
const figureOf = (person) => ({ id: person.key, person, isShare: false });

/**
 * Give those who stay visible whatever the page: the host's choice first, then one's own.
 * @param {Figure[]} figures
 * @param {Direction} direction
 */
function keptOf(figures, { spotlight, pins }) {
  const lit = figures.length > 1 ? figures.filter(({ id }) => id === spotlight) : [];
  return [...lit, ...figures.filter(({ id }) => pins.has(id) && id !== spotlight)];
}

/**
 * Give those who are shown large.
 * @param {Figure[]} figures
 * @param {Figure | undefined} share
 * @param {Figure[]} kept
 * @param {Direction} direction
 * @returns {Figure[]}
 */
function leadersOf(figures, share, kept, { layout, spotlight, speaker, isWide }) {
  if (layout === "grid") return [];
  if (share) return [share];
  if (kept[0]?.id === spotlight) return [kept[0]];
  if (layout !== "auto") return [speakerOf(figures, speaker)].filter((figure) => figure !== undefined);
  if (kept.length > 0) return kept;
  return figures.length === 2 && isWide ? [figures[0]] : [];
}

/**
 * @param {Figure[]} figures
 * @param {string} speaker
 */
const speakerOf = (figures, speaker) => figures.find(({ id }) => id === speaker) ?? figures[0];

/**
 * Say whether this browser's person lies small over the stage.
 * @param {Direction} direction
 * @param {Figure[]} large
 * @param {Figure[]} chosen those whom somebody made large or pinned
 */
function floats({ layout }, large, chosen) {
  return layout === "speaker" || (layout === "auto" && chosen.length === 0 && large.length === 1);
}
