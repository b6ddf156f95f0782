/** Notices what is plugged in and out during a call, and devices that the browser takes away. */

import { MEDIA_KIND, loadChoices } from "./devices.js";
import { RoomEvent, TrackEvent } from "./livekit.js";

/** @typedef {import("./devices.js").DeviceKind} DeviceKind */
/** @typedef {Record<DeviceKind, MediaDeviceInfo[]>} Plugged */
/** @typedef {{kind: DeviceKind, what: "gone" | "none" | "back", label: string, id: string}} Change */

/** @typedef {"microphone" | "camera"} Opened as livekit-client calls their sources, too */

const OPENED = /** @type {Opened[]} */ (["microphone", "camera"]);
const KINDS = /** @type {DeviceKind[]} */ (["microphone", "camera", "speaker"]);

/**
 * Tell what happened to the devices that a person uses.
 * @param {Plugged} before
 * @param {Plugged} after
 * @param {Record<DeviceKind, string>} used ids; the chosen device when it is there
 * @param {Record<DeviceKind, string>} chosen ids
 * @returns {Change[]}
 */
export function changesOf(before, after, used, chosen) {
  return KINDS.flatMap((kind) => {
    const [was, is] = [before[kind], after[kind]];
    const lost = was.find(({ deviceId }) => deviceId === used[kind]);
    const isLost = lost && !is.some(({ deviceId, label }) => deviceId === lost.deviceId && label === lost.label); // "default" may be another one now
    if (isLost) return changeOf(kind, is.length > 0 ? "gone" : "none", lost);
    const back = is.find(({ deviceId }) => deviceId === chosen[kind]);
    return back && !was.some(({ deviceId }) => deviceId === back.deviceId) ? changeOf(kind, "back", back) : [];
  });
}

/**
 * @param {DeviceKind} kind
 * @param {Change["what"]} what
 * @param {MediaDeviceInfo} device
 * @returns {Change[]}
 */
function changeOf(kind, what, { label, deviceId }) {
  return [{ kind, what, label, id: deviceId }];
}

/**
 * Says `change` with a `Change`; `revoked` with the kind of a device that the browser no longer gives; and `stopped` with
 * the kind of one that ended and does not start again, as when another program takes it.
 */
export class DeviceWatch extends EventTarget {
  /** @type {Plugged} */
  #plugged = { microphone: [], camera: [], speaker: [] };

  /** @param {import("./call.js").Call} call */
  constructor(call) {
    super();
    this.call = call;
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.#look());
    void this.#plug();
    for (const kind of OPENED) void this.#watchPermission(kind);
    this.#watchTracks();
    call.addEventListener("state", () => call.state === "inside" && void this.#plug()); // names and ids are known by now
  }

  async #plug() {
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const of = (/** @type {DeviceKind} */ kind) => devices.filter((device) => device.kind === MEDIA_KIND[kind] && device.deviceId !== "");
    this.#plugged = { microphone: of("microphone"), camera: of("camera"), speaker: of("speaker") };
  }

  async #look() {
    const before = this.#plugged;
    const used = this.#used();
    await this.#plug();
    if (this.call.state !== "inside") return;
    for (const change of changesOf(before, this.#plugged, used, loadChoices())) await this.#follow(change);
  }

  /** @returns {Record<DeviceKind, string>} */
  #used() {
    const { room } = this.call;
    const id = (/** @type {DeviceKind} */ kind) => room.getActiveDevice(MEDIA_KIND[kind]) ?? "";
    return { microphone: id("microphone"), camera: id("camera"), speaker: id("speaker") };
  }

  /**
   * Another device takes over by itself when one is gone; the chosen one is used again when it is back.
   * @param {Change} change
   */
  async #follow(change) {
    const { room } = this.call;
    if (change.what === "back") await room.switchActiveDevice(MEDIA_KIND[change.kind], change.id, false).catch(() => undefined);
    if (change.what === "gone" && change.kind === "speaker") await room.switchActiveDevice("audiooutput", "default", false).catch(() => undefined);
    this.dispatchEvent(new CustomEvent("change", { detail: change }));
  }

  /** livekit-client opens a device that ended once more, and mutes what does not come back. */
  #watchTracks() {
    const { room } = this.call;
    /** @type {Set<string>} */
    const ended = new Set();
    room.on(RoomEvent.LocalTrackPublished, ({ track, source }) => {
      track?.on(TrackEvent.Ended, () => ended.add(source));
      track?.on(TrackEvent.Restarted, () => ended.delete(source));
    });
    room.on(RoomEvent.TrackMuted, ({ source }, { isLocal }) => {
      if (isLocal && ended.delete(source)) void this.#stopped(/** @type {Opened} */ (/** @type {string} */ (source)));
    });
  }

  /** @param {Opened} kind */
  async #stopped(kind) {
    const permission = await permissionOf(kind);
    this.dispatchEvent(new CustomEvent(permission?.state === "denied" ? "revoked" : "stopped", { detail: kind }));
  }

  /** @param {Opened} kind */
  async #watchPermission(kind) {
    const permission = await permissionOf(kind);
    permission?.addEventListener("change", () => {
      if (permission.state === "denied" && this.call.state === "inside") this.dispatchEvent(new CustomEvent("revoked", { detail: kind }));
    });
  }
}

/**
 * Not every browser tells.
 * @param {Opened} kind
 * @returns {Promise<PermissionStatus | null>}
 */
async function permissionOf(kind) {
  return navigator.permissions?.query({ name: /** @type {PermissionName} */ (kind) }).catch(() => null) ?? null;
}
