/** The room's page from the door on: waiting, then the call, then goodbye. */

import { Call } from "../call/call.js";
import { Encryption } from "../call/encryption.js";
import { Live } from "../call/live.js";
import { keyOf } from "../call/room_key.js";
import { Frame } from "../embed/frame.js";
import { CallView } from "../ui/call_view.js";
import { ConnectionPanel } from "../ui/connection_panel.js";
import { EncryptionView } from "../ui/encryption_view.js";
import { find } from "../ui/find.js";
import { KeyForm } from "../ui/key_form.js";
import { enableMedia } from "../ui/media.js";
import { notify } from "../ui/notices.js";
import { Panels } from "../ui/panels.js";
import { PersonMenu } from "../ui/person_menu.js";
import { enableSettings } from "../ui/settings.js";
import { topicsOf } from "../ui/topics.js";
import { WaitingView } from "../ui/waiting_view.js";
import { before, preview, root, started } from "./entrance.js";

const { slug = "", goodbye = "", name = "", waits, encryption } = root.dataset;

const sealing = encryption === "basic" ? new Encryption(slug) : null;
const call = new Call(slug, sealing);
const stage = find(root, "[data-call]", HTMLElement);
const view = new CallView(stage, call);
const live = new Live(slug);
const place = { root: stage, live, call, panels: new Panels(stage) };
const topics = topicsOf(place);
new ConnectionPanel(place);
new PersonMenu({ ...place, people: view.people, stage: view.stage });

enableSettings(stage, call, (kind, deviceId) => {
  if (call.state === "idle" && kind !== "speaker") return preview.choose(kind, deviceId);
  return call.choose(kind, deviceId);
});

enableMedia(root, preview, call, live);

const keyForm = sealing && new KeyForm(root, sealing);
if (sealing) new EncryptionView(root, call, sealing, view.stage);
else if (keyOf(location.hash)) find(root, "[data-key-unused]", HTMLElement).hidden = false;

const frame = "embedOrigins" in root.dataset ? new Frame({ root, call, preview, started, come: (guestName) => come(name || guestName) }) : null;

let isEntering = false;
let isGoingAway = false;
let cameBack = false;

call.addEventListener("state", () => {
  if (call.state === "ended" && !isGoingAway) finish();
  if (call.state === "returning") cameBack = true;
  if (call.state === "inside" && cameBack) {
    cameBack = false;
    if (live.slug === call.slug && !call.given) live.again(); // presence is looked at when the socket opens, and another session is present now
  }
});
call.addEventListener("moved", () => live.moveTo(call.slug));
addEventListener("pagehide", () => {
  isGoingAway = true;
  void call.room.disconnect();
});
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

/**
 * Enter at once, or wait at the door until somebody lets this person in; or go back to the page before with what went wrong.
 * @param {string} username
 */
export async function come(username) {
  try {
    if (keyForm && !(await keyForm.unlock())) return await goBack("key", keyForm.refusal);
    if (waits === "yes") await admission(username);
    await enter(username);
  } catch (error) {
    reportError(error);
    await goBack("refused", gettext("This did not work. Please try again."));
  }
}

/**
 * @param {"key" | "refused"} code
 * @param {string} message
 */
async function goBack(code, message) {
  if (isOver()) return;
  isEntering = false;
  frame?.trouble(code, message);
  view.close();
  before.reopen(message);
  await preview.reopen();
}

/**
 * Wait on the companion socket.
 * @param {string} username
 * @returns {Promise<void>}
 */
function admission(username) {
  const waiting = new WaitingView(find(root, "[data-waiting]", HTMLElement));
  find(root, "[data-before]", HTMLElement).hidden = true;
  waiting.open();
  live.open(username);
  return new Promise((resolve) => {
    live.addEventListener("message", function hear(event) {
      const heard = /** @type {CustomEvent<import("../call/live.js").Heard>} */ (event).detail;
      waiting.hear(heard);
      if (heard.type !== "lobby.admitted" && !(heard.type === "welcome" && heard.inside)) return;
      live.removeEventListener("message", hear);
      waiting.close();
      resolve();
    });
  });
}

/** @param {string} username */
async function enter(username) {
  if (isEntering) return;
  isEntering = true;
  await preview.ready();
  if (isOver()) return;
  const tracks = preview.release();
  before.close();
  view.open();
  const outcome = await call.enter(username, tracks);
  if (outcome.kind === "entered" && !call.given && !isOver()) {
    live.addEventListener("message", (event) => {
      const heard = /** @type {CustomEvent<import("../call/live.js").Heard>} */ (event).detail;
      for (const topic of topics) topic.hear(heard);
      // Who moves is told by the former room that they have no place there.
      if (heard.type === "error" && heard.message && call.state !== "moving") notify(heard.message);
    });
    if (waits === "yes") live.again();
    else live.open(username);
  }
  if (outcome.kind === "refused") await goBack("refused", outcome.message);
}

function isOver() {
  return call.state === "ended";
}

/** Go to the page that says why the call is over; who must be admitted sees the room's page anew. */
function finish() {
  const why = call.ending ?? "left";
  if (frame) {
    live.close();
    for (const track of preview.release()) track.stop();
    return frame.end(why);
  }
  const about = new URLSearchParams(why === "removed" && name ? { why, agent: "1" } : { why });
  location.assign(why === "waiting" ? location.pathname : `${goodbye}?${about}`);
}
