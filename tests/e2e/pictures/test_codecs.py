"""Chromium publishes in every advertised format and one layer after the other is watched, by livekit-client itself."""

from __future__ import annotations

from typing import Any

import pytest
from livekit.protocol import models

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.stack import ROOT, Stack, wait_until
from visio.rooms import slugs

pytestmark = [pytest.mark.live, pytest.mark.browser]

SWITCHES = 2
OPEN = """async ([address, ticket, single, worker]) => {
  await import("/static/vendor/livekit-client/livekit-client.umd.js");
  const livekit = window.LivekitClient;
  window.livekit = livekit;
  const options = { dynacast: true, singlePeerConnection: single };
  if (worker) {
    const keyProvider = new livekit.ExternalE2EEKeyProvider();
    await keyProvider.setKey("a key that the server never sees");
    const script = URL.createObjectURL(new Blob([worker], { type: "text/javascript" }));
    options.encryption = { keyProvider, worker: new Worker(script, { type: "module" }) };
  }
  window.room = new livekit.Room(options);
  if (worker) await window.room.setE2EEEnabled(true);
  window.room.on("trackSubscribed", (track) => {
    const video = document.createElement("video");
    video.id = "watched";
    video.muted = true;
    document.body.append(video);
    track.attach(video);
    void video.play();
  });
  await window.room.connect(address, ticket);
}"""
PUBLISH = """async (codec) => {
  const { createLocalVideoTrack, VideoPresets } = window.livekit;
  const track = await createLocalVideoTrack({ resolution: VideoPresets.h720.resolution });
  await window.room.localParticipant.publishTrack(track, { videoCodec: codec, backupCodec: false });
}"""
WATCH = """(quality) => {
  for (const participant of window.room.remoteParticipants.values())
    for (const publication of participant.trackPublications.values()) publication.setVideoQuality(quality);
}"""
LOOK = """async () => {
  const video = document.querySelector("#watched");
  const found = { width: video?.videoWidth ?? 0 };
  for (const peer of window.peers) {
    if (peer.connectionState === "closed") continue;
    const stats = await peer.getStats();
    for (const report of stats.values()) {
      if (report.type !== "inbound-rtp" || report.kind !== "video" || !report.framesDecoded) continue;
      const { framesDecoded, totalFreezesDuration, codecId } = report;
      Object.assign(found, { framesDecoded, totalFreezesDuration, mime: stats.get(codecId)?.mimeType });
    }
  }
  return found;
}"""
LOW, HIGH = 0, 2
FROZEN_S = 0.6
"""A machine that is busy with three encoders stutters that much; a switch that breaks the stream freezes it for 3 s."""


WORKER = ROOT / "node_modules" / "livekit-client" / "dist" / "livekit-client.e2ee.worker.mjs"
"""The browser library's own encryption of frames, which runs in a worker."""
ENCRYPTED = """() => [...window.room.remoteParticipants.values()].flatMap(
  (participant) => [...participant.trackPublications.values()].map((one) => one.trackInfo.encryption)
)"""
CLEAR, SECRET = False, True


def _open(visitor: Visitor, stack: Stack, slug: str, identity: str, *, single: bool, secret: bool) -> None:
    visitor.open("/")
    worker = WORKER.read_text(encoding="utf-8") if secret else ""
    visitor.page.evaluate(OPEN, [*stack.ticket(slug, identity), single, worker])


@pytest.mark.parametrize(
    ("codec", "single", "secret"),
    [
        ("vp8", False, CLEAR),
        pytest.param("h264", True, CLEAR, marks=pytest.mark.long),
        pytest.param("vp9", False, CLEAR, marks=pytest.mark.long),
        pytest.param("vp9", True, CLEAR, marks=pytest.mark.long),
        pytest.param("av1", False, CLEAR, marks=pytest.mark.long),
        pytest.param("av1", True, CLEAR, marks=pytest.mark.long),
        pytest.param("vp8", True, SECRET, marks=pytest.mark.long),
        ("vp9", True, SECRET),
    ],
    ids=str,
)
def test_layers_are_switched_without_a_freeze(
    visit: Visit, installation: Stack, codec: str, single: bool, secret: bool
) -> None:
    """Up and down a few times: the width follows, and the picture goes on; encrypted frames are no exception."""
    alice, bob, slug = visit(), visit(), slugs.generate()
    _open(alice, installation, slug, "alice", single=single, secret=secret)
    _open(bob, installation, slug, "bob", single=single, secret=secret)
    alice.page.evaluate(PUBLISH, codec)

    def looks() -> dict[str, Any]:
        return dict(bob.page.evaluate(LOOK))

    wait_until(lambda: looks()["width"] == 1280, "the whole picture")
    assert looks()["mime"].lower() == f"video/{codec}"
    assert bob.page.evaluate(ENCRYPTED) == [models.Encryption.GCM if secret else models.Encryption.NONE]
    before = looks()
    for _ in range(SWITCHES):
        bob.page.evaluate(WATCH, LOW)
        wait_until(lambda: looks()["width"] == 320, "the smallest picture")
        bob.page.evaluate(WATCH, HIGH)
        wait_until(lambda: looks()["width"] == 1280, "the whole picture again")
    after = looks()
    assert after["framesDecoded"] > before["framesDecoded"]
    assert after["totalFreezesDuration"] - before["totalFreezesDuration"] < FROZEN_S
