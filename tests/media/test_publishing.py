"""Matching of announced tracks with offered sections."""

from __future__ import annotations

import pytest
from livekit.protocol import models, rtc

from visio.media.negotiation import Negotiated
from visio.media.publication import Publication, describe, second
from visio.media.publishing import Publishing
from visio.media.sections import Kind, UpSection


def track(cid: str, kind: Kind = "video") -> Publication:
    request = rtc.AddTrackRequest(cid=cid, type="VIDEO" if kind == "video" else "AUDIO")
    return Publication("PA_a", cid, describe(request))


def section(mid: str, cid: str | None, kind: Kind = "video", *, sending: bool = True) -> Negotiated:
    up = UpSection(mid=mid, kind=kind, codec="video/VP8", payload_type=96, clock_rate=90_000) if sending else None
    msid = ("stream", cid) if cid is not None else None
    return Negotiated(mid=mid, kind=kind, direction="recvonly", msid=msid, up=up, down=None)


def take(publishing: Publishing, *sections: Negotiated) -> tuple[list[str], list[str]]:
    """Settle an offer as the room does; give client ids of tracks that began and that ended."""
    change = publishing.settle(sections)
    for publication, bound in change.bound:
        publication.offered_as = bound.msid
    return [publication.cid for publication, _ in change.bound], [publication.cid for publication in change.gone]


def test_announced_then_offered() -> None:
    publishing = Publishing()
    assert publishing.announce(track("a")).bound == []
    assert take(publishing, section("0", "a")) == (["a"], [])
    assert [item.cid for item in publishing] == ["a"]


def test_offered_then_announced() -> None:
    publishing = Publishing()
    take(publishing, section("0", "a"))
    assert [publication.cid for publication, _ in publishing.announce(track("a")).bound] == ["a"]


def test_other_names_match_in_order_of_kind() -> None:
    publishing = Publishing()
    publishing.announce(track("video-id"))
    publishing.announce(track("audio-id", "audio"))
    assert take(publishing, section("0", "x", "audio"), section("1", "y")) == (["audio-id", "video-id"], [])


def test_name_of_its_own_goes_before_the_order() -> None:
    publishing = Publishing()
    publishing.announce(track("a"))
    publishing.announce(track("b"))
    take(publishing, section("0", "b"))
    assert {mid: item.cid for mid, item in publishing.by_mid().items()} == {"0": "b"}


def test_repeated_offer_changes_nothing() -> None:
    publishing = Publishing()
    publishing.announce(track("a"))
    take(publishing, section("0", "a"))
    assert take(publishing, section("0", "a")) == ([], [])


def test_section_that_stops_sending_ends_its_track() -> None:
    publishing = Publishing()
    publishing.announce(track("a"))
    take(publishing, section("0", "a"))
    assert take(publishing, section("0", None, sending=False)) == ([], ["a"])
    assert len(publishing) == 0


def test_reused_section_ends_one_track_and_begins_another() -> None:
    publishing = Publishing()
    publishing.announce(track("a"))
    take(publishing, section("0", "a"))
    publishing.announce(track("b"))
    assert take(publishing, section("0", "b")) == (["b"], ["a"])


def test_withdrawn_track_does_not_come_back_with_the_next_offer() -> None:
    publishing = Publishing()
    ended = track("a")
    publishing.announce(ended)
    take(publishing, section("0", "a"))
    publishing.withdraw(ended)
    assert take(publishing, section("0", "a")) == ([], [])


@pytest.mark.parametrize("bound", [False, True])
def test_a_second_version_ends_with_its_track(bound: bool) -> None:
    """Nothing of it waits for a section afterwards."""
    publishing = Publishing()
    first = track("a")
    publishing.announce(first)
    take(publishing, section("0", "a"))
    publishing.announce(second(first, rtc.AddTrackRequest(cid="b", type="VIDEO")))
    others = [section("1", "b")] if bound else []
    take(publishing, section("0", "a"), *others)
    assert take(publishing, section("0", None, sending=False), *others) == ([], ["a", "b"])
    assert not publishing.is_waiting
    assert take(publishing, section("2", "c")) == ([], [])


def test_stream_tells_what_plays_in_step() -> None:
    screen = track("a")
    screen.info.source = models.TrackSource.SCREEN_SHARE
    assert screen.stream == "PA_a|screen"
    assert track("b").stream == "PA_a|camera"


def test_sound_features() -> None:
    features = [models.AudioTrackFeature.TF_STEREO, models.AudioTrackFeature.TF_NO_DTX]
    request = rtc.AddTrackRequest(cid="a", type="AUDIO", audio_features=features)
    described = Publication("PA_a", "a", describe(request)).wishes()
    assert described.stereo
    assert not described.dtx
