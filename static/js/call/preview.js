/** The microphone and camera that a person sees and tries before entering; the media client is fetched when one opens. */

import { pictureCapture, soundCapture } from "./capture.js";
import { loadChoices, problemOf, saveChoices } from "./devices.js";

/** @typedef {import("./livekit.js").LocalAudioTrack} LocalAudioTrack */
/** @typedef {import("./livekit.js").LocalVideoTrack} LocalVideoTrack */
/** @typedef {import("livekit-client").LocalTrack} LocalTrack */
/** @typedef {"microphone" | "camera"} Source */

/** How long who enters waits for a device: nobody may have answered the browser's question. */
const ANSWERED_MS = 3000;

const client = () => import("./livekit.js");

/** @param {LocalTrack} camera */
const dress = async (camera) => (await import("./effects.js")).dress(camera);

/** Owns the two tracks until `release` gives them to the call. Says `change` whenever something differs. */
export class Preview extends EventTarget {
  /** @type {LocalAudioTrack | null} */
  microphone = null;
  /** @type {LocalVideoTrack | null} */
  camera = null;
  /** @type {Record<Source, import("./devices.js").Problem | null>} */
  problems = { microphone: null, camera: null };
  #isReleased = false;
  /** what was turned off, even while it is still opening @type {Set<Source>} */
  #off = new Set();
  /** what is about to be on, so that the next press turns it off @type {Set<Source>} */
  #opening = new Set();
  /** @type {Promise<unknown>} what opens the devices that the person wants; ends when they have answered the browser */
  #started = Promise.resolve();
  /** @type {Promise<void>} what a camera waits for that is open already */
  #pending = Promise.resolve();

  /** Open what was open last time, unless the call has it; one question for both when both are wanted. */
  async start() {
    if (this.#isReleased) return;
    this.#off.clear();
    await (this.#started = this.#openWanted());
  }

  /** Start again after `release`. */
  async reopen() {
    if (!this.#isReleased) return;
    this.#isReleased = false;
    await this.start();
  }

  async #openWanted() {
    const choices = loadChoices();
    if (choices.microphoneOn && choices.cameraOn && (await this.#openBoth())) return;
    if (choices.microphoneOn) await this.open("microphone");
    if (choices.cameraOn) await this.open("camera");
  }

  /** @returns {Promise<boolean>} whether both are there, or as good as there */
  async #openBoth() {
    try {
      this.#opening.add("microphone").add("camera");
      const { createLocalTracks } = await client();
      const tracks = await createLocalTracks({ audio: soundCapture(), video: pictureCapture() });
      for (const track of tracks) this.#take(track);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Show a track once it is as the person wants it; nobody sees a camera without its background.
   * @param {LocalTrack} track
   */
  #take(track) {
    const taken = this.#prepare(track, track.kind === "audio" ? "microphone" : "camera");
    if (track.kind === "video") this.#pending = taken;
    return taken;
  }

  /**
   * @param {LocalTrack} track
   * @param {Source} source
   */
  async #prepare(track, source) {
    try {
      if (source === "camera") await dress(track);
      const { TrackEvent } = await client();
      track.once(TrackEvent.Ended, () => this[source] === track && void this.open(source)); // unplugged: another device may be there
      this.#keep(track, source);
    } catch (error) {
      track.stop();
      this.#failed(source, error);
    }
  }

  /**
   * @param {LocalTrack} track
   * @param {Source} source
   */
  #keep(track, source) {
    this.#opening.delete(source);
    if (this.#isReleased || this.#off.has(source)) return track.stop();
    this[source]?.stop();
    if (source === "microphone") this.microphone = /** @type {LocalAudioTrack} */ (track);
    else this.camera = /** @type {LocalVideoTrack} */ (track);
    this.problems[source] = null;
    this.#changed();
  }

  /**
   * @param {Source} source
   * @param {unknown} error
   */
  #failed(source, error) {
    this.#opening.delete(source);
    this[source]?.stop();
    this[source] = null;
    this.problems[source] = problemOf(error);
    this.#changed();
  }

  /**
   * Open a device, the one last chosen.
   * @param {Source} source
   */
  async open(source) {
    try {
      this.#opening.add(source);
      const { createLocalAudioTrack, createLocalVideoTrack } = await client();
      await this.#take(source === "microphone" ? await createLocalAudioTrack(soundCapture()) : await createLocalVideoTrack(pictureCapture()));
    } catch (error) {
      this.#failed(source, error);
    }
  }

  /** Give the open camera what is chosen now; it closes when that fails. */
  async redress() {
    if (this.#isReleased) return;
    if (this.problems.camera === "background") await this.open("camera");
    else if (this.camera) await (this.#pending = dress(this.camera)).catch((error) => this.#failed("camera", error));
  }

  /** @param {Error} error that took the open camera its background */
  loseBackground(error) {
    if (this.camera) this.#failed("camera", error);
  }

  /** Wait until what was chosen last is there, with its background, or cannot be there; but not for an answer that is not given. */
  async ready() {
    await Promise.race([this.#started, new Promise((resolve) => setTimeout(resolve, ANSWERED_MS))]);
    let awaited;
    do {
      awaited = this.#pending;
      await awaited.catch(() => undefined);
    } while (awaited !== this.#pending);
  }

  /**
   * Turn a device on or off and remember it.
   * @param {Source} source
   */
  async toggle(source) {
    const wanted = this[source] === null && !this.#opening.has(source);
    saveChoices(source === "microphone" ? { microphoneOn: wanted } : { cameraOn: wanted });
    if (!wanted) return this.#close(source);
    this.#off.delete(source);
    const opened = this.open(source);
    this.#started = Promise.all([this.#started, opened]);
    await opened;
  }

  /** @param {Source} source */
  #close(source) {
    this.#off.add(source);
    this.#opening.delete(source);
    this[source]?.stop();
    this[source] = null;
    this.#changed();
  }

  /**
   * Use another device from now on.
   * @param {Source} source
   * @param {string} deviceId
   */
  async choose(source, deviceId) {
    saveChoices({ [source]: deviceId });
    await this.#started;
    await this.ready();
    if (this[source]) await (this.#pending = this.open(source));
  }

  /**
   * Give the open tracks away; the preview holds nothing afterwards.
   * @returns {import("livekit-client").LocalTrack[]}
   */
  release() {
    const tracks = [this.microphone, this.camera].flatMap((track) => track ?? []);
    this.microphone = this.camera = null;
    this.#isReleased = true;
    return tracks;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
