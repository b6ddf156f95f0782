"""Subscribers are told which pictures their connection has no room for."""

from __future__ import annotations

from pathlib import Path

from livekit.protocol import rtc

from tests.media import streams_of
from tests.media.hall import Hall
from visio.media import sdp
from visio.media.down_leg import SHARE_INTERVAL_S
from visio.media.up_track import UpTrack

OFFER = (Path(__file__).parent / "sdp/chromium_publisher.txt").read_text()
CAMERA = "7a1aa878-73ff-4ce1-ba04-6fa3831a9bb9"
PAUSED, ACTIVE = rtc.StreamState.PAUSED, rtc.StreamState.ACTIVE


class Link:
    """Alice sends a picture, bob gets it over a connection of which the test says what it carries."""

    def __init__(self) -> None:
        self.hall = Hall()
        self.alice = self.hall.enter("alice")
        self.alice.say(add_track=rtc.AddTrackRequest(cid=CAMERA, type="VIDEO", source="CAMERA"))
        self.alice.say(offer=rtc.SessionDescription(type="offer", sdp=OFFER, id=1))
        self.sid = self.alice.responses("track_published")[-1].track.sid
        self.bob = self.hall.enter("bob")
        self._answer()
        publication = self.alice.participant.publishing.find(self.sid)
        assert publication is not None
        assert publication.up is not None
        self.up: UpTrack = publication.up

    def _answer(self) -> None:
        offer = self.bob.responses("offer")[-1]
        answer = sdp.parse(offer.sdp)
        for section in answer.sections:
            section.setup, section.direction = "active", "recvonly"
        self.bob.say(answer=rtc.SessionDescription(type="answer", sdp=answer.text(), id=offer.id))

    def carries(self, bps: float) -> list[tuple[str, str, int]]:
        """Let the connection be measured and shared anew; give what bob has been told so far."""
        self.hall.now += max(SHARE_INTERVAL_S, 0.4)
        packet = streams_of.read(streams_of.packet(streams_of.vp8(1, 1, key=True)), self.hall.now)
        if not self.up.layers:
            self.up.begin_layer("q", packet)
        self.up.layers[0].last_packet = self.hall.now
        leg = self.bob.participant.peers()[0].down
        leg.congestion.rtt_s, leg.congestion._estimate.tested = 0.05, True
        leg.congestion._estimate.set(bps)
        leg.tick(self.hall.now)
        self.hall.rooms.every(lambda room: room.tick_levels(self.hall.now))
        states = [state for update in self.bob.responses("stream_state_update") for state in update.stream_states]
        return [(state.participant_sid, state.track_sid, state.state) for state in states]


async def test_a_picture_that_is_paused_and_goes_on_is_told_once_each() -> None:
    link = Link()
    track = (link.alice.participant.sid, link.sid)
    assert link.carries(5e6) == []
    for _ in range(3):
        assert link.carries(0) == [(*track, PAUSED)]
    for _ in range(3):
        assert link.carries(5e6) == [(*track, PAUSED), (*track, ACTIVE)]
    assert not link.alice.responses("stream_state_update")


async def test_a_picture_that_is_not_wanted_is_not_told_as_paused() -> None:
    link = Link()
    link.bob.say(track_setting=rtc.UpdateTrackSettings(track_sids=[link.sid], disabled=True))
    assert link.carries(0) == []
