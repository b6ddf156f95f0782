/** Notices that the computer has slept: a connection that looks whole is dead then, and nobody needs to wait until that is found out. */

const BEAT_MS = 2000;
/** Timers of a hidden page may be a second late, and so is a busy machine. */
const SLEPT_MS = 20_000;

/**
 * Call `woke` after a sleep.
 * @param {() => void} woke
 * @param {() => number} [now_ms]
 */
export function watchSleep(woke, now_ms = Date.now) {
  let last_ms = now_ms();
  const beat = () => {
    const slept = now_ms() - last_ms > SLEPT_MS;
    last_ms = now_ms();
    if (slept) woke();
  };
  setInterval(beat, BEAT_MS);
  document.addEventListener("resume", beat);
  document.addEventListener("visibilitychange", beat);
}

/**
 * Resume connections that may be dead. It is harmless to those that are alive.
 * @param {import("./call.js").Call} call
 * @param {import("./live.js").Live} live
 */
export async function resumeAtOnce(call, live) {
  if (call.state !== "inside") return;
  live.again();
  await call.room.simulateScenario("signal-reconnect").catch(() => undefined);
}
