/** The figures of one's own connection in words. */

/** @typedef {import("../call/connection_stats.js").Figures} Figures */
/** @typedef {import("../call/connection_stats.js").Stream} Stream */
/** @typedef {import("../call/connection_owners.js").Owner} Owner */

/** @type {Record<string, () => string>} */
const ROUTES = {
  udp: () => gettext("direct (UDP)"),
  tcp: () => gettext("direct (TCP)"),
  "relay-udp": () => gettext("through a relay (UDP)"),
  "relay-tcp": () => gettext("through a relay (TCP)"),
  "relay-tls": () => gettext("through a relay (TLS)"),
};
/** @type {Record<string, () => string>} */
const VERDICTS = {
  good: () => gettext("Your connection is good"),
  fair: () => gettext("Your connection has limits"),
  poor: () => gettext("Your connection is poor"),
};
/** @type {Record<import("../call/connection_stats.js").Remark, () => string>} */
const REMARKS = {
  "loss-up": () => gettext("A part of what you send gets lost on the way: others may hear and see you with gaps. A cable instead of Wi-Fi often helps."),
  "loss-down": () => gettext("A part of what is sent to you gets lost on the way: you may hear and see others with gaps. A cable instead of Wi-Fi often helps."),
  delay: () => gettext("The way to the service takes long: answers come late, and people speak at the same time."),
  jitter: () => gettext("Packets come at uneven times, so that sound may stutter. Somebody else may be using the same network."),
  narrow: () => gettext("Your connection has too little room for a clear picture, so that you send a smaller one. Turn your camera off if sound suffers."),
  busy: () => gettext("Your device is busy, so that you send a smaller picture. Close other programs."),
  tcp: () => gettext("Your network lets only TCP through: delays are felt more than with UDP."),
  relay: () => gettext("A relay carries your call, because your network does not let it through otherwise."),
};
/** @type {Record<string, () => string>} */
const SOURCES = {
  microphone: () => gettext("Microphone"),
  camera: () => gettext("Camera"),
  screen_share: () => gettext("Shared screen"),
  screen_share_audio: () => gettext("Sound of the shared screen"),
};
/** @type {Record<string, () => string>} */
const LAYERS = { q: () => gettext("small"), h: () => gettext("medium"), f: () => gettext("large") };

/** @param {"good" | "fair" | "poor"} verdict */
export const verdictText = (verdict) => VERDICTS[verdict]();

/** @param {import("../call/connection_stats.js").Remark} remark */
export const remarkText = (remark) => REMARKS[remark]();

/**
 * Give what the figures are called, and what they are.
 * @param {Figures} figures
 * @returns {[string, string][]}
 */
export function factsOf(figures) {
  return [
    [gettext("Way"), ROUTES[figures.route]?.() ?? gettext("unknown")],
    [gettext("There and back"), figures.rttMs === null ? gettext("unknown") : milliseconds(figures.rttMs)],
    [gettext("Unevenness (jitter)"), milliseconds(figures.jitterMs)],
    [gettext("Lost of what you send"), percent(figures.upLossPercent)],
    [gettext("Lost of what you receive"), percent(figures.downLossPercent)],
    [gettext("You send"), rate(figures.upBps)],
    [gettext("You receive"), rate(figures.downBps)],
  ];
}

/**
 * @param {Stream} stream
 * @param {Owner | undefined} owner
 * @param {boolean} isNamed
 * @returns {{what: string, rate: string, about: string}}
 */
export function streamText(stream, owner, isNamed) {
  const source = SOURCES[owner?.source ?? ""]?.() ?? (stream.kind === "audio" ? gettext("Sound") : gettext("Picture"));
  const what = isNamed && owner && !owner.isLocal ? `${source} · ${owner.name}` : source;
  const size = stream.width ? `${stream.width}×${stream.height}` : "";
  const fps = stream.width ? interpolate(gettext("%s frames a second"), [String(Math.round(stream.fps))]) : "";
  const loss = interpolate(gettext("%s lost"), [percent(stream.lossPercent)]);
  return { what, rate: rate(stream.bps), about: [LAYERS[stream.layer]?.(), size, fps, codecName(stream.codec), loss].filter(Boolean).join(" · ") };
}

/** @param {string} codec */
function codecName(codec) {
  return codec === "opus" ? "Opus" : codec;
}

/** @param {number} value */
function milliseconds(value) {
  return interpolate(gettext("%s ms"), [String(Math.round(value))]);
}

/** @param {number} value */
function percent(value) {
  return interpolate(gettext("%s %"), [value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })]);
}

/** @param {number} bps */
function rate(bps) {
  const [value, format] = bps < 1e6 ? [bps / 1e3, gettext("%s kbit/s")] : [bps / 1e6, gettext("%s Mbit/s")];
  const digits = { maximumFractionDigits: bps < 1e6 ? 0 : 1 };
  return interpolate(format, [value.toLocaleString(document.documentElement.lang, digits)]);
}
