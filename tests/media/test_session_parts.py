"""Small pure parts of a session: rights, grades, allowances."""

from __future__ import annotations

import pytest
from livekit.protocol import models

from visio import wire
from visio.media.allowance import Allowance
from visio.media.permissions import fits, may_publish, permission
from visio.media.quality import grade

Source = models.TrackSource
Grade = models.ConnectionQuality


@pytest.mark.parametrize(
    ("grant", "source", "allowed"),
    [
        (wire.Grant("a"), Source.CAMERA, True),
        (wire.Grant("a", can_publish=False), Source.CAMERA, False),
        (wire.Grant("a", hidden=True), Source.CAMERA, False),
        (wire.Grant("a", sources=("microphone",)), Source.MICROPHONE, True),
        (wire.Grant("a", sources=("microphone",)), Source.CAMERA, False),
        (wire.Grant("a", sources=("microphone",)), Source.UNKNOWN, False),
        (wire.Grant("a", sources=("unheard-of",)), Source.CAMERA, False),
    ],
)
def test_may_publish(grant: wire.Grant, source: int, allowed: bool) -> None:
    assert may_publish(grant, source) is allowed


def test_sound_comes_from_no_camera() -> None:
    """Nor pictures from a microphone; of an unknown source anything may come, unless sources are listed."""
    audio, video = models.TrackType.AUDIO, models.TrackType.VIDEO
    assert fits(Source.MICROPHONE, audio)
    assert fits(Source.SCREEN_SHARE, video)
    assert fits(Source.UNKNOWN, audio)
    assert not fits(Source.CAMERA, audio)
    assert not fits(Source.SCREEN_SHARE, audio)
    assert not fits(Source.MICROPHONE, video)


def test_permission_names_the_sources() -> None:
    described = permission(wire.Grant("a", sources=("screen_share", "microphone"), can_subscribe=False))
    assert list(described.can_publish_sources) == [Source.SCREEN_SHARE, Source.MICROPHONE]
    assert not described.can_subscribe


@pytest.mark.parametrize(
    ("loss", "round_trip_s", "expected"),
    [
        (0.0, 0.05, Grade.EXCELLENT),
        (0.0, 0.6, Grade.GOOD),
        (0.05, 0.05, Grade.GOOD),
        (0.3, 0.05, Grade.POOR),
        (1.0, 1.0, Grade.POOR),
    ],
)
def test_grade(loss: float, round_trip_s: float, expected: int) -> None:
    assert grade(loss, round_trip_s) == expected


def test_allowance_refills_up_to_its_burst() -> None:
    allowance = Allowance(per_s=2, burst=4, now=0.0)
    assert allowance.take(4, 0.0)
    assert not allowance.take(1, 0.4)
    assert allowance.take(1, 0.5)
    assert not allowance.take(5, 100.0)
    assert allowance.take(4, 100.0)
