"""Which layers a publisher is told to send, and what it does not learn of who is hidden."""

from __future__ import annotations

from pathlib import Path

from livekit.protocol import models, rtc

from tests.media.hall import Guest, Hall

OFFER = (Path(__file__).parent / "sdp/chromium_publisher.txt").read_text()
CAMERA = "7a1aa878-73ff-4ce1-ba04-6fa3831a9bb9"
ALL, LOWEST = [True, True, True], [True, False, False]


class Stage:
    """Alice publishes a picture in three layers."""

    def __init__(self) -> None:
        self.hall = Hall()
        self.alice = self.hall.enter("alice")
        layers = [models.VideoLayer(quality=models.VideoQuality.Name(n), width=320 << n) for n in (0, 1, 2)]
        self.alice.say(add_track=rtc.AddTrackRequest(cid=CAMERA, type="VIDEO", source="CAMERA", layers=layers))
        self.alice.say(offer=rtc.SessionDescription(type="offer", sdp=OFFER, id=1))
        self.sid = self.alice.responses("track_published")[-1].track.sid

    def told(self) -> list[list[bool]]:
        """Give what the publisher has been told so far: which of the layers to send."""
        self.hall.now += 0.4
        self.hall.rooms.every(lambda room: room.tick_levels(self.hall.now))
        updates = self.alice.responses("subscribed_quality_update")
        return [[one.enabled for one in update.subscribed_qualities] for update in updates]

    def want(self, guest: Guest, quality: models.VideoQuality) -> None:
        guest.say(track_setting=rtc.UpdateTrackSettings(track_sids=[self.sid], quality=quality))


async def test_what_is_watched_is_sent() -> None:
    stage = Stage()
    bob = stage.hall.enter("bob")
    assert stage.told() == [ALL]
    stage.want(bob, models.VideoQuality.LOW)
    assert stage.told() == [ALL, LOWEST]
    stage.want(bob, models.VideoQuality.HIGH)
    assert len(stage.alice.responses("subscribed_quality_update")) == 3


async def test_who_is_alone_sends_the_smallest_picture() -> None:
    stage = Stage()
    assert stage.told() == [LOWEST]
    bob = stage.hall.enter("bob")
    assert stage.told() == [LOWEST, ALL]
    bob.say(leave=rtc.LeaveRequest())
    assert stage.told() == [LOWEST, ALL, LOWEST]


async def test_a_hidden_watcher_changes_nothing_for_who_is_alone() -> None:
    stage = Stage()
    before = stage.told()
    ghost = stage.hall.enter("ghost", hidden=True)
    stage.want(ghost, models.VideoQuality.HIGH)
    ghost.say(track_setting=rtc.UpdateTrackSettings(track_sids=[stage.sid], disabled=True))
    assert stage.told() == before
    ghost.say(leave=rtc.LeaveRequest())
    assert stage.told() == before


async def test_a_hidden_watcher_counts_among_others() -> None:
    stage = Stage()
    bob, ghost = stage.hall.enter("bob"), stage.hall.enter("ghost", hidden=True)
    stage.want(bob, models.VideoQuality.LOW)
    stage.want(ghost, models.VideoQuality.HIGH)
    assert stage.told()[-1] == ALL
