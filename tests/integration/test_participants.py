"""Participants through `livekit-api`: seen, changed, muted, subscribed, spoken to, called, put out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from livekit import api, rtc
from livekit.protocol import models
from livekit.protocol import room as messages

from tests.integration.callers import join_token, post, token
from tests.integration.receiver import CITY, KEY
from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, until
from tests.stack import Stack

pytestmark = pytest.mark.live
MODE = pytest.mark.parametrize("single", [False, True], ids=["dual", "single"])
Reason = models.DisconnectReason


@asynccontextmanager
async def inside(stack: Stack, room: str, *people: Person) -> AsyncIterator[None]:
    """Let people be in an integrator's room."""
    try:
        entering = [one.connect(stack.ws_url, join_token(CITY, room, one.name)) for one in people]
        await asyncio.gather(*entering)
        yield
    finally:
        await asyncio.gather(*(one.leave() for one in people))


async def test_participants_are_described(open_stack: Stack, city: api.LiveKitAPI, name: str) -> None:
    """With their tracks, and with those whom the others do not see."""
    alice, ghost = Person("alice", single=True), Person("ghost", single=True)
    async with inside(open_stack, name, alice):
        await ghost.connect(open_stack.ws_url, join_token(CITY, name, "ghost", hidden=True))
        spoken = await alice.speak(440)
        await ghost.hears("alice", 440)
        listed = (await city.room.list_participants(messages.ListParticipantsRequest(room=name))).participants
        assert {one.identity: one.permission.hidden for one in listed} == {"alice": False, "ghost": True}
        seen = await city.room.get_participant(messages.RoomParticipantIdentity(room=name, identity="alice"))
        assert seen.sid == alice.room.local_participant.sid
        assert [track.sid for track in seen.tracks] == [spoken.sid]
        assert not alice.others()
        await ghost.leave()


@MODE
async def test_changes_reach_everybody(open_stack: Stack, city: api.LiveKitAPI, name: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=not single)
    async with inside(open_stack, name, alice, bob):
        request = messages.UpdateParticipantRequest(
            room=name, identity="alice", name="Alice M.", metadata="chair", attributes={"color": "blue"}
        )
        changed = await city.room.update_participant(request)
        assert (changed.name, changed.metadata, dict(changed.attributes)) == ("Alice M.", "chair", {"color": "blue"})
        seen = bob.room.remote_participants["alice"]
        await until(lambda: (seen.name, seen.metadata) == ("Alice M.", "chair"), "bob sees the name")
        assert seen.attributes == {"color": "blue"}
        again = messages.UpdateParticipantRequest(room=name, identity="alice", attributes={"color": "", "hat": "red"})
        await city.room.update_participant(again)
        await until(lambda: seen.attributes == {"hat": "red"}, "bob sees that an attribute went")
        assert (seen.name, seen.metadata) == ("Alice M.", "chair")


@MODE
async def test_rights_are_taken_and_stay_taken(
    open_stack: Stack, city: api.LiveKitAPI, name: str, single: bool
) -> None:
    """Also for whoever comes back to the same session."""
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with inside(open_stack, name, alice, bob):
        await alice.speak(440)
        await bob.hears("alice", 440)
        rights = models.ParticipantPermission(can_subscribe=True, can_publish=False, can_publish_data=True)
        request = messages.UpdateParticipantRequest(room=name, identity="alice", permission=rights)
        changed = await city.room.update_participant(request)
        assert not changed.permission.can_publish
        await until(lambda: bob.of("track_unpublished"), "bob is told of the end of the sound")
        with pytest.raises(rtc.participant.PublishTrackError):
            await alice.speak(660, "again")


@MODE
async def test_a_track_is_muted_and_nobody_opens_it_from_outside(
    open_stack: Stack, city: api.LiveKitAPI, name: str, single: bool
) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with inside(open_stack, name, alice, bob):
        spoken = await alice.speak(440)
        await bob.hears("alice", 440)
        request = messages.MuteRoomTrackRequest(room=name, identity="alice", track_sid=spoken.sid, muted=True)
        muted = (await city.room.mute_published_track(request)).track
        assert (muted.sid, muted.muted) == (spoken.sid, True)
        await until(lambda: bob.of("track_muted"), "bob is told of the mute")
        request.muted = False
        with pytest.raises(api.TwirpError) as refusal:
            await city.room.mute_published_track(request)
        assert refusal.value.code == "failed_precondition"
        request.muted, request.track_sid = True, "TR_unknown"
        with pytest.raises(api.TwirpError) as refusal:
            await city.room.mute_published_track(request)
        assert refusal.value.code == "not_found"


@MODE
async def test_subscriptions_begin_and_end(open_stack: Stack, city: api.LiveKitAPI, name: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with inside(open_stack, name, alice):
        spoken = await alice.speak(440)
        await bob.connect(open_stack.ws_url, join_token(CITY, name, "bob"), auto_subscribe=False)
        await until(lambda: spoken.sid in bob.room.remote_participants["alice"].track_publications, "bob is told of it")
        request = messages.UpdateSubscriptionsRequest(
            room=name, identity="bob", track_sids=[spoken.sid], subscribe=True
        )
        await city.room.update_subscriptions(request)
        await bob.hears("alice", 440)
        request.subscribe = False
        await city.room.update_subscriptions(request)
        async with Headquarters(open_stack) as headquarters:
            _, _, described = await headquarters.find("bob")
        assert [(item["track"], item["active"]) for item in described["subscriptions"]] == [(spoken.sid, False)]
        assert described["subscriptions"][0]["media"] is None
        request.track_sids[0] = "TR_unknown"
        with pytest.raises(api.TwirpError) as refusal:
            await city.room.update_subscriptions(request)
        assert refusal.value.code == "not_found"
        await bob.leave()


async def test_data_comes_from_the_server(open_stack: Stack, city: api.LiveKitAPI, name: str) -> None:
    """To everybody, or to those named by identity or sid."""
    alice, bob = Person("alice", single=False), Person("bob", single=True)
    async with inside(open_stack, name, alice, bob):
        reliable, lossy = models.DataPacket.Kind.RELIABLE, models.DataPacket.Kind.LOSSY
        send = city.room.send_data
        sid = bob.room.local_participant.sid
        await send(messages.SendDataRequest(room=name, data=b"for all", kind=reliable, topic="news"))
        await send(messages.SendDataRequest(room=name, data=b"bob", kind=reliable, destination_identities=["bob"]))
        await send(messages.SendDataRequest(room=name, data=b"sid", kind=lossy, destination_sids=[sid]))
        await send(messages.SendDataRequest(room=name, data=b"gone", kind=reliable, destination_sids=["PA_gone"]))
        await send(messages.SendDataRequest(room=name, data=b"end", kind=reliable))
        await until(lambda: len(bob.of("data_received")) == 4, "bob has everything")
        await until(lambda: len(alice.of("data_received")) == 2, "alice has what is for all")
        assert [packet.data for (packet,) in alice.of("data_received")] == [b"for all", b"end"]
        assert {packet.data for (packet,) in bob.of("data_received")} == {b"for all", b"bob", b"sid", b"end"}
        (first,) = alice.of("data_received")[0]
        assert (first.participant, first.topic) == (None, "news")


async def test_methods_of_clients_are_called(open_stack: Stack, city: api.LiveKitAPI, name: str) -> None:
    alice, bob = Person("alice", single=False), Person("bob", single=True)
    async with inside(open_stack, name, alice, bob):

        async def greet(call: rtc.RpcInvocationData) -> str:
            return f"{call.caller_identity} said {call.payload}"

        async def fail(_call: rtc.RpcInvocationData) -> str:
            raise rtc.RpcError(1700, "no coffee")

        for person in (alice, bob):
            person.room.local_participant.register_rpc_method("greet", greet)
            person.room.local_participant.register_rpc_method("fail", fail)
        bearer = token(CITY, room_admin=True, room=name)
        for callee in ("alice", "bob"):
            body = {"room": name, "destination_identity": callee, "method": "greet", "payload": "hello"}
            assert await post(open_stack, "PerformRpc", body, bearer) == (200, {"payload": "server said hello"})
        status, answer = await post(open_stack, "PerformRpc", {**body, "method": "fail"}, bearer)
        assert (status, answer["msg"], answer["meta"]) == (409, "no coffee", {"rpc_code": "1700"})
        status, answer = await post(open_stack, "PerformRpc", {**body, "method": "unknown"}, bearer)
        assert (status, answer["code"]) == (501, "unimplemented")
        status, answer = await post(open_stack, "PerformRpc", {**body, "destination_identity": "eve"}, bearer)
        assert (status, answer["code"]) == (404, "not_found")


async def test_who_is_put_out_stays_out(open_stack: Stack, city: api.LiveKitAPI, name: str) -> None:
    """The token from before opens nothing any more; a new one does."""
    alice, bob = Person("alice", single=True), Person("bob", single=True)
    async with inside(open_stack, name, bob):
        bearer = join_token(CITY, name, "alice")
        await alice.connect(open_stack.ws_url, bearer)
        await city.room.remove_participant(messages.RoomParticipantIdentity(room=name, identity="alice"))
        await until(lambda: alice.of("disconnected") == [(Reason.PARTICIPANT_REMOVED,)], "alice is told why")
        await until(lambda: not bob.others(), "bob sees her gone")
        again = Person("alice", single=True)
        with pytest.raises(Exception, match="put out"):
            await again.connect(open_stack.ws_url, bearer)
        with pytest.raises(api.TwirpError) as refusal:
            await city.room.remove_participant(messages.RoomParticipantIdentity(room=name, identity="nobody"))
        assert refusal.value.code == "not_found"


async def test_people_stay_who_they_are(open_stack: Stack, operator: api.LiveKitAPI, slug: str) -> None:
    """In a room of people the API gives nobody another name, a badge or a hiding place."""
    alice = Person("alice", single=True)
    await alice.enter(open_stack, slug)
    for change in (
        {"name": "The Prime Minister"},
        {"attributes": {"organization": "Prime Minister's Office"}},
        {"permission": models.ParticipantPermission(hidden=True)},
        {"permission": models.ParticipantPermission(can_update_metadata=True)},
    ):
        request = messages.UpdateParticipantRequest(room=slug, identity="alice", **change)
        with pytest.raises(api.TwirpError) as refusal:
            await operator.room.update_participant(request)
        assert refusal.value.code == "permission_denied"
    changed = await operator.room.update_participant(
        messages.UpdateParticipantRequest(room=slug, identity="alice", attributes={"seat": "3"})
    )
    assert changed.attributes["seat"] == "3"
    for wrong in (join_token(KEY, slug, "ghost", hidden=True), join_token(KEY, slug, "guest-1")):
        with pytest.raises(Exception, match=r"hidden|somebody else"):
            await Person("ghost", single=True).connect(open_stack.ws_url, wrong)
    await alice.leave()
