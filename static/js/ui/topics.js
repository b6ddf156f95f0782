/** What the page does with the companion socket's messages, topic by topic. */

/** @typedef {import("../call/live.js").Live} Live */
/** @typedef {import("../call/live.js").Heard} Heard */
/** @typedef {import("../call/call.js").Call} Call */
/** @typedef {import("./panels.js").Panels} Panels */
/** @typedef {{root: HTMLElement, live: Live, call: Call, panels: Panels}} Place */
/** @typedef {{hear: (heard: Heard) => void}} Topic */
/** @typedef {new (place: Place) => Topic} TopicType */

import { AgendaPanel } from "./agenda_panel.js";
import { Asked } from "./asked.js";
import { AttendanceNotice } from "./attendance_notice.js";
import { AttendancePanel } from "./attendance_panel.js";
import { BreakoutsPanel } from "./breakouts_panel.js";
import { ChatPanel } from "./chat_panel.js";
import { Hands } from "./hands.js";
import { InfoPanel } from "./info_panel.js";
import { LobbyPanel } from "./lobby_panel.js";
import { MeetingDialog } from "./meeting_dialog.js";
import { NotesPanel } from "./notes_panel.js";
import { PollsPanel } from "./polls_panel.js";
import { Rights } from "./rights.js";
import { StepUp } from "./step_up.js";

/** What is for hosts only is hidden from the others (`data-for-hosts`): a role may change in the call. @type {TopicType[]} */
const TOPICS = [
  Rights,
  Hands,
  Asked,
  StepUp,
  LobbyPanel,
  MeetingDialog,
  AttendanceNotice,
  AttendancePanel,
  ChatPanel,
  PollsPanel,
  NotesPanel,
  AgendaPanel,
  BreakoutsPanel,
  InfoPanel,
];

/**
 * Give the topics of a page.
 * @param {Place} place
 * @returns {Topic[]}
 */
export function topicsOf(place) {
  return TOPICS.map((topic) => new topic(place));
}
