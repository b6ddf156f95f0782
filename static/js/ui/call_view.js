/** The call on the screen: everything drawn anew from the call's state whenever it changes. */

import { peopleOf, soundsOf } from "../call/people.js";
import { Controls } from "./controls.js";
import { enableDialogs } from "./dialogs.js";
import { find } from "./find.js";
import { Frame } from "./frame.js";
import { LayoutMenu } from "./layout_menu.js";
import { notify } from "./notices.js";
import { PeopleList } from "./people_list.js";
import { SmallWindow } from "./small_window.js";
import { Sounds } from "./sounds.js";
import { Stage } from "./stage.js";

/** @typedef {import("../call/call.js").Call} Call */
/** @typedef {import("../call/devices.js").Problem} Problem */

const CLOCK_MS = 10_000;

/** Draws one `Call` below `root`. */
export class CallView {
  /**
   * @param {HTMLElement} root
   * @param {Call} call
   */
  constructor(root, call) {
    this.root = root;
    this.call = call;
    this.stage = new Stage(find(root, "[data-stage]", HTMLElement));
    this.sounds = new Sounds(find(root, "[data-sounds]", HTMLElement));
    this.people = new PeopleList(root);
    this.controls = new Controls(root, call);
    enableDialogs(root);
    const frame = new Frame(() => this.#draw());
    call.addEventListener("change", () => frame.request());
    new LayoutMenu(root, this.stage);
    new SmallWindow(root, this.stage, call);
    call.addEventListener("state", () => this.#tellReturn());
    call.addEventListener("moved", () => this.people.forget());
    call.addEventListener("trouble", (event) => notify(troubleText(/** @type {CustomEvent<Problem>} */ (event).detail)));
  }

  /** Show the call instead of the page before it. */
  open() {
    this.root.hidden = false;
    document.body.classList.add("in-call");
    find(this.root, "[data-call-title]", HTMLElement).focus();
    this.#draw();
    this.#tick();
    setInterval(() => this.#tick(), CLOCK_MS);
  }

  /** Go back to the page before the call. */
  close() {
    this.root.hidden = true;
    document.body.classList.remove("in-call");
  }

  #draw() {
    if (this.root.hidden) return;
    const { room, state } = this.call;
    this.root.dataset.state = state;
    this.root.dataset.participant = room.localParticipant.sid;
    const people = this.#people();
    this.stage.render(people, this.call.scene.spotlight);
    this.sounds.render(soundsOf(room));
    this.people.render(people);
    if (state === "inside") this.people.announce(people);
    this.controls.render();
    find(this.root, "[data-alone]", HTMLElement).hidden = state !== "inside" || people.length > 1;
    this.#drawBanners();
  }

  /** Give everybody, with their hands and reactions. */
  #people() {
    const { hands, reactions, spoken } = this.call.scene;
    return peopleOf(this.call.room).map((person) => ({
      ...person,
      hand: hands.findIndex(({ identity }) => identity === person.key) + 1,
      reaction: reactions.get(person.key) ?? "",
      spoken: spoken(person.key, person.card.organization ?? ""),
    }));
  }

  #drawBanners() {
    const { room, state } = this.call;
    this.#banner("entering", state === "entering");
    this.#banner("moving", state === "moving");
    this.#banner("interrupted", state === "interrupted" || state === "returning");
    this.#banner("sharing", room.localParticipant.isScreenShareEnabled);
    this.#banner("silent", state === "inside" && !room.canPlaybackAudio);
  }

  /**
   * @param {string} name
   * @param {boolean} isShown
   */
  #banner(name, isShown) {
    find(this.root, `[data-banner="${name}"]`, HTMLElement).hidden = !isShown;
  }

  #wasAway = false;

  #tellReturn() {
    const { state } = this.call;
    if (state === "inside" && this.#wasAway) notify(gettext("You are connected again"));
    this.#wasAway = state === "interrupted" || state === "returning";
  }

  #tick() {
    const clock = find(this.root, "[data-clock]", HTMLElement);
    clock.textContent = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  }
}

/**
 * @param {Problem} problem
 * @returns {string}
 */
function troubleText(problem) {
  if (problem === "denied") return gettext("Your browser does not give access to this device");
  if (problem === "absent") return gettext("This device is not there");
  if (problem === "busy") return gettext("Another program uses this device");
  if (problem === "background") return gettext("Your camera stays off: its background cannot be made here");
  return gettext("This device does not work at the moment");
}
