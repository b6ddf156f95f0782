/** Says in a few sentences what somebody who sees the call takes in at a glance. */

import { peopleOf } from "../call/people.js";

/**
 * Give who speaks, what of one's own is on, how many are here, and whose hands are up.
 * @param {import("../call/call.js").Call} call
 * @returns {string}
 */
export function situationOf({ room, scene }) {
  const people = peopleOf(room);
  const speaking = people.filter(({ isSpeaking, isLocal }) => isSpeaking && !isLocal).map(({ name }) => name);
  const { isMicrophoneEnabled, isCameraEnabled, isScreenShareEnabled } = room.localParticipant;
  const sentences = [
    speaking.length ? interpolate(ngettext("%s is speaking.", "Speaking: %s.", speaking.length), [speaking.join(", ")]) : gettext("Nobody is speaking."),
    isMicrophoneEnabled ? gettext("Your microphone is on.") : gettext("Your microphone is off."),
    isCameraEnabled ? gettext("Your camera is on.") : gettext("Your camera is off."),
    isScreenShareEnabled ? gettext("You share your screen.") : "",
    interpolate(ngettext("%s person is here.", "%s people are here.", people.length), [String(people.length)]),
    scene.hands.length ? interpolate(gettext("Hands raised: %s."), [scene.hands.map(({ name }) => name).join(", ")]) : "",
  ];
  return sentences.filter(Boolean).join(" ");
}
