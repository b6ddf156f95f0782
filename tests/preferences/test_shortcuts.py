"""Which keys a shortcut may have, and which it has."""

from __future__ import annotations

from itertools import combinations

import pytest

from visio.preferences.schema import changed, known, whole
from visio.preferences.shortcuts import DEFAULTS, SINGLES, Shortcut, effective, is_single, why_not


def test_the_defaults_are_fit_and_differ() -> None:
    """None needs single keys, none is needed by browsers or screen readers, no two are the same."""
    assert list(DEFAULTS) == list(SINGLES) == list(Shortcut)
    assert [keys for keys in DEFAULTS.values() if why_not(keys, single_keys=False)] == []
    assert [keys for keys in SINGLES.values() if why_not(keys, single_keys=True)] == []
    assert all(one != other for table in (DEFAULTS, SINGLES) for one, other in combinations(table.values(), 2))


def test_leaving_never_takes_one_key() -> None:
    assert not is_single(SINGLES[Shortcut.LEAVE])


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("Control+K", ""),
        ("Alt+Shift+9", ""),
        ("Control+F2", ""),
        ("M", "single"),
        ("Shift+M", "single"),
        ("Space", "single"),
        ("F5", "taken"),
        ("Control+W", "taken"),
        ("Control+Shift+N", "taken"),
        ("Control+Alt+M", "taken"),
        ("Alt+F4", "taken"),
        ("Enter", "unreadable"),
        ("Alt+Control+M", "unreadable"),
        ("Control+", "unreadable"),
        ("m", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_keys(keys: str, code: str) -> None:
    assert why_not(keys, single_keys=False) == code


def test_what_was_chosen_takes_keys_away_from_a_default() -> None:
    """One of the two would never be reached otherwise."""
    found = effective({"hand": "Control+D"}, single_keys=False)
    assert (found["hand"], found["microphone"], found["camera"]) == ("Control+D", "", "Control+E")


def test_a_shortcut_may_have_no_keys() -> None:
    assert effective({"leave": ""}, single_keys=False)["leave"] == ""


def test_single_keys_are_forgotten_when_they_are_no_longer_wanted() -> None:
    kept = changed({"single_keys": True}, {"shortcuts": {"hand": "X", "chat": "Alt+Shift+X"}})
    kept = changed(kept, {"single_keys": False})
    assert kept == {"single_keys": False, "shortcuts": {"chat": "Alt+Shift+X"}}
    assert whole(kept)["shortcuts"]["hand"] == "Alt+Shift+H"


def test_what_an_older_version_kept_hurts_nobody() -> None:
    """A page must come up whatever is in the database."""
    kept = {
        "text_size": "huge",
        "gone": 1,
        "sounds": {"join": False},
        "shown": [],
        "shortcuts": {"fly": "X"},
        "quiet": 3,
    }
    assert whole(kept) == {**whole({}), "sounds": {**whole({})["sounds"], "join": False}}
    assert known({"shortcuts": {"fly": "X", "hand": "Alt+Shift+Y", "chat": "Control+T"}, "sounds": {"join": 1}}) == {
        "shortcuts": {"hand": "Alt+Shift+Y"}
    }
