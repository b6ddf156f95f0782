/** One person's stay in a room: entering, devices, and coming back when the connection ends although they may stay. */

import { sendingOf, soundCapture } from "./capture.js";
import { CHANGES } from "./changes.js";
import { OPTIONS, connectOnce } from "./connecting.js";
import { MEDIA_KIND, loadChoices, problemOf, saveChoices } from "./devices.js";
import { dressedCapture } from "./effects.js";
import { ATTEMPTS_TO_ENTER, ATTEMPTS_TO_RETURN, endingOf, pause, pauseBefore } from "./ending.js";
import { Room, RoomEvent, Track } from "./livekit.js";
import { isSentOn, takeAlong } from "./moving.js";
import { isRefused } from "./people.js";
import { devicesOf, publish } from "./publishing.js";
import { SHARE } from "./sharing.js";

/** @typedef {import("./ending.js").Ending} Ending */
/** @typedef {import("livekit-client").LocalTrack} LocalTrack */
/** @typedef {"idle" | "entering" | "inside" | "interrupted" | "returning" | "moving" | "ended"} State */
/** @typedef {import("./connecting.js").Outcome} Outcome */
/** @typedef {{host: boolean, role: string, lasting: boolean, denied: Record<string, string>, forbidden: Map<string, string[]>}} Rights */
/** @typedef {{identity: string, name: string, spoke: boolean}} Hand */
/** What the server says of the meeting besides its media. @typedef {{spotlight: string, hands: Hand[], reactions: Map<string, string>, spoken: (identity: string, organization: string) => string}} Scene */

/** How often the screen is drawn without an event: livekit-client loses those of the seconds after a full reconnect. */
const REDRAW_MS = 1000;

/**
 * Says `state` when the state changes, `change` (at most once per task) when anything shown may differ, `moved` when
 * the person is in another room of the meeting, `refused` with a source that the rules of the room do not allow, and
 * `trouble` with a `Problem` when a device fails.
 */
export class Call extends EventTarget {
  /** @type {State} */
  state = "idle";
  /** @type {Ending | null} */
  ending = null;
  username = "";
  /** @type {import("./connecting.js").GivenTicket | null} what somebody else gave this person instead of our own tickets */
  given = null;
  /** @type {Scene} */
  scene = { spotlight: "", hands: [], reactions: new Map(), spoken: () => "" };
  /** @type {Rights} what the server said last of what this person may do; `denied` tells why not, by action; `forbidden`, to hosts, which sources to whom */
  rights = { host: false, role: "", lasting: true, denied: {}, forbidden: new Map() };
  #changeDue = false;
  /** what the person has turned on, whether it works or not */
  wanted = { microphone: false, camera: false };
  /** the group that did not take this person, to which they are not sent again */
  #refused = "";
  #told;

  /**
   * @param {string} slug
   * @param {import("./encryption.js").Encryption | null} [encryption] of the media, in rooms that ask for it
   */
  constructor(slug, encryption = null) {
    super();
    this.encryption = encryption;
    /** the main room of the meeting */
    this.home = slug;
    /** the room in which the person is, or goes: the main one, or a group of its meeting */
    this.slug = slug;
    this.goal = slug;
    this.#told = slug;
    this.room = new Room({ ...OPTIONS, ...encryption?.options });
    encryption?.attach(this.room);
    for (const event of CHANGES) this.room.on(event, () => this.#changed());
    setInterval(() => this.state === "inside" && this.#changed(), REDRAW_MS);
    this.room.on(RoomEvent.SignalReconnecting, () => this.#enter("interrupted"));
    this.room.on(RoomEvent.Reconnecting, () => this.#enter("interrupted"));
    this.room.on(RoomEvent.Reconnected, () => this.#enter("inside"));
    this.room.on(RoomEvent.TrackMuted, (publication, who) => this.#stopped(publication, who));
    this.room.on(RoomEvent.Disconnected, (reason) => this.#disconnected(reason));
  }

  /** @param {State} state */
  #enter(state) {
    if (this.state === state || this.state === "ended") return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
    this.#changed();
  }

  #changed() {
    if (this.#changeDue) return;
    this.#changeDue = true;
    queueMicrotask(() => {
      this.#changeDue = false;
      this.dispatchEvent(new Event("change"));
    });
  }

  /**
   * What was muted, by whomever, stays so in the next room. A share that a host has stopped ends altogether: the
   * browser captures the screen no more.
   * @param {import("livekit-client").TrackPublication} publication
   * @param {import("livekit-client").Participant} who
   */
  #stopped({ source }, { isLocal }) {
    if (!isLocal) return;
    if (source === Track.Source.ScreenShare) void this.setShare(false);
    if (source === Track.Source.Microphone) this.wanted.microphone = false;
    if (source === Track.Source.Camera) this.wanted.camera = false;
  }

  /** @param {unknown} error */
  #trouble(error) {
    this.dispatchEvent(new CustomEvent("trouble", { detail: problemOf(error) }));
  }

  /**
   * Enter the room with the tracks of the preview.
   * @param {string} username
   * @param {LocalTrack[]} tracks
   * @returns {Promise<Outcome>}
   */
  async enter(username, tracks) {
    this.username = username;
    this.wanted = devicesOf(tracks);
    this.#enter("entering");
    const outcome = await this.#connect(ATTEMPTS_TO_ENTER);
    if (outcome.kind !== "entered") {
      for (const track of tracks) track.stop();
      return this.#giveUp(outcome);
    }
    this.#enter("inside");
    await this.#publish(tracks);
    void this.#useSpeaker(loadChoices().speaker);
    return outcome;
  }

  /** @param {LocalTrack[]} tracks */
  async #publish(tracks) {
    await publish(this.room.localParticipant, tracks, (device) => this.state !== "ended" && this.wanted[device]);
  }

  /**
   * @param {Outcome} outcome
   * @returns {Outcome}
   */
  #giveUp(outcome) {
    if (outcome.kind === "ended") this.#end(outcome.ending);
    else this.#enter("idle");
    return outcome;
  }

  /**
   * Take fresh tickets until the room takes us in, the server says no, or `attempts` are used up.
   * @param {number} attempts
   * @returns {Promise<Outcome>}
   */
  async #connect(attempts) {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      await pause(pauseBefore(attempt));
      if (this.state === "ended") break;
      const outcome = await this.#connectOnce();
      if (outcome) return outcome;
    }
    return { kind: "ended", ending: this.ending ?? "lost" };
  }

  /** Connect, unless the person leaves meanwhile. */
  async #connectOnce() {
    const outcome = await connectOnce(this.room, this.slug, this.username, this.given);
    if (outcome?.kind === "entered") await this.encryption?.begin();
    if (this.state !== "ended") return outcome;
    await this.room.disconnect();
    return null;
  }

  /** @param {import("livekit-client").DisconnectReason | undefined} reason */
  #disconnected(reason) {
    if (this.state !== "inside" && this.state !== "interrupted") return;
    const ending = endingOf(reason);
    if (this.slug !== this.home && isSentOn(reason)) void this.moveTo(this.home);
    else if (ending) this.#end(ending);
    else void this.#comeBack();
  }

  async #comeBack() {
    this.#enter("returning");
    if (await this.#settle()) await this.#goOn([]);
  }

  /**
   * Go on in another room of the meeting, with microphone and camera as they are; a shared screen ends.
   * @param {string} slug
   */
  async moveTo(slug) {
    if (slug === this.#refused) return;
    [this.goal, this.#refused] = [slug, ""];
    if (slug === this.slug || (this.state !== "inside" && this.state !== "interrupted")) return;
    this.#enter("moving");
    const tracks = takeAlong(this.room.localParticipant);
    await this.room.disconnect(false);
    this.slug = this.goal;
    if (await this.#settle()) await this.#goOn(tracks);
    else for (const track of tracks) track.stop();
  }

  /**
   * Connect to the room where this person is, or, when it is a group that takes them no more, to the main one.
   * @returns {Promise<boolean>} whether they are in a room
   */
  async #settle() {
    const outcome = await this.#connect(ATTEMPTS_TO_RETURN);
    if (outcome.kind === "entered") return true;
    if (this.slug === this.home || this.state === "ended") {
      this.#end(outcome.kind === "ended" ? outcome.ending : "refused");
      return false;
    }
    if (this.goal === this.slug) this.goal = this.home;
    [this.#refused, this.slug] = [this.slug, this.goal];
    return this.#settle();
  }

  /**
   * Send in this room what was sent before, and say so when it is another one.
   * @param {LocalTrack[]} tracks
   */
  async #goOn(tracks) {
    this.#enter("inside");
    if (this.slug !== this.#told) this.dispatchEvent(new Event("moved"));
    this.#told = this.slug;
    await this.#publish(tracks);
    const { isMicrophoneEnabled, isCameraEnabled } = this.room.localParticipant;
    if (this.wanted.microphone && !isMicrophoneEnabled) await this.setMicrophone(true);
    if (this.wanted.camera && !isCameraEnabled) await this.setCamera(true);
    if (this.goal !== this.slug) await this.moveTo(this.goal);
  }

  /** @param {Ending} ending */
  #end(ending) {
    if (this.state === "ended") return;
    this.ending = ending;
    this.#enter("ended");
  }

  /** Leave for good. */
  async leave() {
    await this.room.disconnect();
    this.#end("left");
  }

  /** @param {boolean} on */
  async setMicrophone(on) {
    if (on && isRefused(this, "microphone")) return;
    this.wanted.microphone = on;
    await this.#attempt(() => this.room.localParticipant.setMicrophoneEnabled(on, soundCapture(), sendingOf({ kind: Track.Kind.Audio })));
  }

  /** @param {boolean} on */
  async setCamera(on) {
    if (on && isRefused(this, "camera")) return;
    this.wanted.camera = on;
    await this.#attempt(async () => this.room.localParticipant.setCameraEnabled(on, on ? await dressedCapture() : undefined));
  }

  /**
   * Start or stop sharing the screen; a person who closes the browser's question has just changed their mind.
   * @param {boolean} on
   */
  async setShare(on) {
    if (on && isRefused(this, "screen_share")) return;
    await this.#attempt(() => this.room.localParticipant.setScreenShareEnabled(on, SHARE), ["denied"]);
  }

  /**
   * @param {() => Promise<unknown>} action
   * @param {import("./devices.js").Problem[]} [expected] problems that nobody needs to hear of
   */
  async #attempt(action, expected = []) {
    try {
      await action();
    } catch (error) {
      if (!expected.includes(problemOf(error))) this.#trouble(error);
    }
    this.#changed();
  }

  /**
   * Use another device from now on and remember it.
   * @param {import("./devices.js").DeviceKind} kind
   * @param {string} deviceId
   */
  async choose(kind, deviceId) {
    saveChoices({ [kind]: deviceId });
    if (kind === "speaker") await this.#useSpeaker(deviceId);
    else await this.#attempt(() => this.room.switchActiveDevice(MEDIA_KIND[kind], deviceId, false));
  }

  /** @param {string} deviceId */
  async #useSpeaker(deviceId) {
    if (deviceId) await this.#attempt(() => this.room.switchActiveDevice("audiooutput", deviceId), ["absent"]);
  }

  /** Allow sound; only helps right after the person clicked. */
  async hear() {
    await this.room.startAudio().catch(() => undefined);
    this.#changed();
  }
}
