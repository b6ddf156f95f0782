"""Which tracks come through where there are more than places."""

from __future__ import annotations

from visio.media.portions import Claim, Portion
from visio.media.sections import Kind

NEVER = float("-inf")


def claim(track: str, kind: Kind = "video", priority: int = 0, spoke_at: float = NEVER) -> Claim:
    return Claim(track, kind, priority, spoke_at)


def test_all_are_served_while_there_is_room() -> None:
    claims = [claim("a", "audio"), claim("b"), claim("c")]
    assert Portion(1, 2).served(claims) == {"a", "b", "c"}


def test_each_kind_has_its_own_places() -> None:
    claims = [claim("a", "audio"), claim("b", "audio"), claim("c")]
    assert Portion(1, 2).served(claims) == {"a", "c"}


def test_who_came_first_stays_when_another_one_comes() -> None:
    claims = [claim("a"), claim("b")]
    assert Portion(0, 2).served([*claims, claim("c")]) == {"a", "b"}


def test_screens_and_speakers_come_before_all_others() -> None:
    claims = [claim("a"), claim("b"), claim("speaker", priority=1, spoke_at=1.0), claim("screen", priority=2)]
    assert Portion(0, 2).served(claims) == {"speaker", "screen"}


def test_two_who_take_turns_do_not_put_each_other_out() -> None:
    claims = [claim("a"), claim("b"), claim("c", spoke_at=1.0), claim("d", priority=1, spoke_at=2.0)]
    assert Portion(0, 3).served(claims) == {"a", "c", "d"}
