/** Tests a connection with the media client's own checks, one after the other, in a room of its own. */

import { problemOf } from "./devices.js";
import { CheckStatus, ConnectionCheck } from "./livekit.js";

/** @typedef {"signalling" | "media" | "relay" | "return" | "microphone" | "camera" | "quality"} CheckName */
/** @typedef {"waiting" | "running" | "passed" | "remarks" | "failed" | "skipped"} Outcome */

/**
 * `reason` tells why a device failed, or that an earlier check made this one useless.
 * @typedef {object} Result
 * @property {CheckName} name
 * @property {Outcome} outcome
 * @property {import("./devices.js").Problem | "earlier" | ""} reason
 * @property {{level: string, message: string}[]} lines what the media client says, in English
 * @property {number} durationMs
 */

/** @type {Record<CheckName, (check: ConnectionCheck) => Promise<import("livekit-client").CheckInfo>>} */
const CHECKS = {
  signalling: (check) => check.checkWebsocket(),
  media: (check) => check.checkWebRTC(),
  relay: (check) => check.checkTURN(),
  return: (check) => check.checkReconnect(),
  microphone: (check) => check.checkPublishAudio(),
  camera: (check) => check.checkPublishVideo(),
  quality: (check) => check.checkConnectionProtocol(),
};

/** @type {Partial<Record<CheckName, MediaStreamConstraints>>} */
const DEVICES = { microphone: { audio: true }, camera: { video: true } };

/** @type {Partial<Record<CheckName, CheckName[]>>} what makes no sense without this check; a relay may help the rest */
const NEEDED_BY = {
  signalling: ["media", "relay", "return", "microphone", "camera", "quality"],
  media: ["return", "microphone", "camera", "quality"],
};

/** @type {CheckName[]} checks whose warnings concern the person; those of the others are for the operator */
const REMARKABLE = ["relay", "quality"];
const TOKENS = /(access_token=)[^&\s"']+|eyJ[\w-]+\.[\w-]+\.[\w-]+/g;

/** The names in their order. */
export const NAMES = /** @type {CheckName[]} */ (Object.keys(CHECKS));

/** Says `change` with a `Result` as detail whenever one is different. */
export class ConnectionTest extends EventTarget {
  /** @type {Result[]} */
  results = [];

  /**
   * Do all checks.
   * @param {string} url
   * @param {string} token
   */
  async run(url, token) {
    this.results = NAMES.map((name) => ({ name, outcome: "waiting", reason: "", lines: [], durationMs: 0 }));
    for (const result of this.results) this.#change(result, {});
    const check = new ConnectionCheck(url, token);
    for (const result of this.results) {
      if (result.outcome === "waiting") await this.#perform(check, result);
    }
  }

  /**
   * @param {ConnectionCheck} check
   * @param {Result} result
   */
  async #perform(check, result) {
    const begun = performance.now();
    this.#change(result, { outcome: "running" });
    const changes = (await deviceTrouble(result.name)) ?? outcomeOf(result.name, await CHECKS[result.name](check));
    this.#change(result, { ...changes, durationMs: Math.round(performance.now() - begun) });
    if (result.outcome !== "failed") return;
    const useless = NEEDED_BY[result.name] ?? [];
    for (const later of this.results) {
      if (useless.includes(later.name)) this.#change(later, { outcome: "skipped", reason: "earlier" });
    }
  }

  /**
   * @param {Result} result
   * @param {Partial<Result>} changes
   */
  #change(result, changes) {
    Object.assign(result, changes);
    this.dispatchEvent(new CustomEvent("change", { detail: result }));
  }
}

/**
 * Ask for the device of a check, so that its refusal is told from other failures.
 * @param {CheckName} name
 * @returns {Promise<Partial<Result> | null>}
 */
async function deviceTrouble(name) {
  const wanted = DEVICES[name];
  if (!wanted) return null;
  try {
    const stream = await navigator.mediaDevices.getUserMedia(wanted);
    for (const track of stream.getTracks()) track.stop();
    return null;
  } catch (error) {
    return { outcome: "failed", reason: problemOf(error), lines: [{ level: "error", message: String(error) }] };
  }
}

/**
 * @param {CheckName} name
 * @param {import("livekit-client").CheckInfo} info
 * @returns {Partial<Result>}
 */
function outcomeOf(name, info) {
  const lines = info.logs.map(({ level, message }) => ({ level, message: message.replace(TOKENS, "$1…") }));
  if (info.status === CheckStatus.SKIPPED) return { outcome: "skipped", lines };
  if (info.status === CheckStatus.FAILED) return { outcome: "failed", lines };
  const isRemarkable = REMARKABLE.includes(name) && lines.some((line) => line.level === "warning");
  return { outcome: isRemarkable ? "remarks" : "passed", lines };
}

/**
 * Ask the server for the right to test.
 * @param {string} csrf
 * @returns {Promise<{url: string, token: string} | "often" | "away">}
 */
export async function askTest(csrf) {
  try {
    const response = await fetch("/api/v1.0/connection-test/", { method: "POST", headers: { "X-CSRFToken": csrf } });
    if (response.status === 429) return "often";
    return response.ok ? await response.json() : "away";
  } catch {
    return "away";
  }
}
