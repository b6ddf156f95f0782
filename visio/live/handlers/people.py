"""One person or everybody: mute, ask to unmute, put out."""

from __future__ import annotations

from collections.abc import Collection

from asgiref.sync import async_to_sync
from django.db import transaction
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
from visio.rooms.visits import Visit
from visio.signalling import client
from visio.signalling.models import Ended, Session
from visio.signalling.proofs import PROVE_WITHIN
from visio.signalling.removal import put_out

SOURCES_OF = {"microphone": (2,), "camera": (1,), "screen_share": (3, 4)}
"""LiveKit's numbers (`TrackSource`); a shared screen may have sound."""
ASKED_FOR = ("microphone", "camera")


def greet(here: Seat) -> list[Said]:
    """Tell somebody inside what the rules ask them to prove of themselves since they came, and by when."""
    room = here.room()
    found = Session.objects.inside().filter(room=room, identity=here.identity, prove_by__gt=timezone.now()).first()
    if found is None or found.prove_by is None:
        return []
    levels, until = sorted(room.facts.policy.terms.assurances or ()), found.prove_by
    when = {"at": (until - PROVE_WITHIN).isoformat(), "until": until.isoformat()}
    return [{"type": "people.identify", "levels": levels, "from": "", **when}]


def remove(here: Seat, said: Said) -> None:
    """Put somebody out; only a host's own decision lets them in again."""
    room, host = here.moderator()
    found = removable(room, said["identity"])
    devices, name = [session.device for session in found], found[0].rights.name
    with transaction.atomic():  # their sockets are looked at when all is done
        Visit.put_out(room.main, said["identity"], devices, name, host)
        expel(room, said["identity"], found)


def removable(room: Room, identity: str) -> list[Session]:
    """Give the sessions of somebody whom hosts may put out. Raise `MessageError` for nobody, and for hosts."""
    found = sessions_of(room, identity)
    if any(session.rights.attributes.get("role") in HOSTS for session in found):
        raise MessageError(Code.NOT_ALLOWED, message=_("Give this person another role before you put them out."))
    return found


def expel(room: Room, identity: str, found: list[Session]) -> None:
    """End what somebody has in the meeting."""
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
    """Stop a source of one person, wherever in the meeting, or of everybody else here; they may start it again."""
    room, _host = here.moderator()
    if said["source"] not in SOURCES_OF:
        raise MessageError(Code.MALFORMED)
    if identity := said.get("identity"):
        _mute_one(room, identity, said["source"])
    else:
        mute_all(room, said["source"], here.identity)


def _mute_one(room: Room, identity: str, source: str) -> None:
    """Stop a source of one person. Raise `MessageError` when nobody with this identity is in the meeting's media."""
    described = {each: _described(each) for each in {session.room for session in sessions_of(room, identity)}}
    there = [each for each, found in described.items() if identity in _identities(found)]
    if not there:
        raise MessageError(Code.NOBODY)
    for each in there:
        client.order_all_now(str(each.pk), mutes(each, described[each], SOURCES_OF[source], only=identity))


def mute_all(room: Room, source: str, but: str) -> None:
    """Stop a source of everybody in a room; never of `but`, who says so."""
    client.order_all_now(str(room.pk), mutes(room, _described(room), SOURCES_OF[source], but))


def _described(room: Room) -> Said | None:
    """Give the room as its worker describes it. Raise `MessageError` when the worker does not answer."""
    try:
        return async_to_sync(client.dump_room)(str(room.pk))
    except TimeoutError as error:
        raise MessageError(Code.NOT_NOW, message=_("The media server does not answer. Please try again.")) from error


def _identities(description: Said | None) -> set[str]:
    return {participant["identity"] for participant in (description or {"participants": []})["participants"]}


def mutes(
    room: Room, description: Said | None, sources: Collection[int], but: str = "", only: str | None = None
) -> list[wire.Mute]:
    """Give the orders that stop `sources` of everybody, or of `only` them, in a room that its worker describes so."""
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
    message = {"type": "people.identify", "levels": assurance.at_least(said["acr"]), "from": str(host), "until": None}
    news.say(room.pk, {**message, "at": timezone.now().isoformat()}, identities=[said["identity"]])


HANDLERS: Handlers = {
    "people.remove": remove,
    "people.mute": mute,
    "people.ask": ask,
    "people.identify": identify,
}
