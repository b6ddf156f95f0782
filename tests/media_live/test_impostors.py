"""People who claim to be others: in a resume, in data, with others' tracks; and those whom nobody may see."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from livekit.protocol import models, rtc
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, gathering, ticket, until
from tests.signalling.client import DUAL
from tests.stack import Stack
from visio import wire

pytestmark = pytest.mark.live
DEADLINE_S = 15
Reason = models.DisconnectReason


class Raw:
    """A signalling client by hand; keeps every frame that it got."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[bytes] = []
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        try:
            async for frame in self.socket:
                assert isinstance(frame, bytes)
                self.frames.append(frame)
        except ConnectionClosed:
            return

    def got(self, case: str) -> list[object]:
        """Give the messages of one case."""
        every = [rtc.SignalResponse.FromString(frame) for frame in self.frames]
        return [getattr(one, case) for one in every if one.WhichOneof("message") == case]

    async def say(self, **message: object) -> None:
        """Send a request."""
        await self.socket.send(rtc.SignalRequest(**message).SerializeToString())  # type: ignore[arg-type]

    async def answered(self) -> None:
        """Wait until the server has handled everything that was said."""
        before = len(self.got("pong"))
        await self.say(ping=1)
        await until(lambda: len(self.got("pong")) > before, "the server answers", DEADLINE_S)


@asynccontextmanager
async def _raw(stack: Stack, token: str, **query: str) -> AsyncIterator[Raw]:
    parameters = "&".join(f"{name}={value}" for name, value in {**DUAL, **query, "access_token": token}.items())
    async with connect(f"{stack.ws_url}/rtc?{parameters}", max_size=None) as socket:
        yield Raw(socket)


async def _enter(stack: Stack, slug: str, identity: str) -> str:
    return (await ticket(stack, slug, identity))[1]


async def test_a_resume_is_bound_to_the_tickets_identity(stack: Stack, slug: str) -> None:
    """Neither a new nor a refreshed token of bob's gives alice's place away."""
    alice = Person("alice", single=False)
    async with gathering(stack, slug, alice), Headquarters(stack) as headquarters:
        _, _, before = await headquarters.find("alice")
        async with _raw(stack, await _enter(stack, slug, "bob"), reconnect="1", sid=before["sid"]) as fresh:
            await until(lambda: fresh.got("leave"), "a resume without a session is refused", DEADLINE_S)
            (leave,) = fresh.got("leave")
            assert isinstance(leave, rtc.LeaveRequest)
            assert (leave.reason, leave.action) == (Reason.STATE_MISMATCH, rtc.LeaveRequest.RECONNECT)
        async with _raw(stack, await _enter(stack, slug, "bob")) as bob:
            await until(lambda: bob.got("refresh_token"), "bob is in", DEADLINE_S)
            token = str(bob.got("refresh_token")[-1])
        async with _raw(stack, token, reconnect="1", sid=before["sid"]) as impostor:
            await until(lambda: impostor.got("leave"), "a resume of somebody else is refused", DEADLINE_S)
            assert not impostor.got("reconnect")
            assert not impostor.got("update")
        _, _, after = await headquarters.find("alice")
        assert (after["sid"], after["session"], after["socket"]) == (before["sid"], before["session"], True)
        assert not alice.of("reconnecting")


async def test_others_tracks_obey_nobody_else(stack: Stack, slug: str) -> None:
    """Their sids are known to all; muting, describing, unsubscribing and permitting with them changes nothing."""
    alice, bob = Person("alice", single=True), Person("bob", single=False)
    async with gathering(stack, slug, alice, bob), _raw(stack, await _enter(stack, slug, "mallory")) as mallory:
        sid = (await alice.speak(440)).sid
        await bob.hears("alice", 440)
        allowed = [rtc.TrackPermission(participant_identity="mallory", track_sids=[sid])]
        await mallory.say(mute=rtc.MuteTrackRequest(sid=sid, muted=True))
        await mallory.say(update_layers=rtc.UpdateVideoLayers(track_sid=sid))
        await mallory.say(update_video_track=rtc.UpdateLocalVideoTrack(track_sid=sid, width=1, height=1))
        await mallory.say(
            update_audio_track=rtc.UpdateLocalAudioTrack(track_sid=sid, features=[models.AudioTrackFeature.TF_STEREO])
        )
        await mallory.say(track_setting=rtc.UpdateTrackSettings(track_sids=[sid], disabled=True))
        await mallory.say(subscription=rtc.UpdateSubscription(track_sids=[sid], subscribe=False))
        await mallory.say(subscription_permission=rtc.SubscriptionPermission(track_permissions=allowed))
        await mallory.answered()
        await bob.hears("alice", 440)
        assert not bob.of("track_muted")
        assert not bob.of("track_unpublished")
        publication = bob.room.remote_participants["alice"].track_publications[sid]
        assert (publication.muted, publication.subscribed) == (False, True)


async def test_nobody_learns_of_who_is_hidden(stack: Stack, slug: str) -> None:
    """No message of any kind names them, from the moment they are hidden; they hear all the same."""
    alice, ghost = Person("alice", single=True), Person("ghost", single=False)
    async with (
        gathering(stack, slug, alice),
        gathering(stack, slug, ghost),
        Headquarters(stack) as headquarters,
    ):
        worker, room, described = await headquarters.find("ghost")
        grant = dataclasses.replace(wire.Grant("ghost"), hidden=True)
        await headquarters.send(worker, wire.Permit(room, described["session"], grant))
        await until(lambda: not alice.others(), "the ghost is gone for alice")
        async with _raw(stack, await _enter(stack, slug, "bob")) as bob:
            await alice.speak(440)
            await ghost.hears("alice", 440)
            await ghost.room.local_participant.publish_data("boo")
            await alice.room.local_participant.publish_data("for you", destination_identities=["ghost"])
            await until(lambda: ghost.of("data_received"), "the ghost gets data")
            token = str(bob.got("refresh_token")[-1])
            (join,) = bob.got("join")
            assert isinstance(join, rtc.JoinResponse)
            assert join.room.num_participants == 2
            async with _raw(stack, token, reconnect="1", sid=join.participant.sid) as again:
                await until(lambda: again.got("room_update"), "bob resumes", DEADLINE_S)
                await ghost.room.disconnect()
                await again.answered()
                for frame in bob.frames + again.frames:
                    assert b"ghost" not in frame
                    assert described["sid"].encode() not in frame
        assert not alice.of("data_received")
