"""What a person is told of a room before they enter."""

from __future__ import annotations

from typing import Any

import pytest

from visio.rooms.abilities import RoomFacts
from visio.rooms.expectations import expectations
from visio.rooms.policy import OWN, Layer, settle
from visio.rooms.roles import Sensitivity
from visio.rooms.terms import Terms


def told(chat_days: int = 0, **terms: Any) -> dict[str, str]:
    """Give the sentences by their names."""
    facts = RoomFacts(settle([Layer(OWN, Terms(**terms))]))
    return {one.name: one.sentence for one in expectations(facts, chat_days)}


def test_it_works() -> None:
    found = told(sensitivity=Sensitivity.ORDINARY)
    assert list(found) == ["attendance", "chat", "notes"]
    assert found["attendance"] == "The hosts can read for 365 days who took part in this meeting."


@pytest.mark.parametrize("sensitivity", [Sensitivity.SENSITIVE, Sensitivity.RESTRICTED])
def test_a_class_is_told_first(sensitivity: Sensitivity) -> None:
    name, sentence = next(iter(told(sensitivity=sensitivity).items()))
    assert (name, str(sensitivity.label).lower() in sentence) == ("class", True)


def test_nothing_is_told_of_what_is_not_kept() -> None:
    assert "attendance" not in told(attendance_days=0)


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "is erased when the last person has left"), (1, "for 1 day after"), (30, "for 30 days after")],
)
def test_how_long_the_chat_is_kept(days: int, words: str) -> None:
    assert words in told(days)["chat"]
