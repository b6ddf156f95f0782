"""Switches between layers in Chromium: nothing freezes, and no request for a key frame stays without one."""

from __future__ import annotations

import pytest

from tests.e2e.callers import Caller
from tests.e2e.conftest import Visit
from tests.media_live.headquarters import Headquarters, ask
from tests.stack import Stack, wait_until
from visio.rooms import slugs

pytestmark = [pytest.mark.live, pytest.mark.browser]

LONG = [("vp8", 50), ("h264", 10), ("vp9", 10), ("av1", 10)]

SWITCH = """async ([name, times, deadline]) => {
  const { livekit, room, videos } = window.callers[name];
  const [publication] = [...room.remoteParticipants.values()].flatMap((one) => [...one.trackPublications.values()]);
  const { LOW, HIGH } = livekit.VideoQuality;
  const video = videos.camera;
  const whole = video.videoWidth;
  const end = performance.now() + deadline;
  for (let done = 0; done < times; done++) {
    const small = done % 2 === 0;
    publication.setVideoQuality(small ? LOW : HIGH);
    while (small === (video.videoWidth === whole)) {
      if (performance.now() > end) return done;
      await new Promise((next) => setTimeout(next, 20));
    }
  }
  return times;
}"""
DEADLINE_MS = 120_000
"""A switch takes a third of a second: half a second lies between two requests for a key frame of one layer."""
WIDTH, HEIGHT, FPS = 640, 360, 10
ALL = 0.9
"""Of the pictures: who would lose one with each switch would miss a quarter."""
SAMPLE = 20
FIGURES = ("framesDecoded", "framesReceived", "freezeCount", "pliCount", "keyFramesDecoded")


def _gathering(visit: Visit, stack: Stack, codec: str) -> tuple[Caller, Caller]:
    """Give bob and carol, who see alice from one page: when the machine stutters, it does so for both."""
    here, there, slug = visit(), visit(), slugs.generate()
    alice, bob, carol = Caller(here, "alice"), Caller(there, "bob"), Caller(there, "carol")
    for caller in (alice, bob, carol):
        caller.enter(stack, slug)
    alice.publish(WIDTH, HEIGHT, FPS, videoCodec=codec, backupCodec=False)
    wait_until(lambda: {one.received().get("width") for one in (bob, carol)} == {WIDTH}, "the whole picture, twice")
    return bob, carol


async def _unanswered(stack: Stack, identity: str) -> int:
    """Give how many of somebody's requests for key frames have not been followed by one."""
    async with Headquarters(stack) as headquarters:
        _, _, described = await headquarters.find(identity)
    tracks = [item["media"] for item in described["subscriptions"]]
    return sum(track["key_frames_asked"] - track["key_frames_answered"] for track in tracks)


@pytest.mark.parametrize(
    ("codec", "switches"), [("vp8", 10), *(pytest.param(codec, count, marks=pytest.mark.long) for codec, count in LONG)]
)
def test_a_switch_freezes_nothing(visit: Visit, installation: Stack, codec: str, switches: int) -> None:
    """Carol keeps the whole picture: bob, who goes up and down, sees as many pictures as she does."""
    bob, carol = _gathering(visit, installation, codec)
    before = [caller.received() for caller in (bob, carol)]
    assert bob.run(SWITCH, switches, DEADLINE_MS) == switches
    after = [caller.received() for caller in (bob, carol)]
    grown = [
        {figure: late[figure] - early[figure] for figure in FIGURES} for early, late in zip(before, after, strict=True)
    ]
    assert grown[0]["freezeCount"] <= grown[1]["freezeCount"], grown
    assert grown[0]["framesDecoded"] > ALL * grown[1]["framesDecoded"], grown
    wait_until(lambda: ask(_unanswered(installation, "bob")) == 0, "no request without a key frame")


@pytest.mark.long
def test_fewer_frames_a_second(visit: Visit, installation: Stack) -> None:
    """VP8 has three layers in time in Chromium: bob gets a quarter of them, then all again, and misses none."""
    bob, carol = _gathering(visit, installation, "vp8")
    bob.wants(fps=2)
    wait_until(lambda: _share(bob, carol) < 0.4, "fewer pictures")
    bob.wants(fps=30)
    wait_until(lambda: _share(bob, carol) > 0.8, "all pictures again")
    seen = bob.received()
    assert seen["width"] == WIDTH
    assert seen["framesReceived"] - seen["framesDecoded"] - seen["framesDropped"] < FPS
    wait_until(lambda: ask(_unanswered(installation, "bob")) == 0, "no request without a key frame")


def _share(one: Caller, other: Caller) -> float:
    """Give how many pictures the one gets of those that the other gets, over two seconds or so."""
    before = [caller.received()["framesDecoded"] for caller in (one, other)]
    wait_until(lambda: other.received()["framesDecoded"] >= before[1] + SAMPLE, "pictures")
    after = [caller.received()["framesDecoded"] for caller in (one, other)]
    return float((after[0] - before[0]) / (after[1] - before[1]))
