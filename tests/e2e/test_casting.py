"""Who is shown where: the browser's own modules decide, asked without a call."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor

pytestmark = [pytest.mark.live, pytest.mark.browser]

CAST = """async (asked) => {
  const { castOf } = await import("/static/js/call/casting.js");
  const names = (figures) => figures.map(({ id }) => id).join(" ");
  return asked.map(([people, direction]) => {
    const { large, pinned, others, floating } = castOf(people, { ...direction, pins: new Set(direction.pins) });
    return [names(large), names(pinned), names(others), floating?.id ?? ""];
  });
}"""
FOLLOW = """async (steps) => {
  const { NOBODY, follow } = await import("/static/js/call/speaker.js");
  let following = NOBODY;
  return steps.map(([speaking, now]) => {
    const people = ["a", "b", "me"].map((key) => ({
      key, isLocal: key === "me", isSpeaking: speaking.includes(key), microphoneOn: true,
    }));
    following = follow(following, people, now);
    return following.key;
  });
}"""
SEAT = """async ([order, people, places]) => {
  const { seat } = await import("/static/js/call/seating.js");
  return seat(order, people.map((person) => ({ id: person.key, person, isShare: false })), places).map(({ id }) => id);
}"""
PEOPLE = """async (told) => {
  const { peopleOf } = await import("/static/js/call/people.js");
  const participants = told.map(([identity, connectionQuality, streamState]) => ({
    identity, connectionQuality, attributes: {}, isLocal: identity === "me",
    getTrackPublication: (source) => source === "camera" && { isMuted: false, videoTrack: {}, track: { streamState } },
  }));
  const remoteParticipants = new Map(participants.slice(0, -1).map((one) => [one.identity, one]));
  const people = peopleOf({ remoteParticipants, localParticipant: participants.at(-1) });
  return people.map(({ key, quality, isCameraPaused, isSharePaused }) => [key, quality, isCameraPaused, isSharePaused]);
}"""
AUTO: dict[str, Any] = {"layout": "auto", "pins": [], "spotlight": "", "speaker": "", "share": "", "isWide": True}


def person(key: str, **more: Any) -> dict[str, Any]:
    """Give somebody; "me" is this browser's person."""
    quiet: dict[str, Any] = {"isSpeaking": False, "microphoneOn": True, "hand": 0, "spokeAt": 0, "share": None}
    return {"key": key, "isLocal": key == "me", **quiet, **more}


def cast(visitor: Visitor, asked: list[tuple[list[dict[str, Any]], dict[str, Any]]]) -> list[tuple[str, ...]]:
    """Give large, pinned, others and floating of each question."""
    visitor.open("/")
    given: list[list[Any]] = [[people, {**AUTO, **direction}] for people, direction in asked]
    return [tuple(found) for found in visitor.page.evaluate(CAST, given)]


def test_parts_of_people(visit: Visit) -> None:
    """Every layout with pins, with the spotlight, and with the active speaker."""
    two, four = [person("a"), person("me")], [*map(person, "abc"), person("me")]
    cases: list[tuple[list[dict[str, Any]], dict[str, Any], tuple[str, ...]]] = [
        (two, {}, ("a", "", "", "me")),
        (two, {"isWide": False}, ("", "", "a me", "")),
        (four, {}, ("", "", "a b c me", "")),
        (four, {"pins": ["b", "c", "gone"]}, ("b c", "", "a me", "")),
        (four, {"spotlight": "c", "pins": ["b"]}, ("c", "b", "a me", "")),
        (four, {"layout": "grid", "spotlight": "c", "pins": ["b"]}, ("", "c b", "a me", "")),
        (four, {"layout": "speaker", "speaker": "b"}, ("b", "", "", "me")),
        (four, {"layout": "speaker", "speaker": "b", "pins": ["c"]}, ("b", "c", "me", "")),
        (four, {"layout": "strip", "speaker": "b", "pins": ["b"]}, ("b", "", "a c me", "")),
        ([person("me")], {"layout": "speaker", "spotlight": "me"}, ("me", "", "", "")),
    ]
    found = cast(visit(), [(people, direction) for people, direction, _ in cases])
    assert found == [expected for _, _, expected in cases]


def test_parts_of_shared_screens(visit: Visit) -> None:
    """One is large, the others can be chosen; one's own is not shown; who is lit or pinned stays beside it."""
    people = [person("a", share={}), person("b", share={}), person("c"), person("me", share={})]
    cases: list[tuple[dict[str, Any], tuple[str, ...]]] = [
        ({}, ("share b", "", "share a a b c me", "")),
        ({"share": "a", "spotlight": "c"}, ("share a", "c", "share b a b me", "")),
        ({"layout": "grid"}, ("", "share b", "share a a b c me", "")),
        ({"layout": "speaker", "pins": ["c"]}, ("share b", "c", "share a me", "")),
    ]
    found = cast(visit(), [(people, direction) for direction, _ in cases])
    assert found == [expected for _, expected in cases]


def test_the_speaker_does_not_jump(visit: Visit) -> None:
    """Somebody else takes over after a moment of speaking alone, not for a cough, nor while the first one speaks."""
    visitor = visit()
    visitor.open("/")
    steps = [
        ("", 0), ("a", 100), ("b", 200), ("", 700), ("b", 900), ("b", 2000), ("b", 2200),
        ("me", 5000), ("ab", 6000), ("ab", 9000), ("", 9100),
    ]  # fmt: skip
    assert visitor.page.evaluate(FOLLOW, steps) == ["", "a", "a", "a", "a", "a", "b", "b", "b", "b", "b"]


def test_who_is_active_comes_to_the_first_page(visit: Visit) -> None:
    """They change places with the one who has been silent longest; all others, and oneself, stay where they are."""
    visitor = visit()
    visitor.open("/")
    people = [
        person("a", spokeAt=5), person("b", spokeAt=3), person("c", spokeAt=4),
        person("d"), person("e", isSpeaking=True), person("f"), person("new", hand=1), person("me"),
    ]  # fmt: skip
    order = ["a", "b", "c", "gone", "d", "e", "f"]
    assert visitor.page.evaluate(SEAT, [order, people, 4]) == ["a", "e", "new", "me", "d", "b", "f", "c"]
    assert visitor.page.evaluate(SEAT, [[], people[:4], 9]) == ["a", "b", "c", "d"]


def test_what_the_server_says_of_connections(visit: Visit) -> None:
    """Grades of connections and paused pictures reach the stage."""
    visitor = visit()
    visitor.open("/")
    told = [("a", "poor", "active"), ("b", "lost", "paused"), ("c", "excellent", "active"), ("me", "unknown", "active")]
    assert visitor.page.evaluate(PEOPLE, told) == [
        ["a", "weak", False, False],
        ["b", "lost", True, False],
        ["c", "good", False, False],
        ["me", "good", False, False],
    ]
