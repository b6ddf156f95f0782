"""Answers to offers of real clients, and the server's own offers."""

from __future__ import annotations

from pathlib import Path

import pytest

from visio.media import extensions, negotiation, sdp
from visio.media.negotiation import LocalParameters, Sending, Slot, Wishes
from visio.media.sdp import SdpError, SessionDescription

LOCAL = LocalParameters("ufrag", "p" * 24, "sha-256 AA:BB", ("candidate:1 1 udp 1 127.0.0.1 7882 typ host",))
SENDING = Sending("PA_a|camera", "TR_a", 1111, "PA_a", rtx_ssrc=2222)


def load(name: str) -> SessionDescription:
    return sdp.parse((Path(__file__).parent / f"sdp/{name}.txt").read_text())


def test_it_works() -> None:
    """A publisher's offer: sound and three layers of picture are taken, the data section is opened."""
    offer = load("chromium_publisher")
    answer, settled = negotiation.answer(offer, LOCAL)
    assert [section.direction for section in answer.sections[:2]] == ["recvonly", "recvonly"]
    assert answer.bundle == ("0", "1", "2")
    assert {section.setup for section in answer.sections} == {"passive"}
    assert answer.sections[1].simulcast == {"recv": "q;h;f"}
    assert answer.sections[1].rids == {"q": "recv", "h": "recv", "f": "recv"}
    assert list(answer.sections[1].codecs) == [96, 97]
    audio, video = settled
    assert audio.up is not None
    assert video.up is not None
    assert (audio.up.codec, audio.up.payload_type, audio.up.clock_rate) == ("audio/opus", 111, 48_000)
    assert (video.up.codec, video.up.payload_type, video.up.rtx_payload_type) == ("video/VP8", 96, 97)
    assert video.up.rids == ("q", "h", "f")
    assert video.msid is not None
    assert answer.sections[0].candidates == LOCAL.candidates


@pytest.mark.parametrize("name", ["chromium_publisher", "chromium_single", "livekit_single", "livekit_dual"])
def test_extensions_are_echoed_in_every_section(name: str) -> None:
    """Also in those that only wait: later offers bring no extension that was not agreed before.

    Without the dependency descriptor, VP8 says itself what its pictures and layers are.
    """
    offer = load(name)
    answer, _ = negotiation.answer(offer, LOCAL)
    for offered, answered in zip(offer.sections, answer.sections, strict=True):
        wanted = {uri: number for uri, number in offered.extensions.items() if uri in extensions.SUPPORTED}
        if offered.kind == "video" and "send" in offered.direction:
            wanted.pop(extensions.DEPENDENCY_DESCRIPTOR, None)
        assert answered.extensions == wanted


def test_placeholders_are_filled() -> None:
    """A single connection: one section sends, the other ones wait."""
    offer = load("livekit_single")
    assert [section.mid for section in negotiation.placeholders(offer)] == ["0", "1", "2", "3", "4", "5"]
    answer, settled = negotiation.answer(offer, LOCAL, sending={"3": SENDING})
    assert [section.direction for section in answer.sections[:6]] == ["inactive"] * 3 + ["sendonly"] + ["inactive"] * 2
    section = answer.sections[3]
    assert section.msid == ("PA_a|camera", "TR_a")
    assert section.ssrcs[1111] == {"cname": "PA_a", "msid": "PA_a|camera TR_a"}
    assert section.groups == [("FID", (1111, 2222))]
    assert section.codecs[96].feedback == ["transport-cc", "ccm fir", "nack", "nack pli"]
    (down,) = [one.down for one in settled if one.down is not None]
    assert (down.mid, down.payload_type, down.rtx_payload_type, down.ssrc) == ("3", 96, 97, 1111)


@pytest.mark.parametrize("name", ["chromium_publisher", "chromium_single", "livekit_single"])
def test_sound_is_repaired_though_no_offer_says_so(name: str) -> None:
    """These clients name no `nack` for sound, and ask again once it is in the answer."""
    offer = load(name)
    offered = [codec for section in offer.sections if section.kind == "audio" for codec in section.codecs.values()]
    assert not any("nack" in codec.feedback for codec in offered)
    answer, _ = negotiation.answer(offer, LOCAL)
    answered = [section.codecs[111] for section in answer.sections if section.kind == "audio"]
    assert answered
    assert all(codec.feedback == ["nack", "transport-cc"] for codec in answered)


def test_nothing_is_sent_where_the_peer_only_sends() -> None:
    """A section in which the peer publishes cannot carry a track to it."""
    answer, settled = negotiation.answer(load("chromium_publisher"), LOCAL, sending={"0": SENDING})
    assert answer.sections[0].direction == "recvonly"
    assert settled[0].down is None


def test_foreign_payload_types_are_kept() -> None:
    """Another browser's numbers come back as they were offered."""
    offer = load("chromium_publisher")
    codec = offer.sections[0].codecs.pop(111)
    codec.payload_type = 109
    offer.sections[0].codecs[109] = codec
    answer, settled = negotiation.answer(offer, LOCAL)
    assert list(answer.sections[0].codecs) == [109]
    assert settled[0].up is not None
    assert settled[0].up.payload_type == 109


def test_stopped_and_foreign_sections() -> None:
    """A stopped section stays stopped; a codec that is not forwarded is refused; neither is bundled."""
    offer = load("chromium_stopped")
    foreign = offer.sections[1].codecs[45]
    foreign.name = "H265"
    offer.sections[1].codecs = {45: foreign}
    answer, settled = negotiation.answer(offer, LOCAL)
    assert [section.port for section in answer.sections] == [0, 0, 9]
    assert answer.bundle == ("2",)
    assert answer.sections[2].candidates == LOCAL.candidates
    assert settled == []


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        ({}, "minptime=10;useinbandfec=1;usedtx=1"),
        ({"0": Wishes(stereo=True)}, "minptime=10;useinbandfec=1;stereo=1;usedtx=1"),
        ({"0": Wishes(dtx=False)}, "minptime=10;useinbandfec=1"),
    ],
)
def test_opus_parameters(features: dict[str, Wishes], expected: str) -> None:
    """Silence suppression and stereo follow the publisher's wish."""
    answer, _ = negotiation.answer(load("chromium_publisher"), LOCAL, wishes=features)
    assert answer.sections[0].codecs[111].parameters == expected


def test_one_payload_type_means_the_same_everywhere() -> None:
    """Bundled sections agree on the parameters of a payload type."""
    offer = load("chromium_single")
    offer.sections[0].direction = "sendonly"
    answer, _ = negotiation.answer(offer, LOCAL, wishes={"0": Wishes(stereo=True)})
    assert len({section.codecs[111].parameters for section in answer.sections[:3]}) == 1


def test_the_peers_parameters() -> None:
    """What the transport needs is found."""
    remote = negotiation.remote_parameters(load("chromium_single"))
    assert remote.fingerprints[0][0] == "sha-256"
    assert remote.sctp_port == 5000
    assert remote.message_max_bytes == 262_144


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ufrag", "", "user fragment"),
        ("password", "short", "user fragment"),
        ("setup", "passive", "active"),
        ("fingerprints", ["md5 AA"], "fingerprint"),
    ],
)
def test_unusable_peers_are_refused(name: str, value: object, reason: str) -> None:
    """The error says what is wrong."""
    offer = load("chromium_single")
    setattr(offer.sections[0], name, value)
    with pytest.raises(SdpError, match=reason):
        negotiation.remote_parameters(offer)


def test_unbundled_media_is_refused() -> None:
    """There is one transport only."""
    offer = load("chromium_single")
    offer.bundle = offer.bundle[:-1]
    with pytest.raises(SdpError, match="bundled"):
        negotiation.remote_parameters(offer)


def test_the_servers_offer() -> None:
    """The data section first, then a track to send and a slot that waits."""
    slots = [Slot("1", "video", SENDING), Slot("2", "audio")]
    offer, proposed = negotiation.offer(LOCAL, slots, version=3)
    text = offer.text()
    assert sdp.parse(text).bundle == ("data", "1", "2")
    assert [section.direction for section in offer.sections[1:]] == ["sendonly", "inactive"]
    assert {section.setup for section in offer.sections} == {"actpass"}
    assert "a=ice-lite\r\n" in text
    assert "o=- 1 3 " in text
    assert proposed[0].down is not None
    assert proposed[0].down.rtx_ssrc == 2222
    assert proposed[1].down is None


def test_what_the_peer_refused_is_not_sent() -> None:
    """A section that the answer stops or does not receive drops out."""
    offer, proposed = negotiation.offer(LOCAL, [Slot("1", "video", SENDING), Slot("2", "audio", SENDING)])
    answer = sdp.parse(offer.text())
    answer.sections[1].direction = "recvonly"
    answer.sections[2].direction = "inactive"
    assert [one.mid for one in negotiation.accepted(offer, answer, proposed)] == ["1"]
    answer.sections.pop()
    with pytest.raises(SdpError, match="sections of the offer"):
        negotiation.accepted(offer, answer, proposed)


def test_extensions_that_the_peer_leaves_out_are_not_sent() -> None:
    slot = Slot("1", "video", Sending(stream="PA_x|camera", track="TR_x", ssrc=5, cname="PA_x"))
    offer, proposed = negotiation.offer(LOCAL, [slot])
    answer = sdp.parse(offer.text())
    for section in answer.sections:
        section.direction = "recvonly"
    (taken,) = negotiation.accepted(offer, answer, proposed)
    answer.sections[1].extensions = {}
    (refused,) = negotiation.accepted(offer, answer, proposed)
    assert taken.down is not None
    assert refused.down is not None
    assert (bool(taken.down.extensions), refused.down.extensions) == (True, {})
