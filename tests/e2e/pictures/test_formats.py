"""Who cannot decode a picture gets it in a second format, or is told why there is none."""

from __future__ import annotations

import pytest
from livekit.protocol import models

from tests.e2e.callers import HIGH, LOW, Caller
from tests.e2e.conftest import Visit
from tests.stack import Stack, wait_until
from visio.rooms import slugs

pytestmark = [pytest.mark.live, pytest.mark.browser]

WEAKEN = """
const weaken = (transceiver) => {
  if (transceiver.receiver.track.kind === "video") transceiver.setCodecPreferences(known);
  return transceiver;
};
const { addTransceiver, setRemoteDescription } = RTCPeerConnection.prototype;
RTCPeerConnection.prototype.addTransceiver = function (...given) {
  return weaken(addTransceiver.apply(this, given));
};
RTCPeerConnection.prototype.setRemoteDescription = async function (description) {
  await setRemoteDescription.call(this, description);
  if (description.type === "offer") this.getTransceivers().forEach(weaken);
};
"""
"""A browser as there are some: its offers and answers name no other formats than those known here."""
WITHOUT_VP9_AND_AV1 = (
    """
const known = RTCRtpReceiver.getCapabilities("video").codecs.filter(({ mimeType }) => !/VP9|AV1/.test(mimeType));
"""
    + WEAKEN
)
WITH_MODE_0_ONLY = (
    """
const known = RTCRtpReceiver.getCapabilities("video").codecs.filter(({ mimeType, sdpFmtpLine }) =>
  mimeType === "video/rtx" || (mimeType === "video/H264" && sdpFmtpLine.includes("packetization-mode=0")));
"""
    + WEAKEN
)
SIMULCAST, REGRESSION = 1, 0  # livekit-client's `BackupCodecPolicy`; the second one is its default
UNSUPPORTED = models.SubscriptionError.SE_CODEC_UNSUPPORTED


@pytest.mark.long
@pytest.mark.parametrize(
    ("single", "policy", "others"),
    [(False, SIMULCAST, "video/VP9"), (True, REGRESSION, "video/VP8")],
    ids=["dual, both formats", "single, the second for all"],
)
def test_who_lacks_a_format_gets_another(
    visit: Visit, installation: Stack, single: bool, policy: int, others: str
) -> None:
    """Bob can decode VP9, carol cannot: first there is VP9 only, then VP9 with what the library adds by itself."""
    weak = visit(prepare=WITHOUT_VP9_AND_AV1)
    alice, bob, carol = Caller(visit(), "alice"), Caller(visit(), "bob"), Caller(weak, "carol")
    slug = slugs.generate()
    for caller in (alice, bob, carol):
        caller.enter(installation, slug, singlePeerConnection=single, adaptiveStream=False)
    alice.publish(640, 360, 15, videoCodec="vp9", backupCodec=False)
    wait_until(lambda: _decodes(bob, "video/VP9"), "VP9 at bob's")
    wait_until(lambda: carol.refused() == [UNSUPPORTED], "carol is told")
    alice.unpublish()
    alice.publish(640, 360, 15, videoCodec="vp9", backupCodecPolicy=policy)
    wait_until(lambda: _decodes(carol, "video/VP8"), "VP8 at carol's")
    wait_until(lambda: _decodes(bob, others), f"{others} at bob's")
    assert carol.refused() == [UNSUPPORTED]


@pytest.mark.parametrize(
    ("mode", "single"),
    [pytest.param(0, False, marks=pytest.mark.long), (0, True), pytest.param(1, False, marks=pytest.mark.long)],
)
def test_both_modes_of_h264(visit: Visit, installation: Stack, mode: int, single: bool) -> None:
    """Alice's browser knows one of the modes only, or may choose; bob's knows both. Two layers, one after the other."""
    prepare = WITH_MODE_0_ONLY if mode == 0 else ""
    alice, bob = Caller(visit(prepare=prepare), "alice"), Caller(visit(), "bob")
    slug = slugs.generate()
    for caller in (alice, bob):
        caller.enter(installation, slug, singlePeerConnection=single)
    alice.publish(640, 360, 15, videoCodec="h264", backupCodec=False)
    for quality, width in ((HIGH, 640), (LOW, 320), (HIGH, 640)):
        bob.wants(quality)
        wait_until(lambda width=width: bob.received().get("width") == width, f"{width} pixels")  # type: ignore[misc]
    assert bob.received()["mime"] == "video/H264"
    assert f"packetization-mode={mode}" in bob.received()["parameters"]


def _decodes(caller: Caller, mime: str) -> bool:
    """Tell whether a picture is decoded in this format and goes on."""
    before = caller.received()
    if before.get("mime") != mime:
        return False
    wait_until(lambda: caller.received().get("framesDecoded", 0) > before["framesDecoded"], "the next picture")
    return True
