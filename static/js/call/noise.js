/** Takes noise out of the microphone's sound (RNNoise in an audio worklet), as a processor of livekit-client's tracks. */

/** @typedef {import("livekit-client").AudioProcessorOptions} Options */
/** @typedef {typeof import("@sapphi-red/web-noise-suppressor")} Suppressor */

const VENDOR = new URL("../../vendor/@sapphi-red/web-noise-suppressor/", import.meta.url);
const LIBRARY = new URL("index.js", VENDOR).href;
const WORKLET = new URL("rnnoise/workletProcessor.js", VENDOR).href;
const WASM = { url: new URL("rnnoise.wasm", VENDOR).href, simdUrl: new URL("rnnoise_simd.wasm", VENDOR).href };

/** Cleans one track. Its `source` is the microphone's own track. */
export class NoiseFilter {
  name = "noise";
  /** @type {MediaStreamTrack | undefined} */
  processedTrack;
  /** @type {MediaStreamTrack | undefined} */
  source;
  #close = () => {};

  /** @param {Options} options */
  async init({ track, audioContext }) {
    this.source = track;
    /** @type {Suppressor} */
    const { RnnoiseWorkletNode, loadRnnoise } = await import(LIBRARY);
    const [wasmBinary] = await Promise.all([loadRnnoise(WASM), audioContext.audioWorklet.addModule(WORKLET)]);
    const microphone = audioContext.createMediaStreamSource(new MediaStream([track]));
    const filter = new RnnoiseWorkletNode(audioContext, { maxChannels: 1, wasmBinary });
    const out = audioContext.createMediaStreamDestination();
    out.channelCount = 1;
    microphone.connect(filter).connect(out);
    [this.processedTrack] = out.stream.getAudioTracks();
    this.#close = () => {
      microphone.disconnect();
      filter.disconnect();
      filter.destroy();
    };
  }

  /** @param {Options} options */
  async restart(options) {
    this.#close();
    await this.init(options);
  }

  async destroy() {
    this.#close();
    this.#close = () => {};
    this.processedTrack?.stop();
  }
}
