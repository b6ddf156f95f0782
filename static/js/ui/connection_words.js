/** What a connection test says in words. */

/** @typedef {import("../call/connection_test.js").CheckName} CheckName */
/** @typedef {import("../call/connection_test.js").Result} Result */
/** @typedef {{title: string, text: string, kind: "success" | "warning" | "error"}} Summary */

const allow = () => gettext("Click the sign to the left of the address, allow it, then test again.");

/** @type {Record<CheckName, Record<string, () => string>>} */
const SENTENCES = {
  signalling: {
    passed: () => gettext("Your browser reaches the service."),
    failed: () => gettext("Your browser cannot keep a connection (WebSocket) to the service. A proxy or a firewall may block it."),
  },
  media: {
    passed: () => gettext("Sound and picture can go between your device and the media server."),
    failed: () => gettext("No sound or picture can go through. A firewall may block the ports of the media server: show the report to your network's administrators."),
  },
  relay: {
    passed: () => gettext("Where little else gets through, a relay carries your meetings."),
    remarks: () => gettext("The relay works, but not over TLS: the strictest networks will not let it through."),
    failed: () => gettext("The relay cannot be reached. Without it, meetings work on this network only if the check before this one passed."),
    skipped: () => gettext("This service has no relay."),
  },
  return: {
    passed: () => gettext("A short cut of the network does not end your meeting."),
    failed: () => gettext("The connection did not come back after a cut."),
  },
  microphone: {
    passed: () => gettext("Your microphone is heard."),
    failed: () => gettext("No sound came from your microphone. Check that it is not muted, then test again."),
    denied: () => gettext("Your browser does not give access to your microphone.") + " " + allow(),
    absent: () => gettext("There is no microphone on this device."),
    busy: () => gettext("Another program uses your microphone. Close it, then test again."),
  },
  camera: {
    passed: () => gettext("Your camera is seen."),
    failed: () => gettext("No picture came from your camera. Check that it is not covered, then test again."),
    denied: () => gettext("Your browser does not give access to your camera.") + " " + allow(),
    absent: () => gettext("There is no camera on this device."),
    busy: () => gettext("Another program uses your camera. Close it, then test again."),
  },
  quality: {
    passed: () => gettext("Your connection is good enough for a clear picture."),
    remarks: () => gettext("Your connection or your device is short of breath: the picture may be coarse at times."),
    failed: () => gettext("The quality could not be measured."),
  },
};

/**
 * Give the sentence for a result.
 * @param {Result} result
 * @returns {string}
 */
export function sentenceOf({ name, outcome, reason }) {
  if (outcome === "waiting") return gettext("Not tested yet");
  if (outcome === "running") return gettext("Testing…");
  if (reason === "earlier") return gettext("Not tested, because an earlier check failed.");
  const sentences = SENTENCES[name];
  return (sentences[reason] ?? sentences[outcome] ?? (() => ""))();
}

/**
 * Give what all results mean together.
 * @param {Result[]} results
 * @returns {Summary}
 */
export function summaryOf(results) {
  const failed = results.filter(({ outcome }) => outcome === "failed").map(({ name }) => name);
  if (failed.includes("signalling") || failed.includes("media")) {
    const text = gettext("Try another network, or show the report to the people who help you.");
    return { title: gettext("Meetings do not work here"), text, kind: "error" };
  }
  if (failed.length > 0 || results.some(({ outcome }) => outcome === "remarks")) {
    const text = gettext("Read below what does not work as it should.");
    return { title: gettext("Meetings work here, with limits"), text, kind: "warning" };
  }
  return { title: gettext("You are ready for your meetings"), text: gettext("Your device and your network passed every check."), kind: "success" };
}

/**
 * Give what to say when a test could not begin.
 * @param {"often" | "away"} why
 * @returns {Summary}
 */
export function refusalOf(why) {
  const often = gettext("You have tested often in the last minute. Wait a little, then test again.");
  const away = gettext("The service does not answer. Check your network, then test again.");
  return { title: gettext("The test could not begin"), text: why === "often" ? often : away, kind: "error" };
}
