/** How loud a microphone is right now. */

import { createAudioAnalyser } from "./livekit.js";

const PERIOD_MS = 80;

/**
 * Report the level (0 to 1) of a track until the function that is given back is called.
 * @param {import("./livekit.js").LocalAudioTrack} track
 * @param {(level: number) => void} report
 * @returns {() => void}
 */
export function watchLevel(track, report) {
  const { calculateVolume, cleanup } = createAudioAnalyser(track, { cloneTrack: true, smoothingTimeConstant: 0.6 });
  const timer = setInterval(() => report(Math.min(1, calculateVolume())), PERIOD_MS);
  return () => {
    clearInterval(timer);
    void cleanup();
    report(0);
  };
}
