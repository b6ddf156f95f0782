"""More tracks than one connection has sections for: one after the other, and all at once."""

from __future__ import annotations

import copy
import itertools
from pathlib import Path

import pytest
from livekit.protocol import models, rtc

from tests.media.hall import Guest, Hall
from visio.media import sdp
from visio.media.limits import SECTIONS, SOUNDS_RECEIVED, Limits
from visio.media.sections import Kind
from visio.media.terms import Terms

HERE = Path(__file__).parent / "sdp"
LIMITS = Limits(participant_tracks=SECTIONS, offers_per_minute=10_000)
PLACES: dict[Kind, int] = {"audio": SOUNDS_RECEIVED, "video": LIMITS.pictures_received}


class Publisher:
    """Somebody who publishes for a whole room."""

    def __init__(self, guest: Guest) -> None:
        self.guest = guest
        self._offered = sdp.parse((HERE / "chromium_publisher.txt").read_text())
        self._patterns = {section.kind: section for section in self._offered.sections}
        self._offered.sections = [self._patterns["application"]]
        self._mids = 100

    def publish(self, kind: Kind, count: int = 1) -> None:
        """Publish tracks in sections of their own."""
        for _ in range(count):
            cid, self._mids = f"track-{self._mids}", self._mids + 1
            section = copy.deepcopy(self._patterns[kind])
            section.mid, section.msid, section.direction = str(self._mids), ("-", cid), "sendonly"
            section.ssrcs, section.groups, section.rids, section.simulcast = {}, [], {}, {}
            self._offered.sections.append(section)
            source = "CAMERA" if kind == "video" else "MICROPHONE"
            self.guest.say(add_track=rtc.AddTrackRequest(cid=cid, type=kind.upper(), source=source))
        self._offer()

    def end(self) -> None:
        """Take back the last track, and let the next one have its place."""
        self._offered.sections.pop()
        self._offer()

    def speak(self, now: float) -> None:
        """Be loud in the last interval."""
        (up,) = [track.up for track in self.guest.participant.publishing if track.up and track.kind == "audio"]
        for step in range(20):
            up.meter.add(-10, round(now * 48_000) + step * 960)

    def _offer(self) -> None:
        self._offered.bundle = tuple(section.mid for section in self._offered.sections)
        for section in self._offered.sections:
            section.ufrag, section.password = "ufrag", "p" * 24
        self.guest.say(offer=rtc.SessionDescription(type="offer", sdp=self._offered.text(), id=1))
        assert self.guest.closed() is None


class Crowd:
    """Alice publishes for a whole room; bob receives."""

    def __init__(self, *, single: bool) -> None:
        self.hall = Hall(Terms(limits=LIMITS))
        self.alice = Publisher(self.hall.enter("alice"))
        self.publish, self.end = self.alice.publish, self.alice.end
        self.bob = self.hall.enter("bob", single=single)
        self._own = sdp.parse((HERE / "livekit_single.txt").read_text())

    def settle(self, rounds: int = 4) -> None:
        """Let bob negotiate."""
        for _ in range(rounds):
            self.hall.now += 0.4
            self.hall.rooms.rooms["room"].tick_levels(self.hall.now)
            (self._ask if self.bob.single else _answer)(self.bob)

    def gets(self, kind: Kind) -> set[str]:
        """Give the tracks that bob is sent."""
        items = self.bob.participant.subscriptions.items()
        return {sid for sid, item in items if item.down is not None and item.publication.kind == kind}

    def newest(self) -> sdp.SessionDescription:
        """Give the server's newest description for bob."""
        return sdp.parse(self.bob.responses("answer" if self.bob.single else "offer")[-1].sdp)

    def _ask(self, guest: Guest) -> None:
        """Offer as many sections as were asked for."""
        needs = guest.responses("media_sections_requirement")
        wanted = {"audio": sum(need.num_audios for need in needs), "video": sum(need.num_videos for need in needs)}
        for kind, count in wanted.items():
            of_kind = [section for section in self._own.sections if section.kind == kind]
            for number in range(3 + count - len(of_kind)):
                section = copy.deepcopy(of_kind[0])
                section.mid = f"{kind}{len(of_kind) + number}"
                self._own.sections.append(section)
        self._own.bundle = tuple(section.mid for section in self._own.sections)
        guest.say(offer=rtc.SessionDescription(type="offer", sdp=self._own.text(), id=1))


def _answer(guest: Guest) -> None:
    """Answer the server's newest offer."""
    offer = guest.responses("offer")[-1]
    described = sdp.parse(offer.sdp)
    for section in described.sections:
        section.setup = "active"
        section.direction = {"sendonly": "recvonly"}.get(section.direction, section.direction)
    guest.say(answer=rtc.SessionDescription(type="answer", sdp=described.text(), id=offer.id))


@pytest.fixture(params=[False, True], ids=["dual", "single"])
def crowd(request: pytest.FixtureRequest) -> Crowd:
    return Crowd(single=request.param)


async def test_one_track_after_the_other_needs_no_more_sections(crowd: Crowd) -> None:
    """Also no more than two sections of a kind: one ends while the next one begins."""
    for _ in range(150):
        crowd.publish("video")
        crowd.settle(2)
        assert len(crowd.gets("video")) == 1
        crowd.end()
    assert crowd.bob.closed() is None
    assert len(crowd.newest().sections) <= 8


async def test_a_section_comes_again_under_another_name_only() -> None:
    """In the place of one that both sides have rejected (RFC 8829 section 5.2.2)."""
    crowd = Crowd(single=False)
    for _ in range(10):
        crowd.publish("video")
        crowd.settle(2)
        crowd.end()
        crowd.settle(2)
    offers = [sdp.parse(offer.sdp) for offer in crowd.bob.responses("offer")]
    carried: dict[str, str] = {}
    for before, after in itertools.pairwise(offers):
        for old, new in zip(before.sections, after.sections, strict=False):
            assert old.mid == new.mid or old.rejected
            assert new.kind == old.kind
    for section in [section for offer in offers for section in offer.sections if section.msid]:
        assert section.msid is not None
        assert carried.setdefault(section.mid, section.msid[1]) == section.msid[1]
    assert all(section.mid not in offer.bundle for offer in offers for section in offer.sections if section.rejected)


async def test_a_room_with_more_tracks_than_places_goes_on(crowd: Crowd) -> None:
    crowd.publish("audio", SOUNDS_RECEIVED + 5)
    crowd.publish("video", PLACES["video"] + 5)
    crowd.settle(6)
    assert crowd.bob.closed() is None
    assert {kind: len(crowd.gets(kind)) for kind in PLACES} == PLACES
    assert len(crowd.newest().sections) < SECTIONS
    sections = len(crowd.newest().sections)
    crowd.settle(4)
    assert len(crowd.newest().sections) == sections


async def test_who_speaks_gets_a_place(crowd: Crowd) -> None:
    """That of somebody who came late and has not spoken."""
    crowd.publish("video", PLACES["video"])
    carol = Publisher(crowd.hall.enter("carol"))
    carol.publish("audio")
    carol.publish("video")
    crowd.settle()
    (camera,) = [track for track in carol.guest.participant.publishing if track.kind == "video"]
    assert camera.sid not in crowd.gets("video")
    for _ in range(4):
        carol.speak(crowd.hall.now)
        crowd.settle(1)
    assert camera.sid in crowd.gets("video")
    assert len(crowd.gets("video")) == PLACES["video"]


async def test_what_is_asked_for_gets_a_place(crowd: Crowd) -> None:
    """Without one, the client knows the track by its publisher's description."""
    crowd.publish("video", PLACES["video"] + 1)
    crowd.settle()
    (late,) = {track.sid for track in crowd.alice.guest.participant.publishing} - crowd.gets("video")
    crowd.bob.say(track_setting=rtc.UpdateTrackSettings(track_sids=[late], priority=1))
    crowd.settle()
    assert late in crowd.gets("video")


async def test_a_track_that_is_wanted_again_comes_again(crowd: Crowd) -> None:
    crowd.publish("video")
    crowd.settle()
    (sid,) = crowd.gets("video")
    for subscribe in (False, True, False, True):
        crowd.bob.say(subscription=rtc.UpdateSubscription(track_sids=[sid], subscribe=subscribe))
        crowd.settle()
        assert crowd.gets("video") == ({sid} if subscribe else set())
    assert len(crowd.newest().sections) <= 8


async def test_a_resume_while_a_section_ends_keeps_its_place_taken() -> None:
    """The client may never have seen the offer that ended it."""
    crowd = Crowd(single=False)
    crowd.publish("video")
    crowd.settle()
    crowd.end()
    bob = crowd.bob
    bob.resume(bob.participant.sid)
    crowd.publish("video")
    for offer in bob.responses("offer"):
        assert sdp.parse(offer.sdp).sections[1].rejected
    crowd.settle()
    assert len(crowd.gets("video")) == 1
    assert models.DisconnectReason.STATE_MISMATCH not in [leave.reason for leave in bob.responses("leave")]


async def test_who_waits_for_a_turn_gets_it_with_time() -> None:
    crowd = Crowd(single=False)
    crowd.settle()
    crowd.hall.rooms.rooms["room"].services.pace.spend(60.0)
    crowd.publish("video")
    crowd.settle()
    assert not crowd.gets("video")
    crowd.hall.now += 300.0
    crowd.settle()
    assert len(crowd.gets("video")) == 1
