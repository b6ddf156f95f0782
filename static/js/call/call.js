/** One person's stay in a room: entering, devices, and coming back when the connection ends although they may stay. */

import { MEDIA_KIND, loadChoices, problemOf, saveChoices } from "./devices.js";
import { ATTEMPTS_TO_ENTER, ATTEMPTS_TO_RETURN, endingOf, pauseBefore, whyFull } from "./ending.js";
import { Room, RoomEvent, Track, VideoPresets } from "./livekit.js";
import { askTicket, whyRefused } from "./ticket.js";

/** @typedef {import("./ending.js").Ending} Ending */
/** @typedef {import("livekit-client").LocalTrack} LocalTrack */
/** @typedef {"idle" | "entering" | "inside" | "interrupted" | "returning" | "ended"} State */
/** @typedef {{kind: "entered"} | {kind: "refused", message: string} | {kind: "ended", ending: Ending}} Outcome */

/** @type {import("livekit-client").RoomOptions} */
const OPTIONS = {
  adaptiveStream: true,
  dynacast: true,
  publishDefaults: { videoCodec: "vp8", simulcast: true },
  videoCaptureDefaults: { resolution: VideoPresets.h720.resolution },
};

/** @type {import("livekit-client").ScreenShareCaptureOptions} */
const SHARE = {
  audio: true,
  systemAudio: "include",
  surfaceSwitching: "include",
  selfBrowserSurface: "exclude",
  contentHint: "detail",
};

/** @typedef {{host: boolean, role: string, lasting: boolean, denied: Record<string, string>}} Rights */

/** @typedef {{identity: string, name: string, spoke: boolean}} Hand */
/** What the server says of the meeting besides its media. @typedef {{spotlight: string, hands: Hand[], reactions: Map<string, string>, spoken: (identity: string, organization: string) => string}} Scene */

/** How often the screen is drawn without an event: livekit-client loses those of the seconds after a full reconnect. */
const REDRAW_MS = 1000;

/** Everything after which what a screen shows may differ. */
const CHANGES = [
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.ParticipantNameChanged,
  RoomEvent.ParticipantAttributesChanged,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished,
  RoomEvent.ActiveSpeakersChanged,
  RoomEvent.ConnectionQualityChanged,
  RoomEvent.AudioPlaybackStatusChanged,
  RoomEvent.Connected,
  RoomEvent.Reconnected,
];

/**
 * Says `state` when the state changes, `change` (at most once per task) when anything shown may differ, and
 * `trouble` with a `Problem` when a device fails.
 */
export class Call extends EventTarget {
  /** @type {State} */
  state = "idle";
  /** @type {Ending | null} */
  ending = null;
  username = "";
  /** @type {Scene} */
  scene = { spotlight: "", hands: [], reactions: new Map(), spoken: () => "" };
  /** @type {Rights} what the server said last of what this person may do; `denied` tells why not, by action */
  rights = { host: false, role: "", lasting: true, denied: {} };
  #changeDue = false;
  #wanted = { microphone: false, camera: false };

  /** @param {string} slug */
  constructor(slug) {
    super();
    this.slug = slug;
    this.room = new Room(OPTIONS);
    for (const event of CHANGES) this.room.on(event, () => this.#changed());
    setInterval(() => this.state === "inside" && this.#changed(), REDRAW_MS);
    this.room.on(RoomEvent.SignalReconnecting, () => this.#enter("interrupted"));
    this.room.on(RoomEvent.Reconnecting, () => this.#enter("interrupted"));
    this.room.on(RoomEvent.Reconnected, () => this.#enter("inside"));
    this.room.on(RoomEvent.TrackMuted, (publication, who) => this.#stopped(publication, who));
    this.room.on(RoomEvent.Disconnected, (reason) => this.#disconnected(reason));
    this.room.on(RoomEvent.MediaDevicesError, (error) => this.#trouble(error));
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
   * A share that a host has stopped ends altogether: the browser captures the screen no more.
   * @param {import("livekit-client").TrackPublication} publication
   * @param {import("livekit-client").Participant} who
   */
  #stopped({ source }, { isLocal }) {
    if (isLocal && source === Track.Source.ScreenShare) void this.setShare(false);
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
    this.#enter("entering");
    const outcome = await this.#connect(ATTEMPTS_TO_ENTER);
    if (outcome.kind !== "entered") return this.#giveUp(outcome);
    for (const track of tracks) {
      this.#wanted[track.kind === Track.Kind.Audio ? "microphone" : "camera"] = true;
    }
    this.#enter("inside");
    await Promise.allSettled(tracks.map((track) => this.room.localParticipant.publishTrack(track)));
    void this.#useSpeaker(loadChoices().speaker);
    return outcome;
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
      const outcome = await this.#tryOnce();
      if (outcome) return outcome;
    }
    return { kind: "ended", ending: this.ending ?? "lost" };
  }

  /** @returns {Promise<Outcome | null>} null when another attempt may help */
  async #tryOnce() {
    const answer = await askTicket(this.slug, this.username);
    if (answer.kind === "refused") return answer;
    if (answer.kind === "wait") return { kind: "ended", ending: "waiting" };
    if (answer.kind === "gone") return { kind: "ended", ending: "closed" };
    if (answer.kind === "away") return null;
    try {
      await this.room.connect(answer.url, answer.token);
      return { kind: "entered" };
    } catch (error) {
      const message = (await whyRefused(answer.url, answer.token)) || whyFull(error);
      return message ? { kind: "refused", message } : null;
    }
  }

  /** @param {import("livekit-client").DisconnectReason | undefined} reason */
  #disconnected(reason) {
    if (this.state !== "inside" && this.state !== "interrupted") return;
    const ending = endingOf(reason);
    if (ending) this.#end(ending);
    else void this.#comeBack();
  }

  async #comeBack() {
    this.#enter("returning");
    const outcome = await this.#connect(ATTEMPTS_TO_RETURN);
    if (outcome.kind !== "entered") {
      this.#end(outcome.kind === "ended" ? outcome.ending : "refused");
      return;
    }
    this.#enter("inside");
    const { microphone, camera } = this.#wanted;
    if (microphone) await this.setMicrophone(true);
    if (camera) await this.setCamera(true);
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
    this.#wanted.microphone = on;
    const { microphone } = loadChoices();
    await this.#attempt(() => this.room.localParticipant.setMicrophoneEnabled(on, ideal(microphone)));
  }

  /** @param {boolean} on */
  async setCamera(on) {
    this.#wanted.camera = on;
    const { camera } = loadChoices();
    await this.#attempt(() => this.room.localParticipant.setCameraEnabled(on, ideal(camera)));
  }

  /**
   * Start or stop sharing the screen; a person who closes the browser's question has just changed their mind.
   * @param {boolean} on
   */
  async setShare(on) {
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

/**
 * @param {string} deviceId
 * @returns {{deviceId: ConstrainDOMString} | undefined}
 */
function ideal(deviceId) {
  return deviceId ? { deviceId: { ideal: deviceId } } : undefined;
}

/**
 * Wait, but not longer than until the network is back.
 * @param {number} duration_ms
 * @returns {Promise<void>}
 */
function pause(duration_ms) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, duration_ms);
    addEventListener("online", done, { once: true });
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
  });
}
