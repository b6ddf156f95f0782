"""Tests of the pictures themselves: a camera at full speed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.e2e.conftest import chromium

FPS = 30


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Give Chromium with a camera of `FPS` frames a second."""
    with chromium(playwright, FPS) as found:
        yield found
