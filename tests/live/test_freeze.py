"""The emergency brake: rights end in the worker, evidence is kept, the security contacts get one mail."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client as Web
from django.test import override_settings
from django.utils import timezone

from suite.identity.models import User
from tests.identity.people import make_user, sign_in
from tests.live.browser import Browser
from tests.live.meeting import enter, present
from tests.live.test_moderation import _inside
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.attendance.models import Gathering
from visio.live import chat
from visio.live.models import ChatFile, ChatMessage, Freeze
from visio.live.tasks import tell_security
from visio.rooms.models import Room
from visio.signalling import sessions
from visio.signalling.models import Session

SECURITY = override_settings(SECURITY_CONTACTS=["security@service.example"])


async def test_it_works(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    """Nobody but hosts may send; who comes waits; it outlasts the meeting; a host lets it go on."""
    await sync_to_async(room.add_member)(charlie)
    client, session = await _inside(worker, room, charlie)
    host, member = Browser(room, alice), Browser(room, charlie)
    await host.arrive()
    await member.arrive()
    await member.hears("room.rights")
    gathering = await Gathering.objects.aget(room=room)
    await ChatMessage.objects.acreate(gathering=gathering, first=1, seq=1, sender="x", name="Mallory", text="secret")
    await host.say("room.freeze", frozen=True, id=1)
    heard = await member.hears_each("room.rights", "room.state")
    assert "frozen" in heard["room.rights"]["denied"]["chat"]
    assert heard["room.state"]["frozen"] is True
    await worker.next(wire.Dump)
    permit: wire.Permit = await worker.next(wire.Permit)
    assert (permit.session, permit.grant.can_publish, permit.grant.can_publish_data) == (str(session.pk), False, False)
    await host.hears("done", to=1)
    await host.say("room.freeze", frozen=True, id=2)
    await host.hears("done", to=2)
    freeze = await Freeze.objects.aget()
    assert [line["text"] for line in freeze.evidence["chat"]] == ["secret"]
    (person,) = freeze.evidence["people"]
    assert (person["name"], person["sends"]) == ("Charlie Test", [{"source": "microphone", "muted": False}])
    await sync_to_async(sessions.left)(session.pk, session.channel, timezone.now())
    await client.leave()
    stranger = Browser(room, make := await sync_to_async(make_user)("erin"))
    await sync_to_async(room.add_member)(make)
    assert (await stranger.arrive())["inside"] is False
    await host.say("room.freeze", frozen=False)
    await stranger.hears("lobby.admitted")
    await freeze.arefresh_from_db()
    assert freeze.ended_by_name == "Alice Test"
    for browser in (host, member, stranger):
        await browser.leave()


async def test_a_member_freezes_nothing(layer: None, room: Room, charlie: User) -> None:
    await sync_to_async(room.add_member)(charlie)
    member = Browser(room, charlie)
    await member.arrive()
    await member.say("room.freeze", frozen=True, id=1)
    assert (await member.hears("error", to=1))["code"] == "not_allowed"
    assert not await Freeze.objects.aexists()
    await member.leave()


@SECURITY
def test_the_security_contacts_are_told_once(room: Room, alice: User) -> None:
    """With a link to what was kept; the room's name cannot write headers."""
    freeze = Freeze.objects.create(room=room, room_name="Council\nBcc: all", slug=room.slug, by=alice, by_name="Alice")
    for _ in range(2):
        tell_security(str(freeze.pk))
    (message,) = mail.outbox
    assert (message.to, message.subject.count("\n")) == (["security@service.example"], 0)
    assert f"/admin/live/freeze/{freeze.pk}/change/" in message.body
    freeze.refresh_from_db()
    assert freeze.told_at is not None


async def test_a_worker_that_is_silent_keeps_nothing_waiting(worker: FakeWorker, room: Room, alice: User) -> None:
    """The room is frozen, the host is answered and stays."""
    client, _session = await _inside(worker, room, alice)
    host = Browser(room, alice)
    await host.arrive()
    worker.answers = False
    await host.say("room.freeze", frozen=True, id=1)
    await host.hears("done", to=1)
    assert (await Room.objects.aget(pk=room.pk)).is_frozen
    freeze = await Freeze.objects.aget()
    assert [person["sends"] for person in freeze.evidence["people"]] == [[]]
    await host.say("people.mute", source="microphone", id=2)
    assert (await host.hears("error", to=2))["code"] == "not_now"
    await host.leave()
    await client.leave()


def test_without_contacts_superusers_are_told(room: Room) -> None:
    make_user("root", is_superuser=True, email="root@service.example")
    freeze = Freeze.objects.create(room=room, room_name="Council", slug=room.slug, by_name="Alice")
    tell_security(str(freeze.pk))
    assert [message.to for message in mail.outbox] == [["root@service.example"]]


def test_without_contacts_nobody_is_told(room: Room) -> None:
    freeze = Freeze.objects.create(room=room, room_name="Council", slug=room.slug, by_name="Alice")
    tell_security(str(freeze.pk))
    assert mail.outbox == []


def test_the_evidence_outlives_the_room(room: Room) -> None:
    """Staff read it in the administration."""
    kept = {"people": [{"name": "Mallory"}]}
    freeze = Freeze.objects.create(room=room, room_name="Council", slug=room.slug, by_name="Alice", evidence=kept)
    room.delete()
    web = Web()
    sign_in(web, make_user("admin", is_staff=True))
    page = web.get(f"/admin/live/freeze/{freeze.pk}/change/")
    assert page.status_code == 200
    assert "Mallory" in page.content.decode()


async def test_nobody_but_hosts_acts(layer: None, room: Room, alice: User, charlie: User) -> None:
    """Nobody takes lines back, votes, or raises a hand; a hand that is up may come down."""
    await sync_to_async(room.add_member)(charlie)
    host, member = await present(room, alice), await present(room, charlie)
    await member.say("chat.send", text="secret")
    line = await host.hears("chat.line")
    await host.say("poll.make", question="Go on?", options=["yes", "no"], multiple=False, anonymous=False)
    poll = (await member.hears("poll.state"))["poll"]["id"]
    await Room.objects.filter(pk=room.pk).aupdate(is_frozen=True)
    asked: list[dict[str, object]] = [
        {"type": "chat.delete", "line": line["id"]},
        {"type": "poll.vote", "poll": poll, "choices": [0]},
        {"type": "hand.raise"},
    ]
    for number, message in enumerate(asked, start=1):
        await member.say(**message, id=number)  # type: ignore[arg-type]
        assert "frozen" in (await member.hears("error", to=number))["message"]
    await member.say("hand.lower", id=9)
    await member.hears("done", to=9)
    await host.say("chat.delete", line=line["id"], id=1)
    await host.hears("done", to=1)
    await host.leave()
    await member.leave()


def test_files_are_kept_as_long_as_the_evidence(layer: None, room: Room, alice: User, settings: Any) -> None:
    storage = {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    settings.STORAGES = {**settings.STORAGES, **storage}
    enter(room, alice)
    session = Session.objects.select_related("room").get()
    file = ChatFile(name="plan.pdf", size_bytes=4)
    file.content.save(file.pk.hex, ContentFile(b"plan"), save=False)
    line = chat.say(session, chat.Draft("", file=file))
    kept = {"chat": [line.body()]}
    freeze = Freeze.objects.create(room=room, room_name="Council", slug=room.slug, by_name="Alice", evidence=kept)
    ChatMessage.objects.all().delete()
    assert default_storage.exists(f"chat/{file.pk.hex}")
    freeze.delete()
    assert not default_storage.exists(f"chat/{file.pk.hex}")
