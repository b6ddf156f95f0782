"""What a browser fetches before people can enter: under 200 kB, compressed, for the home page and the room's page."""

from __future__ import annotations

import re
from posixpath import dirname, join, normpath
from typing import Any

import pytest
from django.test import Client

from tests.identity.people import make_user, sign_in
from visio.rooms.models import Room

pytestmark = pytest.mark.django_db

MOST_BYTES = 200_000
MEDIA_CLIENT = "/static/vendor/livekit-client/livekit-client.umd.js"
LATER = re.compile(r"<template.*?</template>", re.DOTALL)
LAZY = re.compile(r'<img[^>]* loading="lazy"[^>]*>')
LOADED = re.compile(
    r'<link [^>]*rel="(?:stylesheet|modulepreload|icon)"[^>]*>|<script[^>]*src=[^>]*>|<img[^>]*src=[^>]*>'
)
SPRITE = re.compile(r'<use href="([^"#]+)#')
ADDRESS = re.compile(r'(?:href|src)="([^"]+)"')
IMPORT = re.compile(r'^(?:import|export)\b[^;()]*?["\'](\.[^"\']+)["\'];', re.MULTILINE)
"""Static imports: a module runs once all of them are there; `import(…)` comes later."""


def get(client: Client, path: str) -> tuple[str, int]:
    """Give the text of an address and what it weighs on the wire, without headers."""
    plain, packed = client.get(path), client.get(path, headers={"accept-encoding": "gzip, br"})
    assert packed.status_code == 200, path
    return content(plain).decode(), len(content(packed))


def content(response: Any) -> bytes:
    """Give the whole body."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def weights(client: Client, path: str) -> dict[str, int]:
    """Give the weight of a page and of all that it needs, each once."""
    page, weight = get(client, path)
    page = LAZY.sub("", LATER.sub("", page))
    found = {path: weight}
    due = [match[1] for tag in LOADED.findall(page) if (match := ADDRESS.search(tag))] + SPRITE.findall(page)
    while due:
        address = due.pop()
        if address in found:
            continue
        text, found[address] = get(client, address)
        if address.endswith((".js", ".mjs")) and "/vendor/" not in address:
            due += [normpath(join(dirname(address), name)) for name in IMPORT.findall(text)]
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_home_page(client: Client, language: str) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    found = weights(client, "/")
    assert "/static/js/pages/site.js" in found
    assert sum(found.values()) < MOST_BYTES / 4, found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_before_a_meeting(client: Client, language: str) -> None:
    """Usable without the media client, which comes when a device opens; the call's own modules come after that."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    sign_in(client, make_user("alice"))
    found = weights(client, f"/{Room.create(make_user('owner'), 'Council').slug}")
    assert "/static/js/pages/entrance.js" in found
    assert not found.keys() & {MEDIA_CLIENT, "/static/js/call/call.js", "/static/css/call.css"}
    usable = sum(found.values())
    assert usable < MOST_BYTES / 2, found
    assert usable + get(client, MEDIA_CLIENT)[1] < MOST_BYTES, found
