"""A whole installation and a real browser for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.e2e.embedder import Embedder, embedder
from tests.e2e.visitor import Visitor
from tests.stack import Stack

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
    "--autoplay-policy=no-user-gesture-required",
]

CAMERA = "--use-fake-device-for-media-stream=device-count=1,fps={fps}"
FPS = 5
"""Of the made-up camera: enough to see that it moves; at 30 the encoders of a few people fill two cores."""

PATIENCE_MS = 15_000  # several browsers and media workers may share one or two cores

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def site() -> Iterator[Embedder]:
    """Give a site of somebody else's that may embed meetings."""
    with embedder() as running:
        yield running


@pytest.fixture(scope="session")
def installation(site: Embedder) -> Iterator[Stack]:
    """Give a running installation with the demo provider."""
    settings = {"EMBED_ALLOWED_ORIGINS": site.origin}
    with Stack(media=2, worker=True, provider=True, settings=settings) as running:
        site.service = running.url
        yield running


@contextmanager
def chromium(playwright: Playwright, fps: int = FPS, *arguments: str) -> Iterator[Browser]:
    """Give Chromium with made-up devices that need no permission; the camera makes `fps` frames a second."""
    given = [*ARGUMENTS, CAMERA.format(fps=fps), *arguments]
    with playwright.chromium.launch(executable_path=CHROMIUM, args=given) as found:
        yield found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Give Playwright, of which there can be one in a process."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Give Chromium with a slow camera."""
    with chromium(playwright) as found:
        yield found


@contextmanager
def visitors(stack: Stack, browser: Browser) -> Iterator[Visit]:
    """Give a function that makes visitors: `visit("alice")` signs in, `visit()` is a stranger.

    At the end every visitor must have seen a clean console and no request to a foreign origin.
    """
    made: list[Visitor] = []

    def make(account: str = "", **options: Any) -> Visitor:
        visitor = Visitor(browser, stack, **options)
        made.append(visitor)
        if account:
            visitor.sign_in(account)
        return visitor

    yield make
    for visitor in made:
        visitor.context.close()
    assert [trouble for visitor in made for trouble in visitor.troubles] == []


@pytest.fixture
def visit(installation: Stack, browser: Browser) -> Iterator[Visit]:
    """Give visitors for one test."""
    with visitors(installation, browser) as make:
        yield make
