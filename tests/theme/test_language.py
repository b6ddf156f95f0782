"""French and English: by the browser's wish, and by the switch."""

from __future__ import annotations

import json

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_browser_decides(client: Client) -> None:
    """A French browser gets French, others English."""
    assert b'lang="fr"' in client.get("/", headers={"Accept-Language": "fr-FR,fr;q=0.9"}).content
    assert b'lang="en"' in client.get("/", headers={"Accept-Language": "de"}).content


def test_the_switch_wins(client: Client) -> None:
    """The language that was chosen stays, whatever the browser asks for."""
    response = client.post("/language/", {"language": "fr", "next": "/"})
    assert response.status_code == 302
    page = client.get("/", headers={"Accept-Language": "en"})
    assert 'lang="fr"' in page.text
    assert "Se connecter" in page.text


def test_browser_modules_get_their_texts(client: Client) -> None:
    """The catalogue of the browser modules speaks the page's language."""
    texts = client.get("/texts.js", headers={"Accept-Language": "fr"})
    assert texts["Content-Type"].startswith("text/javascript")
    assert json.dumps("Arrêter le partage") in texts.text
