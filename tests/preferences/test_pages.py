"""Preferences on pages: there from the first byte, and everything that can be chosen has its field."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from suite.identity.models import User
from tests.rooms.callers import Caller
from visio.preferences.choices import CHOICES, FLAGS, Kind
from visio.preferences.schema import whole
from visio.preferences.shortcuts import Shortcut
from visio.rooms.models import Room

PATH = "/users/me/preferences/"
DATA = re.compile(r'data-preferences="([^"]*)"')


def page(browser: Client, path: str = "/preferences/") -> str:
    """Give a page's text."""
    return browser.get(path).content.decode()


def test_the_look_arrives_with_the_page(alice: Caller) -> None:
    """On every page of the account, without a script."""
    alice.patch(PATH, {"text_size": "largest", "contrast": "more", "motion": "less", "font": "dyslexia"})
    for path in ("/", "/preferences/", "/connection-test/"):
        (html,) = re.findall(r"<html [^>]*>", page(alice.client, path))
        assert 'data-text-size="largest" data-contrast="more" data-motion="less" data-font="dyslexia"' in html


def test_a_guests_look_comes_from_their_browser_before_anything_is_drawn(dave: Caller) -> None:
    """By a script that is neither a module nor deferred, which does nothing where an account speaks."""
    text = page(dave.client)
    assert "data-account" not in text
    (script,) = re.findall(r"<script [^>]*appearance[^>]*>", text)
    assert "module" not in script
    assert "defer" not in script
    assert "async" not in script


def test_the_page_gives_what_is_kept(alice: Caller, dave: Caller) -> None:
    alice.patch(PATH, {"quiet": True})
    (given,) = DATA.findall(page(alice.client))
    assert json.loads(unescape(given))["kept"] == {"quiet": True}
    (given,) = DATA.findall(page(dave.client))
    assert json.loads(unescape(given))["kept"] == {}
    assert json.loads(unescape(given))["defaults"] == whole({})


def test_everything_has_a_field(dave: Caller, alice_user: User) -> None:
    """On the page of preferences and in the room's settings."""
    room = Room.create(alice_user, "Team")
    room.change(access_level="public")
    for text in (page(dave.client), page(dave.client, f"/{room.slug}")):
        for name, kind in CHOICES.items():
            values = re.findall(rf'<input type="radio" name="{name}" value="(\w+)"', text)
            assert sorted(values) == sorted(kind.values)
        assert all(f'data-preference="{name}"' in text for name in FLAGS)
        for kind_name in Kind.values:
            assert text.count(f'data-kind="{kind_name}"') == 2
        assert all(f'data-shortcut="{name}"' in text for name in Shortcut.values)


def test_what_is_kept_wrongly_breaks_no_page(alice: Caller, alice_user: User) -> None:
    User.objects.filter(pk=alice_user.pk).update(preferences={"text_size": '"><script>', "shortcuts": 7})
    text = page(alice.client)
    assert 'data-text-size="normal"' in text
    assert '"><script>' not in text


@pytest.mark.django_db(databases=[])
def test_the_page_of_an_outage_looks_nowhere() -> None:
    """The database may be what is away."""
    request = RequestFactory().get("/")
    assert "data-account" not in render_to_string("503.html", request=request)
