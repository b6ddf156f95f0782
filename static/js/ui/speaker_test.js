/** A short sound on the chosen loudspeaker, made here: nothing is fetched. */

import { loadChoices } from "../call/devices.js";
import { find } from "./find.js";

/** Two notes that rise, in hertz, each with the second at which it begins. */
const NOTES = /** @type {const} */ ([
  [523.25, 0],
  [783.99, 0.28],
]);
const NOTE_S = 0.9;
const LENGTH_MS = 1300;

/** Whether this browser lets pages choose where sound comes out. */
export const canChoose = "setSinkId" in HTMLMediaElement.prototype;

/**
 * Make the button of a page play the sound and ask whether it was heard.
 * @param {HTMLElement} root
 */
export function enableSpeakerTest(root) {
  const button = find(root, "[data-speaker-test]", HTMLButtonElement);
  const heard = find(root, "[data-speaker-heard]", HTMLElement);
  button.addEventListener("click", async () => {
    button.setAttribute("aria-disabled", "true");
    heard.textContent = gettext("You should hear two notes now.");
    const hasPlayed = await play(loadChoices().speaker).catch(() => false);
    button.removeAttribute("aria-disabled");
    heard.textContent = hasPlayed
      ? gettext("Nothing heard? Turn up the volume or choose another loudspeaker.")
      : gettext("The sound could not be played on this loudspeaker.");
  });
}

/**
 * @param {string} deviceId empty for the system's choice
 * @returns {Promise<boolean>} whether it was played to its end
 */
async function play(deviceId) {
  const context = new AudioContext();
  try {
    const output = canChoose && deviceId ? await through(context, deviceId) : context.destination;
    for (const [frequency, start_s] of NOTES) ring(context, output, frequency, start_s);
    await context.resume();
    await new Promise((resolve) => setTimeout(resolve, LENGTH_MS));
    return context.state === "running";
  } finally {
    void context.close();
  }
}

/**
 * Give a node whose sound comes out of one device: an element plays there, which a context cannot in every browser.
 * @param {AudioContext} context
 * @param {string} deviceId
 * @returns {Promise<AudioNode>}
 */
async function through(context, deviceId) {
  const node = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = node.stream;
  await element.setSinkId(deviceId);
  await element.play();
  return node;
}

/**
 * @param {AudioContext} context
 * @param {AudioNode} output
 * @param {number} frequency
 * @param {number} start_s
 */
function ring(context, output, frequency, start_s) {
  const [tone, volume] = [context.createOscillator(), context.createGain()];
  const at = context.currentTime + start_s;
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + NOTE_S);
  tone.connect(volume).connect(output);
  tone.start(at);
  tone.stop(at + NOTE_S);
}
