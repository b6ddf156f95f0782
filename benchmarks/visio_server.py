"""Visio as a benchmark sees it: a whole installation, entered through its own signalling."""

from __future__ import annotations

import base64
import contextlib
import gzip
import re
import threading
import time
import urllib.request
from typing import Self
from urllib.parse import urlencode

from livekit.protocol import models, rtc
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from benchmarks import descriptions
from benchmarks.descriptions import Media
from benchmarks.peer import Peer
from tests.stack import Stack, free_ports
from visio.media.sections import Kind
from visio.rooms import slugs

PING_S = 4.0
LAG = re.compile(r'visio_media_loop_lag_seconds_bucket\{le="([^"]+)"[^}]*\} (\S+)')
SOURCES = {"audio": models.MICROPHONE, "video": models.CAMERA}
KINDS = {"audio": models.AUDIO, "video": models.VIDEO}


class VisioServer:
    """One installation with one media worker; a context manager."""

    name = "visio"

    def __init__(self) -> None:
        self._metrics = free_ports(1)
        settings = {"MEDIA_HOST": "127.0.0.1", "MEDIA_METRICS_PORT": str(self._metrics)}
        self.stack = Stack(media=1, settings=settings)

    def __enter__(self) -> Self:
        self.stack.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    @property
    def pid(self) -> int:
        """Return the process whose CPU is measured: the media worker."""
        return self.stack.pid("media-0")

    def lag(self) -> dict[float, int]:
        """Return how many turns of the worker's loop were late by so many seconds at most."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._metrics}/metrics", timeout=5) as answer:
            text = answer.read().decode()
        return {float(bound): int(float(count)) for bound, count in LAG.findall(text)}

    def room(self) -> VisioRoom:
        """Open a new room."""
        return VisioRoom(self.stack)


class VisioRoom:
    """One meeting; the sockets of its people are read and pinged by a thread each, as a browser does."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._slug = slugs.generate()
        self._sockets: list[ClientConnection] = []
        self._people = 0

    def publish(self, kinds: list[Kind]) -> Peer:
        """Let somebody in who publishes one track of each kind."""
        return self.enter([Media(str(n), kind, f"track-{kind}") for n, kind in enumerate(kinds)])

    def subscribe(self, kinds: list[Kind]) -> Peer:
        """Let somebody in who receives one track of each kind, and reports on each packet when there is one track."""
        known = descriptions.EXTENSIONS if len(kinds) == 1 else descriptions.UNNUMBERED
        return self.enter([Media(str(n), kind) for n, kind in enumerate(kinds)], known)

    def enter(self, sections: list[Media], known: dict[str, int] = descriptions.EXTENSIONS) -> Peer:
        """Let somebody in and connect; the answer to the first offer must be there in a moment."""
        peer = Peer()
        socket, answer = self.signal(peer, sections, known)
        self._sockets.append(socket)
        threading.Thread(target=_keep, args=(socket,), daemon=True).start()
        peer.connect(descriptions.remote(answer))
        return peer

    def signal(self, peer: Peer, sections: list[Media], known: dict[str, int]) -> tuple[ClientConnection, str]:
        """Join; return the socket and the server's answer."""
        self._people += 1
        address, token = self._stack.ticket(self._slug, f"person-{self._people}")
        join = rtc.JoinRequest(
            connection_settings=rtc.ConnectionSettings(auto_subscribe=True),
            add_track_requests=[
                rtc.AddTrackRequest(cid=one.sends, type=KINDS[one.kind], source=SOURCES[one.kind], muted=False)
                for one in sections
                if one.sends
            ],
            publisher_offer=rtc.SessionDescription(
                type="offer", sdp=descriptions.write(peer, sections, setup="actpass", known=known), id=1
            ),
            client_info=models.ClientInfo(sdk=models.ClientInfo.JS, version="2.23.0", protocol=17),
        )
        wrapped = rtc.WrappedJoinRequest(
            compression=rtc.WrappedJoinRequest.GZIP, join_request=gzip.compress(join.SerializeToString())
        )
        packed = base64.urlsafe_b64encode(wrapped.SerializeToString()).decode().rstrip("=")
        query = urlencode({"access_token": token, "join_request": packed})
        socket = connect(f"{address}/rtc/v1?{query}", compression=None, max_size=2**22)
        while True:
            response = rtc.SignalResponse.FromString(bytes(socket.recv(timeout=20)))  # type: ignore[arg-type]
            if response.WhichOneof("message") == "answer":
                return socket, response.answer.sdp

    def close(self) -> None:
        """Let everybody leave."""
        for socket in self._sockets:
            with contextlib.suppress(ConnectionClosed):
                socket.send(rtc.SignalRequest(leave=rtc.LeaveRequest()).SerializeToString())
            socket.close()


def _keep(socket: ClientConnection) -> None:
    """Read what comes and ping, for as long as the socket is open."""
    pinged = 0.0
    with contextlib.suppress(ConnectionClosed):
        while True:
            if time.monotonic() - pinged >= PING_S:
                pinged = time.monotonic()
                socket.send(rtc.SignalRequest(ping=1).SerializeToString())
            with contextlib.suppress(TimeoutError):
                socket.recv(timeout=PING_S)
