"""The test installation itself."""

from __future__ import annotations

import urllib.request

import pytest

from tests.stack import Stack


@pytest.mark.live
def test_web_serves_and_comes_back() -> None:
    with Stack(media=0) as stack:
        stack.kill("web")
        stack.restart("web")
        with urllib.request.urlopen(f"{stack.url}/__lbheartbeat__") as answer:  # noqa: S310  (http on this machine)
            assert answer.status == 200
        folder = stack.folder
    assert not folder.exists()
