/** What WebRTC's statistics say of one's own connection, as plain values. Pure but for `statsOf`. */

/** @typedef {{id: string, type: string, timestamp: number, [name: string]: any}} Report */
/**
 * @typedef {object} Stream one layer that is sent, or one track that arrives
 * @property {"up" | "down"} direction
 * @property {"audio" | "video"} kind
 * @property {string} track the id of the browser's track, by which its owner is found
 * @property {string} layer `q`, `h` or `f` of those sent; nothing when there is one only
 * @property {number} width
 * @property {number} height
 * @property {number} fps
 * @property {number} bps
 * @property {number} lossPercent
 * @property {number} jitterMs
 * @property {string} codec
 * @property {string} limitedBy `bandwidth`, `cpu` or nothing
 */
/** @typedef {"udp" | "tcp" | "relay-udp" | "relay-tcp" | "relay-tls" | ""} Route */
/**
 * @typedef {object} Figures
 * @property {Route} route
 * @property {number | null} rttMs
 * @property {number} upBps
 * @property {number} downBps
 * @property {number} upLossPercent
 * @property {number} downLossPercent
 * @property {number} jitterMs the worst of all
 * @property {Stream[]} streams
 */

/** Turns reports into figures per second, by what has changed since the reports before. */
export class Meter {
  /** @type {Map<string, Report>} */
  #before = new Map();

  /**
   * @param {Report[]} reports of all peer connections
   * @returns {Figures}
   */
  read(reports) {
    const all = new Map(reports.map((report) => [report.id, report]));
    const streams = reports.flatMap((report) => this.#stream(report, all) ?? []);
    this.#before = all;
    return { ...pathOf(reports, all), ...sumOf(streams), streams };
  }

  /**
   * @param {Report} report
   * @param {Map<string, Report>} all
   * @returns {Stream | null}
   */
  #stream(report, all) {
    if (report.type === "outbound-rtp") return report.active === false ? null : this.#up(report, all);
    return report.type === "inbound-rtp" ? this.#down(report, all) : null;
  }

  /**
   * @param {Report} report
   * @param {Map<string, Report>} all
   * @returns {Stream | null}
   */
  #up(report, all) {
    const far = all.get(report.remoteId);
    const seconds = this.#seconds(report);
    const limit = report.qualityLimitationReason;
    return {
      ...common(report, all),
      direction: "up",
      track: all.get(report.mediaSourceId)?.trackIdentifier ?? "",
      layer: report.rid ?? "",
      bps: seconds && (this.#grown(report, "bytesSent") * 8) / seconds,
      lossPercent: (far?.fractionLost ?? 0) * 100,
      jitterMs: (far?.jitter ?? 0) * 1000,
      limitedBy: limit === "bandwidth" || limit === "cpu" ? limit : "",
    };
  }

  /**
   * @param {Report} report
   * @param {Map<string, Report>} all
   * @returns {Stream | null}
   */
  #down(report, all) {
    const seconds = this.#seconds(report);
    const [lost, got] = [this.#grown(report, "packetsLost"), this.#grown(report, "packetsReceived")];
    return {
      ...common(report, all),
      direction: "down",
      track: report.trackIdentifier ?? "",
      layer: "",
      bps: seconds && (this.#grown(report, "bytesReceived") * 8) / seconds,
      lossPercent: lost + got > 0 ? (100 * lost) / (lost + got) : 0,
      jitterMs: (report.jitter ?? 0) * 1000,
      limitedBy: "",
    };
  }

  /** @param {Report} report */
  #seconds({ id, timestamp }) {
    const before = this.#before.get(id);
    return before ? (timestamp - before.timestamp) / 1000 : 0;
  }

  /**
   * Give by how much a count has grown; in another room it begins anew.
   * @param {Report} report
   * @param {string} name
   * @returns {number}
   */
  #grown(report, name) {
    return Math.max(0, (report[name] ?? 0) - (this.#before.get(report.id)?.[name] ?? report[name] ?? 0));
  }
}

/**
 * @param {Report} report
 * @param {Map<string, Report>} all
 */
function common({ kind, frameWidth = 0, frameHeight = 0, framesPerSecond = 0, codecId }, all) {
  const codec = String(all.get(codecId)?.mimeType ?? "").split("/")[1] ?? "";
  return { kind, width: frameWidth, height: frameHeight, fps: framesPerSecond, codec };
}

/**
 * @param {Stream[]} streams
 */
function sumOf(streams) {
  const up = streams.filter(({ direction }) => direction === "up");
  const down = streams.filter(({ direction }) => direction === "down");
  const rate = (/** @type {Stream[]} */ some) => some.reduce((sum, { bps }) => sum + bps, 0);
  const worst = (/** @type {number[]} */ some) => Math.max(0, ...some);
  return {
    upBps: rate(up),
    downBps: rate(down),
    upLossPercent: worst(up.map(({ lossPercent }) => lossPercent)),
    downLossPercent: worst(down.map(({ lossPercent }) => lossPercent)),
    jitterMs: worst(streams.map(({ jitterMs }) => jitterMs)),
  };
}

/**
 * Give the way that packets take: that of the pair of addresses in use.
 * @param {Report[]} reports
 * @param {Map<string, Report>} all
 * @returns {{route: Route, rttMs: number | null}}
 */
function pathOf(reports, all) {
  const chosen = reports.filter(({ type }) => type === "transport").map((one) => all.get(one.selectedCandidatePairId));
  const pair = chosen.find(Boolean) ?? reports.find(({ type, nominated, state }) => type === "candidate-pair" && nominated && state === "succeeded");
  const rtt = pair?.currentRoundTripTime;
  return { route: routeOf(all.get(pair?.localCandidateId)), rttMs: typeof rtt === "number" ? rtt * 1000 : null };
}

/**
 * @param {Report | undefined} local
 * @returns {Route}
 */
function routeOf(local) {
  if (!local) return "";
  if (local.candidateType === "relay") return local.relayProtocol ? /** @type {Route} */ (`relay-${local.relayProtocol}`) : "relay-udp";
  return local.protocol === "tcp" ? "tcp" : "udp";
}

/** @typedef {"loss-up" | "loss-down" | "delay" | "jitter" | "narrow" | "busy" | "tcp" | "relay"} Remark */

const LIMITS = { lossPercent: 3, badLossPercent: 10, rttMs: 300, badRttMs: 600, jitterMs: 60 };

/**
 * Judge the figures.
 * @param {Figures} figures
 * @returns {{verdict: "good" | "fair" | "poor", remarks: Remark[]}}
 */
export function judge(figures) {
  const { upLossPercent, downLossPercent, rttMs, jitterMs, streams, route } = figures;
  /** @type {[Remark, boolean][]} */
  const troubles = [
    ["loss-up", upLossPercent > LIMITS.lossPercent],
    ["loss-down", downLossPercent > LIMITS.lossPercent],
    ["delay", (rttMs ?? 0) > LIMITS.rttMs],
    ["jitter", jitterMs > LIMITS.jitterMs],
    ["narrow", streams.some(({ limitedBy }) => limitedBy === "bandwidth")],
    ["busy", streams.some(({ limitedBy }) => limitedBy === "cpu")],
  ];
  const remarks = troubles.filter(([, holds]) => holds).map(([remark]) => remark);
  const isPoor = Math.max(upLossPercent, downLossPercent) > LIMITS.badLossPercent || (rttMs ?? 0) > LIMITS.badRttMs;
  const verdict = isPoor ? "poor" : remarks.length ? "fair" : "good";
  if (route === "tcp") remarks.push("tcp");
  if (route.startsWith("relay")) remarks.push("relay");
  return { verdict, remarks };
}

/**
 * Give the reports of all peer connections of a room.
 * @param {import("livekit-client").Room} room
 * @returns {Promise<Report[]>}
 */
export async function statsOf({ engine }) {
  const peers = [engine?.pcManager?.publisher, engine?.pcManager?.subscriber];
  const found = await Promise.all(peers.map((peer) => peer?.getStats()?.catch(() => undefined)));
  return found.flatMap((reports, peer) => [...(reports?.values() ?? [])].map((report) => apart(report, peer)));
}

/** What names other reports of the same connection. */
const REFERENCES = ["id", "remoteId", "mediaSourceId", "codecId", "localCandidateId", "selectedCandidatePairId"];

/**
 * Tell the reports of one connection from those of the other, whose ids may be the same.
 * @param {Report} report
 * @param {number} peer
 * @returns {Report}
 */
function apart(report, peer) {
  const own = REFERENCES.filter((name) => typeof report[name] === "string").map((name) => [name, `${peer}:${report[name]}`]);
  return { ...report, ...Object.fromEntries(own) };
}
