"""The modules that a page names beforehand are those that it needs."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.template import engines

from suite.theme.modules import needed

CLIENT = "vendor/livekit-client/livekit-client.umd.js"


def test_it_works() -> None:
    """Every module once, however deep it is; nothing that is fetched later."""
    found = needed("js/pages/entrance.js")
    assert found[0] == "js/pages/entrance.js"
    assert {"js/ui/before.js", "js/call/silence.js", "js/ui/find.js"} <= set(found)
    assert len(found) == len(set(found))
    assert CLIENT not in found
    assert "js/pages/room.js" not in found


@pytest.mark.parametrize("entry", ["js/pages/entrance.js", "js/pages/room.js", "js/pages/site.js"])
def test_every_one_is_there(entry: str) -> None:
    assert [path for path in needed(entry) if not (settings.BASE_DIR / "static" / path).is_file()] == []


def test_a_page_names_what_another_entry_does_not_bring() -> None:
    template = engines["django"].from_string(
        '{% load theme %}{% preload "js/pages/room.js" besides="js/pages/entrance.js" %}'
    )
    page = template.render({})
    assert f'<link rel="modulepreload" href="/static/{CLIENT}">' in page
    assert "/static/js/call/call.js" in page
    assert "/static/js/ui/before.js" not in page
