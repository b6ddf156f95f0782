"""Pictures in two formats: who gets which, what the publisher is asked for, and who is told that there is none."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from livekit.protocol import models, rtc

from tests.media.hall import Guest, Hall
from visio.media import sdp
from visio.media.sdp import SessionDescription

HERE = Path(__file__).parent / "sdp"
Policy = models.BackupCodecPolicy
UNSUPPORTED = models.SubscriptionError.SE_CODEC_UNSUPPORTED
Refusal = rtc.RequestResponse.Reason
CAMERA, SECOND = "7a1aa878-73ff-4ce1-ba04-6fa3831a9bb9", "second"


class Studio:
    """Alice publishes VP9 and can send VP8 too; bob can decode both, carol has no VP9."""

    def __init__(
        self, *, policy: int = Policy.SIMULCAST, second: str = "vp8", single: bool = False, offers: bool = True
    ) -> None:
        self.hall = Hall()
        self.alice = self.hall.enter("alice")
        self.guests = {name: self.hall.enter(name, single=single) for name in ("bob", "carol")}
        self.offer = sdp.parse((HERE / "chromium_publisher.txt").read_text())
        codecs = [rtc.SimulcastCodec(codec="vp9", cid=CAMERA)]
        codecs += [rtc.SimulcastCodec(codec=second)] if second else []
        self._announce(CAMERA, codecs, policy=policy)
        if offers:
            self._offer()
        self.sid = self.alice.responses("track_published")[-1].track.sid
        self.settle()

    def _announce(self, cid: str, codecs: list[rtc.SimulcastCodec], *, sid: str = "", policy: int = 0) -> None:
        layers = [
            models.VideoLayer(quality=models.VideoQuality.Name(quality), width=320 << quality) for quality in (0, 1, 2)
        ]
        policy_name = Policy.Name(policy)
        self.alice.say(
            add_track=rtc.AddTrackRequest(
                cid=cid,
                sid=sid,
                type="VIDEO",
                source="CAMERA",
                layers=layers,
                simulcast_codecs=codecs,
                backup_codec_policy=policy_name,
            )
        )

    def _offer(self) -> None:
        self.alice.say(offer=rtc.SessionDescription(type="offer", sdp=self.offer.text(), id=1))

    def send_second(self, codec: str = "vp8") -> None:
        """Publish the second version, as livekit-client does when it is asked for one."""
        self._announce(SECOND, [rtc.SimulcastCodec(codec=codec, cid=SECOND)], sid=self.sid)
        if all(section.mid != "3" for section in self.offer.sections):
            section = copy.deepcopy(self.offer.sections[1])
            section.mid, section.msid, section.direction = "3", ("-", SECOND), "sendonly"
            section.ssrcs, section.groups = {}, []
            self.offer.sections.append(section)
            self.offer.bundle = (*self.offer.bundle, "3")
        self._offer()
        self.settle()

    def settle(self) -> None:
        """Let both receivers negotiate until they have what they can have, and the room say what it regularly says."""
        for _ in range(3):
            for name, guest in self.guests.items():
                (_single if guest.single else _answer)(guest, without_vp9=name == "carol")
        room = self.hall.rooms.rooms["room"]
        room.tick_levels(self.hall.now)

    def gets(self, name: str) -> str:
        """Give the format that somebody is sent, "" for none."""
        down = self.guests[name].participant.subscriptions[self.sid].down
        return down.track.section.codec if down is not None else ""

    def asked(self) -> dict[str, bool]:
        """Give which formats the publisher was last told to send."""
        told = self.alice.responses("subscribed_quality_update")
        return {codec.codec: any(q.enabled for q in codec.qualities) for codec in told[-1].subscribed_codecs}

    def refusals(self, name: str) -> list[Any]:
        return [(told.track_sid, told.err) for told in self.guests[name].responses("subscription_response")]


def _answer(guest: Guest, *, without_vp9: bool) -> None:
    """Answer the server's newest offer."""
    offer = guest.responses("offer")[-1]
    described = sdp.parse(offer.sdp)
    _receive(described, "inactive", without_vp9=without_vp9)
    guest.say(answer=rtc.SessionDescription(type="answer", sdp=described.text(), id=offer.id))


def _single(guest: Guest, *, without_vp9: bool) -> None:
    """Offer to receive."""
    described = sdp.parse((HERE / "livekit_single.txt").read_text())
    _receive(described, "recvonly", without_vp9=without_vp9)
    guest.say(offer=rtc.SessionDescription(type="offer", sdp=described.text(), id=1))


def _receive(described: SessionDescription, otherwise: str, *, without_vp9: bool) -> None:
    for section in described.sections:
        section.setup = "active"
        if section.kind != "application":
            section.direction = "recvonly" if section.direction in ("sendonly", "recvonly") else otherwise
        if without_vp9:
            section.codecs = {number: one for number, one in section.codecs.items() if one.name not in ("VP9", "AV1")}


@pytest.fixture(params=[False, True], ids=["dual", "single"])
def studio(request: pytest.FixtureRequest) -> Callable[..., Studio]:
    """Give a function that makes a studio whose receivers have two connections or one."""
    return lambda **options: Studio(single=request.param, **options)


async def test_who_lacks_the_format_gets_the_second_one(studio: Callable[..., Studio]) -> None:
    made = studio()
    assert (made.gets("bob"), made.gets("carol")) == ("video/VP9", "")
    assert made.asked() == {"vp9": True, "vp8": True}
    made.send_second()
    assert (made.gets("bob"), made.gets("carol")) == ("video/VP9", "video/VP8")
    assert made.refusals("carol") == []


async def test_the_second_one_for_all_spares_the_publisher_the_first(studio: Callable[..., Studio]) -> None:
    made = studio(policy=Policy.PREFER_REGRESSION)
    assert made.asked() == {"vp9": True, "vp8": True}  # bob goes on until the other one is there
    made.send_second()
    assert (made.gets("bob"), made.gets("carol")) == ("video/VP8", "video/VP8")
    assert made.asked() == {"vp9": False, "vp8": True}


async def test_who_gets_nothing_is_told_once(studio: Callable[..., Studio]) -> None:
    made = studio(second="")
    made.settle()
    assert made.gets("bob") == "video/VP9"
    assert made.gets("carol") == ""
    assert made.refusals("carol") == [(made.sid, UNSUPPORTED)]
    assert made.refusals("bob") == []


async def test_nobody_is_asked_for_a_format_that_all_can_do_without(studio: Callable[..., Studio]) -> None:
    made = studio()
    made.guests.pop("carol").say(leave=rtc.LeaveRequest())
    made.settle()
    assert made.asked() == {"vp9": True, "vp8": False}


async def test_an_answer_with_one_format_refuses_no_other() -> None:
    """Firefox names nothing else of what it was offered."""
    made = Studio(second="")
    bob = made.guests["bob"]
    offer = bob.responses("offer")[-1]
    described = sdp.parse(offer.sdp)
    _receive(described, "inactive", without_vp9=False)
    for section in described.sections:
        section.codecs = dict(list(section.codecs.items())[:1])
    bob.participant.refresh()
    link = bob.participant.downlink
    assert link is not None
    link.resume(bob.participant.active_subscriptions())
    again = bob.responses("offer")[-1]
    bob.say(answer=rtc.SessionDescription(type="answer", sdp=described.text(), id=again.id))
    assert bob.participant.lacking == set()


async def test_both_versions_are_one_track(studio: Callable[..., Studio]) -> None:
    made = studio()
    made.send_second()
    (track,) = made.guests["bob"].sees()["alice"].tracks
    assert [(codec.mime_type, codec.cid) for codec in track.codecs] == [("video/VP9", CAMERA), ("video/VP8", SECOND)]
    assert made.alice.responses("track_published")[-1].cid == SECOND
    assert made.alice.responses("track_published")[-1].track.sid == made.sid


async def test_a_second_version_whose_section_comes_first(studio: Callable[..., Studio]) -> None:
    """Both count, in whatever order their sections were offered."""
    made = studio(offers=False)
    camera = made.offer.sections[1]
    camera.direction = "inactive"
    made.send_second()
    camera.direction = "sendonly"
    made._offer()
    made.settle()
    assert (made.gets("bob"), made.gets("carol")) == ("video/VP9", "video/VP8")


async def test_the_second_version_ends_with_the_track(studio: Callable[..., Studio]) -> None:
    made = studio()
    made.send_second()
    room = made.hall.rooms.rooms["room"]
    publisher = made.alice.participant
    (publication,) = publisher.publishing
    room.withdraw(publisher, publication)
    assert publisher.publisher is not None
    assert publisher.publisher.up.dump()["tracks"] == []
    assert made.sid not in made.guests["carol"].participant.subscriptions


async def test_a_second_version_that_ends_takes_its_picture_away(studio: Callable[..., Studio]) -> None:
    made = studio()
    made.send_second()
    made.offer.sections[-1].direction = "inactive"
    made._offer()
    assert made.gets("bob") == "video/VP9"
    assert made.gets("carol") == ""


@pytest.mark.parametrize(
    ("sid", "codec", "reason"),
    [
        ("TR_nothing", "vp8", Refusal.NOT_FOUND),
        ("", "h264", Refusal.UNSUPPORTED_TYPE),
        ("", "nonsense", Refusal.UNSUPPORTED_TYPE),
    ],
)
async def test_other_second_versions_are_refused(sid: str, codec: str, reason: int) -> None:
    made = Studio()
    made._announce(SECOND, [rtc.SimulcastCodec(codec=codec, cid=SECOND)], sid=sid or made.sid)
    assert [answer.reason for answer in made.alice.responses("request_response")] == [reason]


async def test_there_is_no_third_version() -> None:
    made = Studio()
    made.send_second()
    made._announce("third", [rtc.SimulcastCodec(codec="vp8", cid="third")], sid=made.sid)
    assert [answer.reason for answer in made.alice.responses("request_response")] == [Refusal.LIMIT_EXCEEDED]
