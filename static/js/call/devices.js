/** Microphone and camera before and during a call: which there are, which were chosen, what goes wrong. */

/** @typedef {"microphone" | "camera" | "speaker"} DeviceKind */
/** @typedef {"denied" | "absent" | "busy" | "background" | "failed"} Problem */

/**
 * What a person chose, kept in this browser.
 * @typedef {object} Choices
 * @property {string} microphone device id; empty for the system's choice
 * @property {string} camera
 * @property {string} speaker
 * @property {boolean} microphoneOn
 * @property {boolean} cameraOn
 * @property {string} name of a guest
 * @property {boolean} hasEntered a meeting before
 */

const KEY = "visio.choices";

/** @type {Readonly<Choices>} */
const DEFAULTS = { microphone: "", camera: "", speaker: "", microphoneOn: true, cameraOn: true, name: "", hasEntered: false };

/** @type {Record<DeviceKind, MediaDeviceKind>} */
export const MEDIA_KIND = { microphone: "audioinput", camera: "videoinput", speaker: "audiooutput" };

/** @type {Record<string, Problem>} names of DOMException, from the Media Capture specification, and our own */
const PROBLEMS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
  BackgroundError: "background",
};

/**
 * Read what was chosen last time.
 * @param {Storage} [storage]
 * @returns {Choices}
 */
export function loadChoices(storage = localStorage) {
  try {
    return { ...DEFAULTS, ...JSON.parse(storage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...DEFAULTS };
  }
}

/**
 * Keep part of the choices for next time; a browser that forbids storage just forgets.
 * @param {Partial<Choices>} changes
 * @param {Storage} [storage]
 */
export function saveChoices(changes, storage = localStorage) {
  try {
    storage.setItem(KEY, JSON.stringify({ ...loadChoices(storage), ...changes }));
  } catch {
    return;
  }
}

/**
 * List the devices of a kind that may be used without asking for permission again.
 * @param {DeviceKind} kind
 * @returns {Promise<MediaDeviceInfo[]>}
 */
export async function listDevices(kind) {
  const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return devices.filter((device) => device.kind === MEDIA_KIND[kind] && device.deviceId !== "" && device.label !== "");
}

/**
 * Tell what went wrong with a device.
 * @param {unknown} error
 * @returns {Problem}
 */
export function problemOf(error) {
  return (error instanceof Error && PROBLEMS[error.name]) || "failed";
}
