"""The rules that decisions name: a stable code and a sentence each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from visio.rooms.policy import Rule

OWNERS_DECIDE = _("An owner of the room can change this.")

ACCOUNT_DISABLED = Rule(
    "account_disabled", _("Your account is disabled."), _("The administrators of this service can enable it again.")
)
LINK = Rule("link", _("Everybody with the link sees the name of the room."), _("Nobody can change this."))
PUBLIC = Rule("public", _("Everybody with the link enters this room."))
MEMBERS_ENTER = Rule("members_enter", _("Members enter their room."))
SIGNED_IN = Rule("signed_in", _("People who are signed in enter this room; others wait until somebody lets them in."))
RESTRICTED = Rule("restricted", _("Members enter this room; others wait until somebody lets them in."))
ADMITTED = Rule("admitted", _("Somebody who manages the room let you in."))
NOT_AMONG = Rule(
    "not_among", _("This room is for certain organisations or accounts; others wait until somebody lets them in.")
)
PROVING = Rule("proving", _("This room asks for a stronger proof of who you are; you have a few minutes to give it."))
OUTSIDERS_REFUSED = Rule("outsiders_refused", _("Only those for whom this room is open may enter; nobody waits here."))
NO_GUESTS = Rule("no_guests", _("This room takes no guests. Please sign in."))
PASSCODE = Rule("passcode", _("This room asks for a passcode."))
CLOSED_NOW = Rule("closed_now", _("This room is closed at this hour."))
EXPIRED = Rule("expired", _("The link of this room is no longer valid."))
LOCKED = Rule("locked", _("The room is locked; who comes now waits until somebody lets them in."))
FROZEN = Rule("frozen", _("The meeting is frozen; only those who run the room may do something."))
LATE = Rule("late", _("The meeting has begun; who comes now waits until somebody lets them in."))
OTHER_GROUP = Rule(
    "other_group",
    _("This is a group of a meeting in which you have no place."),
    _("A host of the meeting can give you one."),
)
GROUPS_CLOSED = Rule("groups_closed", _("The groups of this meeting are closed."))
MAIN_ROOM = Rule("main_room", _("This is not decided in a group but in the main room."), _("Nobody can change this."))
BANNED = Rule("banned", _("You were put out of this room and may not come back."))
PUT_OUT = Rule("put_out", _("You were put out of this meeting; you wait until somebody lets you in again."))
DENIED = Rule("denied", _("A host has forbidden this to you until the meeting is over."))
ROOM_FULL = Rule("room_full", _("This room is full. Please try again when somebody has left."))
HOSTS_ONLY = Rule("hosts_only", _("Only owners and hosts of the room may do this."))
OWNERS_ONLY = Rule("owners_only", _("Only owners of the room may do this."), OWNERS_DECIDE)
FOR_NOW = Rule("for_now", _("Your role ends with this meeting; what outlasts it is for the lasting hosts and owners."))
MEMBERS_ONLY = Rule("members_only", _("Only members of the room may do this."))
EVERYBODY = Rule("everybody", _("Everybody in the room may do this."))

MICROPHONE = Rule("microphone", _("You cannot use your microphone here."))
CAMERA = Rule("camera", _("You cannot use your camera here."))
SCREEN = Rule("screen", _("You cannot share your screen here."))
CHAT = Rule("chat", _("You cannot write in the chat here."))
PRIVATE_CHAT = Rule("private_chat", _("You cannot write to one person only here."))
CHAT_FILES = Rule("chat_files", _("You cannot send files in the chat here."))
NOTES = Rule("notes", _("You cannot write in the shared notes here."))
RECORD = Rule("record", _("You cannot record here."))
TRANSCRIBE = Rule("transcribe", _("You cannot have this meeting transcribed."))
PEOPLE_SHOWN = Rule("people_shown", _("You see who is inside once you have entered."))
NAMES_FOR_SIGNED_IN = Rule(
    "names_for_signed_in",
    _("Guests see who is inside once they have entered."),
    _("Nobody can change this."),
)
ENCRYPTED = Rule(
    "encrypted",
    _(
        "The meeting is end-to-end encrypted: the service cannot see or hear it, so it can neither record nor "
        "transcribe it nor show captions."
    ),
)
INVITE_ENCRYPTED = Rule(
    "invite_encrypted",
    _(
        "The meeting is end-to-end encrypted, and the service does not know its key: a mail of the service would lead "
        "nobody in. Copy the link and send it yourself."
    ),
)
NO_ATTENDANCE = Rule("no_attendance", _("No report of attendance is kept in this room."))

RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
