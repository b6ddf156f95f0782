"""One person or everybody: mute, ask to unmute, put out."""

from __future__ import annotations

from collections.abc import Collection

from asgiref.sync import async_to_sync
from django.utils import timezone
from django.utils.translation import gettext as _

from suite.identity import assurance
from visio import wire
from visio.live import news
from visio.live.handlers.accounts import account_of, sessions_of
from visio.live.protocol import Code, MessageError
from visio.live.seat import Seat
from visio.live.topic import Handlers, Said
from visio.rooms.abilities import HOSTS
from visio.rooms.models import Place, Room
from visio.rooms.visits import State, Visit
from visio.signalling import client
from visio.signalling.models import Ended
from visio.signalling.removal import put_out

SOURCES_OF = {"microphone": (2,), "camera": (1,), "screen_share": (3, 4)}
"""LiveKit's numbers (`TrackSource`); a shared screen may have sound."""
ASKED_FOR = ("microphone", "camera")


def remove(here: Seat, said: Said) -> None:
    """Put somebody out; a host's own decision lets them in again."""
    room, _host = here.moderator()
    expel(room, said["identity"])


def expel(room: Room, identity: str) -> None:
    """End what somebody has in the meeting. Raise `MessageError` for nobody, and for those who run it."""
    found = sessions_of(room, identity)
    if any(session.rights.attributes.get("role") in HOSTS for session in found):
        raise MessageError(Code.NOT_ALLOWED, message=_("Give this person another role before you put them out."))
    Visit.objects.filter(room=room.main_id, identity=identity, state=State.ADMITTED).delete()
    Place.objects.of(identity).filter(breakouts=room.main_id).delete()
    put_out(found, Ended.REMOVED)


def ask(here: Seat, said: Said) -> None:
    """Ask one, or everybody else, to turn a source on; each person sees who asks, and decides."""
    room, host = here.moderator()
    if said["source"] not in ASKED_FOR:
        raise MessageError(Code.MALFORMED)
    identity = said.get("identity")
    asked = [session.identity for session in sessions_of(room, identity)] if identity else None
    message = {"type": "people.asked", "source": said["source"], "from": str(host), "identity": here.identity}
    news.say(room.pk, {**message, "at": timezone.now().isoformat()}, identities=asked)


def mute(here: Seat, said: Said) -> None:
    """Stop a source of one person, or of everybody else; they may start it again."""
    room, _host = here.moderator()
    if said["source"] not in SOURCES_OF:
        raise MessageError(Code.MALFORMED)
    mute_all(room, said["source"], here.identity, said.get("identity"))


def mute_all(room: Room, source: str, but: str, only: str | None = None) -> None:
    """Stop a source of everybody, or of `only` them; never of `but`, who says so.

    Raise `MessageError` when the media worker does not answer.
    """
    try:
        description = async_to_sync(client.dump_room)(str(room.pk))
    except TimeoutError as error:
        raise MessageError(Code.NOT_NOW, message=_("The media server does not answer. Please try again.")) from error
    client.order_all_now(str(room.pk), mutes(room, description, SOURCES_OF[source], but, only))


def mutes(
    room: Room, description: Said | None, sources: Collection[int], but: str, only: str | None = None
) -> list[wire.Mute]:
    """Give the orders that stop `sources` in a room that its worker describes so, as `mute_all` says."""
    return [
        wire.Mute(str(room.pk), participant["session"], track["sid"], muted=True)
        for participant in (description or {"participants": []})["participants"]
        if participant["identity"] != but and only in (None, participant["identity"])
        for track in participant["tracks"]
        if track["source"] in sources and not track["muted"]
    ]


def identify(here: Seat, said: Said) -> None:
    """Ask somebody to prove their identity more strongly; the person sees who asks, and decides."""
    room, host = here.moderator()
    if said["acr"] not in assurance.LEVELS:
        raise MessageError(Code.MALFORMED)
    account_of(room, said["identity"])
    message = {"type": "people.identify", "levels": assurance.at_least(said["acr"]), "from": str(host)}
    news.say(room.pk, {**message, "at": timezone.now().isoformat()}, identities=[said["identity"]])


HANDLERS: Handlers = {
    "people.remove": remove,
    "people.mute": mute,
    "people.ask": ask,
    "people.identify": identify,
}
