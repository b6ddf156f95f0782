"""An integrator's web server that takes webhooks: a real one, that can be told to fail."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from livekit import api
from livekit.protocol.webhook import WebhookEvent

DEADLINE_S = 45.0


class Receiver:
    """Keeps what it gets and answers with `status`; `headers` are those of the last request.

    What it takes must be signed with `secret`, the one of the service's own key `key`.
    """

    def __init__(self, key: str, secret: str) -> None:
        self.bodies: list[tuple[str, str]] = []
        self._events: list[WebhookEvent] = []
        self._verifier = api.WebhookReceiver(api.TokenVerifier(key, secret))
        self.status = 200
        self.refused = 0
        self.headers: dict[str, str] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.take(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Give its address."""
        return f"http://127.0.0.1:{self._server.server_port}/hook"

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request; what is taken is verified as an integrator does, on arrival: its token soon expires."""
        body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        self.headers = dict(handler.headers)
        if self.status == 200:
            token = handler.headers["Authorization"]
            self._events.append(self._verifier.receive(body, token))
            self.bodies.append((body, token))
        else:
            self.refused += 1
        handler.send_response(self.status)
        if self.status == 302:
            handler.send_header("Location", self.url)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def events(self, room: str = "") -> list[WebhookEvent]:
        """Give the events (of a room)."""
        return [event for event in self._events if not room or event.room.name == room]

    def raw(self, room: str, event: str) -> tuple[str, str]:
        """Give body and token of the first event of this name in a room."""
        numbers = [n for n, one in enumerate(self.events()) if (one.room.name, one.event) == (room, event)]
        return self.bodies[numbers[0]]

    def names(self, room: str) -> list[str]:
        """Give the names of the events of a room."""
        return [event.event for event in self.events(room)]

    def wait(self, condition: Callable[[], object], what: str) -> None:
        """Wait until `condition` holds. Raise `TimeoutError` that names `what`."""
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not within {DEADLINE_S:g} s: {what}; there is {self.bodies}")
            time.sleep(0.05)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


KEY, SECRET = "operator", "0123456789abcdef0123456789abcdef-operator"
CITY, CITY_SECRET = "city", "0123456789abcdef0123456789abcdef-city"
VILLAGE, VILLAGE_SECRET = "village", "0123456789abcdef0123456789abcdef-village"
"""The service's own key, and those of two integrators."""
