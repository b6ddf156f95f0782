"""`/users/me/preferences/`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from suite.identity.models import User
from tests.identity.people import make_user
from tests.rooms.callers import Caller, body_of

PATH = "/users/me/preferences/"


def test_it_works(alice: Caller) -> None:
    """At first everything has its default; what is changed stays, and is the same in another browser."""
    assert body_of(alice.get(PATH))["text_size"] == "normal"
    response = alice.patch(
        PATH, {"text_size": "large", "sounds": {"join": False}, "shortcuts": {"hand": "Alt+Shift+Y"}}
    )
    assert response.status_code == 200
    found = body_of(alice.get(PATH))
    assert (found["text_size"], found["contrast"]) == ("large", "auto")
    assert (found["sounds"]["join"], found["sounds"]["hand"], found["shown"]["join"]) == (False, True, True)
    assert (found["shortcuts"]["hand"], found["shortcuts"]["microphone"]) == ("Alt+Shift+Y", "Control+D")
    assert found == body_of(response)
    assert "no-store" in alice.get(PATH)["Cache-Control"]


def test_another_person_has_their_own(alice: Caller) -> None:
    alice.patch(PATH, {"text_size": "large"})
    assert body_of(Caller(make_user("bob")).get(PATH))["text_size"] == "normal"


def test_null_is_the_default(alice: Caller, alice_user: User) -> None:
    alice.patch(PATH, {"text_size": "large", "quiet": True, "sounds": {"join": False, "chat": False}})
    found = body_of(alice.patch(PATH, {"text_size": None, "sounds": {"join": None}}))
    assert (found["text_size"], found["quiet"], found["sounds"]["join"], found["sounds"]["chat"]) == (
        "normal",
        True,
        True,
        False,
    )
    alice_user.refresh_from_db()
    assert alice_user.preferences == {"quiet": True, "sounds": {"chat": False}}


def test_put_sets_what_it_does_not_name_to_the_default(alice: Caller) -> None:
    alice.patch(PATH, {"text_size": "large", "font": "dyslexia"})
    found = body_of(alice.send("PUT", PATH, {"font": "legible"}))
    assert (found["text_size"], found["font"]) == ("normal", "legible")


def test_a_guest(dave: Caller) -> None:
    for response in (dave.get(PATH), dave.patch(PATH, {"quiet": True})):
        assert (response.status_code, body_of(response)["code"]) == (401, "not_authenticated")


def test_without_the_csrf_token(alice: Caller) -> None:
    response = alice.send("PATCH", PATH, {"quiet": True}, **{"X-CSRFToken": "b" * 32})
    assert (response.status_code, body_of(response)["code"]) == (403, "csrf_failed")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ([], "preferences"),
        ("large", "preferences"),
        ({"text_size": "huge"}, "text_size"),
        ({"text_size": ["large"]}, "text_size"),
        ({"text_size": True}, "text_size"),
        ({"quiet": "yes"}, "quiet"),
        ({"quiet": 1}, "quiet"),
        ({"sounds": True}, "sounds"),
        ({"sounds": {"join": 1}}, "sounds"),
        ({"sounds": {"burglary": True}}, "sounds"),
        ({"shortcuts": {"fly": "Alt+Shift+F"}}, "shortcuts"),
        ({"shortcuts": {"hand": 7}}, "shortcuts"),
        ({"shortcuts": {"hand": "Alt+Shift+é"}}, "shortcuts"),
        ({"shortcuts": {"hand": "Shift+Alt+H"}}, "shortcuts"),
        ({"shortcuts": {"hand": "Control+T"}}, "shortcuts"),
        ({"shortcuts": {"hand": "Control+Alt+H"}}, "shortcuts"),
        ({"shortcuts": {"hand": "H"}}, "shortcuts"),
        ({"shortcuts": {"hand": "Alt+Shift+Y", "chat": "Alt+Shift+Y"}}, "shortcuts"),
        ({"__proto__": {}}, "__proto__"),
        ({"x" * 5000: None}, "x" * 40),
    ],
)
def test_what_is_wrong_is_refused_and_changes_nothing(alice: Caller, alice_user: User, said: Any, name: str) -> None:
    """Every key and every value is of the closed table."""
    body = {"text_size": "large", **said} if isinstance(said, dict) and "text_size" not in said else said
    response = alice.patch(PATH, json.dumps(body))
    assert (response.status_code, list(body_of(response))) == (400, ["code", "detail", name])
    alice_user.refresh_from_db()
    assert alice_user.preferences == {}


def test_two_windows_change_different_things(alice: Caller) -> None:
    alice.patch(PATH, {"quiet": True})
    alice.patch(PATH, {"single_keys": True})
    found = body_of(alice.get(PATH))
    assert (found["quiet"], found["single_keys"], found["shortcuts"]["microphone"]) == (True, True, "M")


def test_a_change_of_what_an_older_version_kept(alice: Caller, alice_user: User) -> None:
    """What can be read of it stays."""
    User.objects.filter(pk=alice_user.pk).update(
        preferences={"gone": 1, "sounds": True, "shortcuts": {"fly": "X", "hand": "Alt+Shift+Y"}}
    )
    found = body_of(alice.patch(PATH, {"sounds": {"join": False}}))
    assert (found["shortcuts"]["hand"], found["sounds"]["join"]) == ("Alt+Shift+Y", False)
    alice_user.refresh_from_db()
    assert alice_user.preferences == {"sounds": {"join": False}, "shortcuts": {"hand": "Alt+Shift+Y"}}
