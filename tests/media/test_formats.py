"""Payload formats in session descriptions."""

from dataclasses import replace

import pytest

from visio.media import formats
from visio.media.formats import Format
from visio.media.sdp import Codec

OFFERED = [
    Codec(96, "VP8", 90_000),
    Codec(102, "H264", 90_000, 1, "packetization-mode=1;profile-level-id=42001f"),
    Codec(104, "H264", 90_000, 1, "packetization-mode=0;profile-level-id=42e01f"),
    Codec(108, "H264", 90_000, 1, "packetization-mode=1;profile-level-id=42e034"),
    Codec(98, "VP9", 90_000, 1, "profile-id=0"),
    Codec(100, "VP9", 90_000, 1, "profile-id=2"),
    Codec(45, "AV1", 90_000),
]


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (None, 96),
        (Format("vp8"), 96),
        (Format("h264", "packetization-mode=1;profile-level-id=42e01f"), 108),
        (Format("h264", "profile-level-id=42e01f"), 104),
        (Format("h264", "packetization-mode=1;profile-level-id=42001f"), 102),
        (Format("vp9"), 98),
        (Format("av1"), 45),
        (Format("vp9", "profile-id=2"), 100),
    ],
)
def test_the_best_offer_is_found(wanted: Format | None, number: int) -> None:
    found = formats.best(OFFERED, "video", wanted)
    assert found is not None
    assert found.payload_type == number


def test_what_is_not_offered_or_not_forwarded_is_not_found() -> None:
    assert formats.best(OFFERED[:1], "video", Format("vp9")) is None
    assert formats.best([replace(OFFERED[-1], name="H265")], "video", None) is None
    assert formats.best(OFFERED, "application", None) is None


@pytest.mark.parametrize(("name", "found"), [("vp9", Format("vp9")), ("av1", Format("av1")), ("h265", None)])
def test_names_of_clients(name: str, found: Format | None) -> None:
    assert formats.named(name) == found


def test_the_better_mode_of_h264_is_wanted() -> None:
    found = formats.best(OFFERED, "video", formats.named("H264"))
    assert found is not None
    assert found.payload_type == 108


def test_the_servers_own_numbers_differ() -> None:
    wanted = [Format("opus"), Format("vp8"), Format("vp9"), Format("h264"), Format("h264", "packetization-mode=1")]
    offered = [codec for one in wanted for codec in formats.own(one) if codec is not None]
    assert len({codec.payload_type for codec in offered}) == len(offered) == 9


@pytest.mark.parametrize(
    ("told", "offered"),
    [
        (Format("vp9", "profile-id=2"), "profile-id=2"),
        (Format("vp9", "profile-id=0 x"), "profile-id=0"),
        (Format("h264", "packetization-mode=1\tx"), "packetization-mode=1"),
    ],
)
def test_odd_parameters_of_a_publisher_reach_no_subscriber(told: Format, offered: str) -> None:
    assert offered in formats.own(told)[0].parameters.split(";")
