/** What a host may do to one person, as values: when it is offered, what it is called, what is asked first, what is said. */

/** @typedef {import("../call/people.js").Person} Person */
/** @typedef {import("../call/call.js").Rights} Rights */
/** @typedef {import("../call/call.js").Scene} Scene */
/** @typedef {import("../call/live.js").Said} Said */
/**
 * @typedef {object} Action
 * @property {string} icon
 * @property {() => string} label
 * @property {(person: Person, rights: Rights, scene: Scene) => boolean} isOffered
 * @property {(person: Person) => [Said, Record<string, unknown>]} message
 * @property {(person: Person) => {title: string, text: string, yes: string}} [question]
 */

const HOSTS = ["owner", "host"];
/** What a host may ask for, weakest first. */
const ASKED = ["eidas2", "eidas3"];
const STRONGEST = "eidas3";
/** @param {string | undefined} level */
const strongerThan = (level) => ASKED[ASKED.indexOf(level ?? "") + 1];

/** @param {Person} person */
const isHost = ({ card }) => HOSTS.includes(card.role);
/** @param {(person: Person, rights: Rights) => boolean} condition @returns {Action["isOffered"]} */
const byHost = (condition) => (person, rights) => rights.host && !person.isLocal && condition(person, rights);
/** @param {(person: Person) => boolean} condition @returns {Action["isOffered"]} */
const byLastingHost = (condition) => byHost((person, rights) => !("manage_members" in rights.denied) && condition(person));

/** @param {Person} person @param {Rights} rights @param {string} source */
const isForbidden = ({ key }, { forbidden }, source) => Boolean(forbidden.get(key)?.includes(source));
/** @param {string} source @returns {Action["isOffered"]} */
const mayForbid = (source) => byHost((person, rights) => !isHost(person) && !isForbidden(person, rights, source));
/** @param {string} source @returns {Action["isOffered"]} */
const mayAllow = (source) => byHost((person, rights) => isForbidden(person, rights, source));
/** @param {string} source @param {boolean} allowed @returns {Action["message"]} */
const allowing = (source, allowed) => ({ key }) => ["people.allow", { identity: key, source, allowed }];

/** @type {Action[]} */
export const ACTIONS = [
  {
    icon: "mic-off",
    label: () => gettext("Mute"),
    isOffered: byHost(({ microphoneOn }) => microphoneOn),
    message: ({ key }) => ["people.mute", { identity: key, source: "microphone" }],
  },
  {
    icon: "mic-off",
    label: () => gettext("Mute and keep muted"),
    isOffered: mayForbid("microphone"),
    message: allowing("microphone", false),
  },
  {
    icon: "mic",
    label: () => gettext("Allow the microphone again"),
    isOffered: mayAllow("microphone"),
    message: allowing("microphone", true),
  },
  {
    icon: "mic",
    label: () => gettext("Ask to unmute"),
    isOffered: byHost((person, rights) => !person.microphoneOn && !isForbidden(person, rights, "microphone")),
    message: ({ key }) => ["people.ask", { identity: key, source: "microphone" }],
  },
  {
    icon: "camera-off",
    label: () => gettext("Stop the camera"),
    isOffered: byHost(({ camera }) => camera !== null),
    message: ({ key }) => ["people.mute", { identity: key, source: "camera" }],
  },
  {
    icon: "camera-off",
    label: () => gettext("Camera off, and not again"),
    isOffered: mayForbid("camera"),
    message: allowing("camera", false),
  },
  {
    icon: "camera",
    label: () => gettext("Allow the camera again"),
    isOffered: mayAllow("camera"),
    message: allowing("camera", true),
  },
  {
    icon: "camera",
    label: () => gettext("Ask to turn the camera on"),
    isOffered: byHost((person, rights) => person.camera === null && !isForbidden(person, rights, "camera")),
    message: ({ key }) => ["people.ask", { identity: key, source: "camera" }],
  },
  {
    icon: "screen-off",
    label: () => gettext("Stop the screen sharing"),
    isOffered: byHost(({ share }) => share !== null),
    message: ({ key }) => ["people.mute", { identity: key, source: "screen_share" }],
  },
  {
    icon: "star",
    label: () => gettext("Show large to everybody"),
    isOffered: (person, rights, scene) => rights.host && scene.spotlight !== person.key,
    message: ({ key }) => ["stage.spotlight", { identity: key }],
  },
  {
    icon: "star",
    label: () => gettext("No longer show large"),
    isOffered: (person, rights, scene) => rights.host && scene.spotlight === person.key,
    message: () => ["stage.spotlight", {}],
  },
  {
    icon: "hand",
    label: () => gettext("Give the floor"),
    isOffered: byHost(({ hand }) => hand > 0),
    message: ({ key }) => ["hand.give", { identity: key }],
  },
  {
    icon: "hand",
    label: () => gettext("Lower the hand"),
    isOffered: byHost(({ hand }) => hand > 0),
    message: ({ key }) => ["hand.lower", { identity: key }],
  },
  {
    icon: "badge",
    label: () => gettext("Ask to confirm the identity"),
    isOffered: byHost(({ isGuest, card }) => !isGuest && card.assurance !== STRONGEST),
    message: ({ key, card }) => ["people.identify", { identity: key, acr: strongerThan(card.assurance) }],
  },
  {
    icon: "people",
    label: () => gettext("Make co-host for this meeting"),
    isOffered: byHost((person) => !person.isGuest && !isHost(person)),
    message: ({ key }) => ["people.role", { identity: key, role: "host", lasting: false }],
  },
  {
    icon: "person",
    label: () => gettext("Take the host role for this meeting"),
    isOffered: byHost(({ card }) => card.role === "host"),
    message: ({ key }) => ["people.role", { identity: key, role: "member", lasting: false }],
  },
  {
    icon: "people",
    label: () => gettext("Make host for good"),
    isOffered: byLastingHost((person) => !person.isGuest && (!isHost(person) || Boolean(person.card.role_until))),
    message: ({ key }) => ["people.role", { identity: key, role: "host", lasting: true }],
  },
  {
    icon: "person",
    label: () => gettext("Make member for good"),
    isOffered: byLastingHost(({ card, isGuest }) => !isGuest && card.role !== "owner" && card.role !== "member"),
    message: ({ key }) => ["people.role", { identity: key, role: "member", lasting: true }],
  },
  {
    icon: "badge",
    label: () => gettext("Hand the room over"),
    isOffered: byHost(({ card, isGuest }, rights) => rights.role === "owner" && !isGuest && card.role !== "owner"),
    message: ({ key }) => ["room.transfer", { identity: key }],
    question: ({ name }) => ({
      title: interpolate(gettext("Hand the room over to %s?"), [name]),
      text: gettext("They become the owner. You stay a host, and only they can give the room back."),
      yes: gettext("Hand the room over"),
    }),
  },
  {
    icon: "door",
    label: () => gettext("Put out"),
    isOffered: byHost((person) => !isHost(person)),
    message: ({ key }) => ["people.remove", { identity: key }],
  },
  {
    icon: "close",
    label: () => gettext("Put out for this meeting"),
    isOffered: byHost((person) => !isHost(person)),
    message: ({ key }) => ["people.ban", { identity: key, lasting: false }],
  },
  {
    icon: "close",
    label: () => gettext("Put out for good"),
    isOffered: byLastingHost((person) => !isHost(person)),
    message: ({ key }) => ["people.ban", { identity: key, lasting: true }],
    question: ({ name }) => ({
      title: interpolate(gettext("Put %s out for good?"), [name]),
      text: gettext("They cannot come back with this account or this browser, until somebody lifts the ban."),
      yes: gettext("Put out for good"),
    }),
  },
];
