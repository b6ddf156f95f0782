/** How loud a microphone is right now. */

const PERIOD_MS = 80;
const ANALYSIS = { fftSize: 2048, smoothingTimeConstant: 0.6, minDecibels: -100, maxDecibels: -80 };

/**
 * Report the level (0 to 1) of a track until the function that is given back is called. Nothing is reported while the
 * browser keeps pages from listening, which may last until the person first presses something.
 * @param {{mediaStreamTrack: MediaStreamTrack}} track
 * @param {(level: number) => void} report
 * @returns {() => void}
 */
export function watchLevel({ mediaStreamTrack }, report) {
  const context = new AudioContext();
  const own = mediaStreamTrack.clone();
  const analyser = new AnalyserNode(context, ANALYSIS);
  context.createMediaStreamSource(new MediaStream([own])).connect(analyser);
  const bins = new Uint8Array(analyser.frequencyBinCount);
  const timer = setInterval(() => context.state === "running" && report(loudness(analyser, bins)), PERIOD_MS);
  const wake = () => void context.resume();
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, wake);
  return () => {
    clearInterval(timer);
    for (const event of ["pointerdown", "keydown"]) removeEventListener(event, wake);
    own.stop();
    void context.close();
    report(0);
  };
}

/**
 * @param {AnalyserNode} analyser
 * @param {Uint8Array<ArrayBuffer>} bins room for its frequencies
 * @returns {number} from 0 to 1
 */
function loudness(analyser, bins) {
  analyser.getByteFrequencyData(bins);
  const sum = bins.reduce((total, amplitude) => total + (amplitude / 255) ** 2, 0);
  return Math.min(1, Math.sqrt(sum / bins.length));
}
