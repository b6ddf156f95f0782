"""Reading and writing SDP, with offers that real clients made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from visio.media import sdp
from visio.media.limits import LAYERS, SDP_BYTES, SECTIONS
from visio.media.sdp import REPEATED_MAX, SdpError

OFFERS = sorted((Path(__file__).parent / "sdp").glob("*.txt"))
MINIMAL = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"


def test_it_works() -> None:
    """Everything that matters of Chromium's offer with simulcast is there."""
    offer = sdp.parse((Path(__file__).parent / "sdp/chromium_publisher.txt").read_text())
    audio, video, data = offer.sections
    assert offer.bundle == ("0", "1", "2")
    assert (audio.kind, audio.direction, audio.setup, audio.rtcp_mux) == ("audio", "sendonly", "actpass", True)
    assert (audio.codecs[111].name, audio.codecs[111].clock_rate, audio.codecs[111].channels) == ("opus", 48_000, 2)
    assert video.rids == {"q": "send", "h": "send", "f": "send"}
    assert video.simulcast == {"send": "q;h;f"}
    assert video.codecs[97].associated == 96
    assert "nack pli" in video.codecs[96].feedback
    assert data.sctp_port == 5000
    assert data.fingerprints[0].startswith("sha-256 ")


@pytest.mark.parametrize("path", OFFERS, ids=lambda path: path.stem)
def test_what_is_written_reads_the_same(path: Path) -> None:
    """A description survives the way through text."""
    description = sdp.parse(path.read_text())
    assert sdp.parse(description.text()).sections == description.sections
    assert sdp.parse(description.text()).bundle == description.bundle


def test_a_stopped_section() -> None:
    """Port 0 means stopped, with bundle-only it does not."""
    offer = sdp.parse((Path(__file__).parent / "sdp/chromium_stopped.txt").read_text())
    assert [section.rejected for section in offer.sections] == [True, False, False]
    bundled = sdp.parse(MINIMAL.replace("audio 9", "audio 0") + "a=bundle-only\r\n")
    assert not bundled.sections[0].rejected


def test_session_attributes_hold_for_every_section() -> None:
    """Credentials at the top count below, unless a section has its own."""
    text = MINIMAL.replace("t=0 0\r\n", "t=0 0\r\na=ice-ufrag:top\r\na=setup:actpass\r\na=recvonly\r\n")
    section = sdp.parse(text).sections[0]
    assert (section.ufrag, section.setup, section.direction) == ("top", "actpass", "recvonly")


def test_unknown_lines_are_ignored() -> None:
    """Clients may say more than this server knows."""
    text = (
        MINIMAL + "a=sctp-init:AQ==\r\na=what\r\nb=AS:30\r\nnonsense\r\na=rtpmap:99 unlisted/8000\r\na=msid:alone\r\n"
    )
    assert len(sdp.parse(text).sections) == 1


@pytest.mark.parametrize(
    "line",
    [
        "m=audio",
        "m=text 9 UDP/TLS/RTP/SAVPF 1",
        "m=audio 99999 UDP/TLS/RTP/SAVPF 1",
        "m=audio 9 UDP/TLS/RTP/SAVPF 200",
        "m=audio 9 UDP/TLS/RTP/SAVPF \u0661",
        "m=audio 9 UDP/TLS/RTP/SAVPF 8",
        "a=mid:0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 8\r\na=mid:0",
        "a=extmap:1",
        "a=extmap:x uri",
        "a=rid:q",
        "a=rid:q;h send",
        "a=ssrc:99999999999 cname:x",
        "a=ssrc-group:FID a b",
        "a=sctp-port:-1",
        "a=rtpmap:111 opus/x",
        "m=audio 9 UDP/TLS/RTP/SAVPF 8\r\na=mid:1 2",
    ],
)
def test_damaged_lines_are_refused(line: str) -> None:
    """What the server relies on must be right."""
    with pytest.raises(SdpError):
        sdp.parse(MINIMAL + line + "\r\n")


@pytest.mark.parametrize("text", ["", "hello", "v=1\r\n", "v=0\r\n", "v=0" + "x" * SDP_BYTES])
def test_what_is_no_description_is_refused(text: str) -> None:
    """Empty, foreign, without media, or too long."""
    with pytest.raises(SdpError):
        sdp.parse(text)


def test_too_many_sections_are_refused() -> None:
    """The number of sections is bounded."""
    lines = "".join(f"m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:{number}\r\n" for number in range(SECTIONS + 1))
    with pytest.raises(SdpError, match="media sections"):
        sdp.parse("v=0\r\n" + lines)


@pytest.mark.parametrize(
    "change",
    [
        {"msid": ("PA_a|x y", "TR_a")},
        {"msid": ("PA_a|x\r\na=ssrc:1 cname:y", "TR_a")},
        {"msid": ("PA_a|camera", "TR_a\n")},
        {"mid": "0 1"},
        {"mid": "0\na=inactive"},
        {"password": "p\ra=inactive"},
        {"ssrcs": {1: {"cname": "x\r\na=inactive"}}},
    ],
)
def test_no_value_becomes_a_line_of_its_own(change: dict[str, object]) -> None:
    """What would add to a description is not written."""
    description = sdp.parse(MINIMAL + "a=ice-ufrag:u\r\n")
    description.sections[0] = replace(description.sections[0], **change)  # type: ignore[arg-type]
    with pytest.raises(SdpError):
        description.text()


@pytest.mark.parametrize(
    ("line", "most"),
    [
        ("a=rid:r{} send", LAYERS),
        ("a=ssrc:{} cname:x", REPEATED_MAX),
        ("a=ssrc-group:FID {} 7", REPEATED_MAX),
        ("a=rtcp-fb:* kind{}", REPEATED_MAX),
    ],
)
def test_what_a_section_has_is_limited(line: str, most: int) -> None:
    """Each layer and each source would have state of its own."""
    lines = [line.format(number) + "\r\n" for number in range(most + 1)]
    assert len(sdp.parse(MINIMAL + "".join(lines[:most])).sections) == 1
    with pytest.raises(SdpError, match=f"more than {most}"):
        sdp.parse(MINIMAL + "".join(lines))


@pytest.mark.parametrize("path", OFFERS, ids=lambda path: path.stem)
def test_cut_descriptions_never_surprise(path: Path) -> None:
    """Any prefix of an offer is read or refused, nothing else."""
    text = path.read_text()
    for length in range(0, len(text), 37):
        try:
            sdp.parse(text[:length])
        except SdpError:
            continue
