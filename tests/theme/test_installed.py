"""Visio as an application: its manifest, its icons, and the page without a network."""

from __future__ import annotations

import re
import struct
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.identity.people import make_user, sign_in

WORKER = (settings.BASE_DIR / "static" / "js" / "pages" / "service_worker.js").read_text(encoding="utf-8")
KEPT = set(re.findall(r'^  "(/static/[^"]+)",$', WORKER, re.MULTILINE))


def manifest(client: Client, language: str) -> dict[str, Any]:
    """Give what the page of that language names."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    address = re.search(r'<link rel="manifest" href="([^"]+)"', client.get("/").text)
    assert address
    response = Client().get(address[1])  # browsers send no cookie for it
    assert response["Content-Type"] == "application/manifest+json"
    found: dict[str, Any] = response.json()
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "Video meetings"), ("fr", "Réunions")])
def test_it_works(client: Client, language: str, words: str) -> None:
    found = manifest(client, language)
    assert (found["lang"], found["start_url"], found["display"]) == (language, "/", "standalone")
    assert words in found["description"]


@pytest.mark.django_db
def test_icons_are_what_they_say(client: Client) -> None:
    """Pictures of that size, and one that any shape may be cut out of."""
    icons = manifest(client, "en")["icons"]
    assert {icon["purpose"] for icon in icons} == {"any", "maskable"}
    for icon in icons:
        picture = b"".join(client.get(icon["src"]).streaming_content)  # type: ignore[attr-defined]
        assert picture.startswith(b"\x89PNG")
        assert "{}x{}".format(*struct.unpack(">II", picture[16:24])) == icon["sizes"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_without_a_network_is_about_nobody(client: Client, language: str) -> None:
    """The same for everybody, in the language that was asked for, drawn with what is kept only."""
    sign_in(client, make_user("alice"))
    page = client.get(f"/offline/?{language}")
    assert page.text == Client().get(f"/offline/?{language}").text
    assert f'lang="{language}"' in page.text
    assert not page.cookies
    drawn_with = {address.split("#")[0] for address in re.findall(r'(?:href|src)="(/[^"]+)"', page.text)}
    assert drawn_with == KEPT


def test_the_worker_reaches_the_whole_site(client: Client) -> None:
    answer = client.get("/service-worker.js?en")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer.text == WORKER
