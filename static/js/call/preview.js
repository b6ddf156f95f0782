/** The microphone and camera that a person sees and tries before entering; the media client is fetched when one opens. */

import { loadChoices, problemOf, saveChoices } from "./devices.js";

/** @typedef {import("./livekit.js").LocalAudioTrack} LocalAudioTrack */
/** @typedef {import("./livekit.js").LocalVideoTrack} LocalVideoTrack */
/** @typedef {"microphone" | "camera"} Source */

const client = () => import("./livekit.js");
const HD = { width: 1280, height: 720, frameRate: 30 };

/** @param {string} deviceId */
const audioOptions = (deviceId) => ({ deviceId: deviceId ? { ideal: deviceId } : undefined });
/** @param {string} deviceId */
const videoOptions = (deviceId) => ({ ...audioOptions(deviceId), resolution: HD });

/** Owns the two tracks until `release` gives them to the call. Says `change` whenever something differs. */
export class Preview extends EventTarget {
  /** @type {LocalAudioTrack | null} */
  microphone = null;
  /** @type {LocalVideoTrack | null} */
  camera = null;
  /** @type {Record<Source, import("./devices.js").Problem | null>} */
  problems = { microphone: null, camera: null };
  #isReleased = false;

  /** Open what was open last time; one question for both when both are wanted. */
  async start() {
    this.#isReleased = false;
    const choices = loadChoices();
    if (choices.microphoneOn && choices.cameraOn && (await this.#openBoth(choices))) return;
    if (choices.microphoneOn) await this.open("microphone");
    if (choices.cameraOn) await this.open("camera");
  }

  /**
   * @param {import("./devices.js").Choices} choices
   * @returns {Promise<boolean>} whether both are there now
   */
  async #openBoth(choices) {
    try {
      const { createLocalTracks } = await client();
      const tracks = await createLocalTracks({
        audio: audioOptions(choices.microphone),
        video: videoOptions(choices.camera),
      });
      for (const track of tracks) this.#keep(track);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {import("livekit-client").LocalTrack} track */
  #keep(track) {
    if (this.#isReleased) {
      track.stop();
      return;
    }
    const source = track.kind === "audio" ? "microphone" : "camera";
    this[source]?.stop();
    if (source === "microphone") this.microphone = /** @type {LocalAudioTrack} */ (track);
    else this.camera = /** @type {LocalVideoTrack} */ (track);
    this.problems[source] = null;
    this.#changed();
  }

  /**
   * Open a device, the one last chosen.
   * @param {Source} source
   */
  async open(source) {
    const choices = loadChoices();
    try {
      const { createLocalAudioTrack, createLocalVideoTrack } = await client();
      this.#keep(
        source === "microphone"
          ? await createLocalAudioTrack(audioOptions(choices.microphone))
          : await createLocalVideoTrack(videoOptions(choices.camera)),
      );
    } catch (error) {
      this.problems[source] = problemOf(error);
      this.#changed();
    }
  }

  /**
   * Turn a device on or off and remember it.
   * @param {Source} source
   */
  async toggle(source) {
    const wanted = this[source] === null;
    saveChoices(source === "microphone" ? { microphoneOn: wanted } : { cameraOn: wanted });
    if (wanted) await this.open(source);
    else this.#close(source);
  }

  /** @param {Source} source */
  #close(source) {
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
    if (this[source]) await this.open(source);
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
