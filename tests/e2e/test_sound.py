"""How sound travels between browsers: with its own repetition when both ends have it, and without on request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Visit
from tests.e2e.pictures.test_codecs import OPEN
from tests.e2e.visitor import Visitor
from tests.stack import Stack, wait_until
from visio.rooms import slugs

pytestmark = [pytest.mark.live, pytest.mark.browser]

SPEAK = """async (red) => {
  const track = await window.livekit.createLocalAudioTrack();
  await window.room.localParticipant.publishTrack(track, { red, dtx: false });
}"""
LISTEN = """async () => {
  for (const peer of window.peers) {
    if (peer.connectionState === "closed") continue;
    for (const report of (await peer.getStats()).values())
      if (report.type === "inbound-rtp" && report.kind === "audio" && report.packetsReceived)
        return { packets: report.packetsReceived, bytes: report.bytesReceived };
  }
  return { packets: 0, bytes: 0 };
}"""
PACKETS = 100
PLAIN_BYTES = 110
"""A packet of plain sound is about 75 bytes from Chromium's fake microphone, one that repeats the last about 150."""


def _open(visitor: Visitor, stack: Stack, slug: str, identity: str, *, single: bool) -> None:
    visitor.open("/")
    visitor.page.evaluate(OPEN, [*stack.ticket(slug, identity), single, ""])


@pytest.mark.parametrize(
    ("single", "red"),
    [
        pytest.param(False, True, marks=pytest.mark.long),
        (True, True),
        pytest.param(True, False, marks=pytest.mark.long),
    ],
    ids=str,
)
def test_sound_is_repeated_when_both_ends_have_it(visit: Visit, installation: Stack, single: bool, red: bool) -> None:
    """Chromium's statistics name Opus in both cases; the size of the packets tells."""
    alice, bob, slug = visit(), visit(), slugs.generate()
    _open(alice, installation, slug, "alice", single=single)
    _open(bob, installation, slug, "bob", single=single)
    alice.page.evaluate(SPEAK, red)

    def heard() -> dict[str, Any]:
        return dict(bob.page.evaluate(LISTEN))

    wait_until(lambda: heard()["packets"] > PACKETS, "sound")
    found = heard()
    size_bytes = found["bytes"] / found["packets"]
    assert (size_bytes > PLAIN_BYTES) == red, f"{size_bytes:.0f} bytes a packet"
