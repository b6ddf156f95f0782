/** Carries out what a person changes of picture, sound and data, before entering and in the call. */

import { BackgroundError, dress } from "./effects.js";
import { RoomEvent, Track } from "./livekit.js";
import { media } from "./media_choices.js";
import { Receiving } from "./receiving.js";

/** @typedef {"microphone" | "camera"} Source */

/** Choices after which a device must be opened anew. @type {Record<string, Source>} */
const OPENED = { echo: "microphone", noise: "microphone", stereo: "microphone", height: "camera", fps: "camera" };

/** Follows the choices of this page. */
export class MediaEffects {
  /**
   * @param {import("./preview.js").Preview} preview
   * @param {import("./call.js").Call} call
   */
  constructor(preview, call) {
    this.preview = preview;
    this.call = call;
    this.receiving = new Receiving(call.room);
    media.addEventListener("change", (event) => void this.#apply(/** @type {CustomEvent<string[]>} */ (event).detail));
    media.addEventListener("progress", (event) => void this.#follow(/** @type {CustomEvent<import("./media_choices.js").Progress>} */ (event).detail));
    call.room.on(RoomEvent.LocalTrackPublished, ({ track }) => track && track.source === Track.Source.Microphone && void dress(track).catch(() => undefined)); // `media` has told
  }

  /** @param {string[]} changed */
  async #apply(changed) {
    if (changed.includes("receive")) this.receiving.apply();
    const sources = new Set(changed.flatMap((name) => OPENED[name] ?? []));
    for (const source of sources) await this.#reopen(source);
    if (changed.includes("background")) await this.#changeBackground();
  }

  /** @param {Source} source */
  async #reopen(source) {
    if (this.preview[source]) await this.preview.open(source);
    const { localParticipant } = this.call.room;
    const publication = localParticipant.getTrackPublication(source === "microphone" ? Track.Source.Microphone : Track.Source.Camera);
    if (!publication?.track) return;
    const { isMuted, track } = publication;
    await localParticipant.unpublishTrack(track);
    if (isMuted) return;
    if (source === "microphone") await this.call.setMicrophone(true);
    else await this.call.setCamera(true);
  }

  /** Whoever has chosen a background is not shown without it: a camera that cannot have it, or is off, is opened anew later. */
  async #changeBackground() {
    await this.preview.redress();
    const publication = this.call.room.localParticipant.getTrackPublication(Track.Source.Camera);
    if (!publication?.track) return;
    const { track, isMuted } = publication;
    const isDressed = !isMuted && (await dress(track).then(() => true, () => false));
    if (!isDressed) await this.#closeCamera();
  }

  /** @param {import("./media_choices.js").Progress} progress */
  async #follow({ state }) {
    if (state !== "broken") return;
    this.preview.loseBackground(new BackgroundError(state));
    await this.#closeCamera();
  }

  /** Close the camera altogether, and tell of it when it was on. */
  async #closeCamera() {
    const { localParticipant } = this.call.room;
    const publication = localParticipant.getTrackPublication(Track.Source.Camera);
    if (!publication?.track) return;
    const { track, isMuted } = publication;
    await this.call.setCamera(false);
    await localParticipant.unpublishTrack(track);
    if (!isMuted) this.call.dispatchEvent(new CustomEvent("trouble", { detail: "background" }));
  }
}
