"""A participant in a browser: `python -m tests.clients.browser chromium|firefox livekit-client FOLDER`.

Reads orders as lines of JSON and answers each with one. The page comes from a server of this process, as for any
product that uses the service from an origin of its own; the versions of livekit-client come from npm.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import sync_playwright

from tests.clients.firefox import Firefox
from tests.e2e.conftest import chromium
from tests.stack import ROOT

PAGE = Path(__file__).with_name("page.js").read_text(encoding="utf-8")
ANY_CERTIFICATE = "--ignore-certificate-errors"  # those of relays, in tests
BUILT = "dist/livekit-client.esm.mjs"
FPS = 15
"""Of Chromium's camera."""


class Page(Protocol):
    """What is needed of a page, of either browser."""

    def goto(self, url: str) -> Any:
        """Open an address."""

    def evaluate(self, expression: str, arg: Any = None) -> Any:
        """Call a function in the page."""


class Modules(SimpleHTTPRequestHandler):
    """Serves npm packages, and an empty page at `/`."""

    def do_GET(self) -> None:
        """Give a file, or the page."""
        if self.path != "/":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>A client</title><body></body>")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (its name in the library)
        """Write nothing."""


@contextmanager
def modules() -> Iterator[str]:
    """Give the address of a server of npm packages."""
    handler = partial(Modules, directory=str(ROOT / "node_modules"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@contextmanager
def _chromium(_folder: Path) -> Iterator[Page]:
    with sync_playwright() as playwright, chromium(playwright, FPS, ANY_CERTIFICATE) as found:
        yield found.new_page()


@contextmanager
def _firefox(folder: Path) -> Iterator[Page]:
    with Firefox(folder) as found:
        yield found


BROWSERS = {"chromium": _chromium, "firefox": _firefox}


def main(browser: str, package: str, folder: str) -> None:
    """Obey until the orders end."""
    with modules() as address, BROWSERS[browser](Path(folder)) as page:
        page.goto(f"{address}/")
        page.evaluate(f"() => {{ window.client = {PAGE.strip()}; }}")
        for line in sys.stdin:
            order = json.loads(line) | {"module": f"{address}/{package}/{BUILT}"}
            try:
                answer = {"result": page.evaluate("(order) => window.client[order.do](order)", order)}
            except Exception as error:  # noqa: BLE001  (the other side reports it)
                answer = {"failed": f"{type(error).__name__}: {error}"}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
