"""The web role's server: Daphne with honest handshake refusals, limits on sizes, and no query string in any log."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from autobahn.websocket.types import ConnectionDeny
from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from OpenSSL.crypto import Error as PEMError
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import quoteStringArgument
from twisted.python.failure import Failure

from suite.asgi import application
from suite.operations.backlog import Backlog
from suite.operations.channel import Channel

logger = logging.getLogger(__name__)

MESSAGE_MAX_BYTES = 2 * 1024 * 1024
"""A frame that announces more is refused at its header, before it takes memory; consumers have lower limits."""
PING_INTERVAL_S = 10
PONG_TIMEOUT_S = 20
HANDSHAKE_TIMEOUT_S = 10
CLOSING_TIMEOUT_S = 3
GOING_AWAY = 1012  # RFC 6455 registry: the service restarts, come back


class ServeError(Exception):
    """The web role cannot start; the message is one sentence for the operator."""


class Socket(WebSocketProtocol):
    """One WebSocket that can refuse its handshake with any status, and close with any code and a reason."""

    status = HTTPStatus.FORBIDDEN
    headers: Iterable[tuple[bytes, bytes]] = ()
    body = b""
    backlog: Backlog

    def handle_reply(self, message: dict[str, Any]) -> None:
        """Do what the application asks: ASGI's `websocket.http.response` messages here, all others in Daphne."""
        handlers = {
            "websocket.http.response.start": self._start_refusal,
            "websocket.http.response.body": self._refuse,
            "websocket.close": self._close,
        }
        handlers.get(message.get("type", ""), super().handle_reply)(message)

    def sendHttpErrorResponse(self, code: int, reason: str, _headers: object = None) -> None:  # noqa: N802  (Autobahn's)
        """Answer a handshake with the refusal that the application gave, or Autobahn's own `reason`."""
        body = self.body or reason.encode()
        lines = [f"HTTP/1.1 {code} {HTTPStatus(code).phrase}".encode(), b"content-length: %d" % len(body)]
        lines += [b"%s: %s" % header for header in self.headers]
        self.sendData(b"\r\n".join([*lines, b"connection: close", b"", body]))

    def onOpen(self) -> None:  # noqa: N802  (Autobahn's)
        """Watch from now on how much waits for the client; until here the HTTP connection did."""
        self.backlog = Backlog()
        self.unregisterProducer()
        self.registerProducer(self.backlog, True)
        super().onOpen()

    def serverSend(self, content: bytes | str, binary: bool = False) -> None:  # noqa: N802  (Daphne's)
        """Send a frame; a client for which too much waits loses its connection."""
        if self.backlog.add(len(content)):
            super().serverSend(content, binary)
        elif self.connected:
            logger.warning("a socket is dropped: its client does not read")
            self.dropConnection(abort=True)

    def go_away(self) -> None:
        """End this socket because the server stops."""
        self._close({"code": GOING_AWAY, "reason": "server restarts"})

    def _start_refusal(self, message: dict[str, Any]) -> None:
        self.status = HTTPStatus(message["status"])
        self.headers = message.get("headers", ())

    def _refuse(self, message: dict[str, Any]) -> None:
        self.body += message.get("body", b"")
        if not message.get("more_body"):
            self.serverReject()

    def serverReject(self) -> None:  # noqa: N802  (Daphne's name)
        """Refuse the handshake; the default status is what ASGI says for a plain `websocket.close`."""
        self.server.protocol_disconnected(self)
        self.handshake_deferred.errback(ConnectionDeny(code=self.status.value, reason=self.status.phrase))

    def _close(self, message: dict[str, Any]) -> None:
        if self.state == self.STATE_CONNECTING:
            self.serverReject()
            return
        reason = message.get("reason", "").encode()[:123]  # RFC 6455, 5.5: a control frame has 125 bytes at most
        self.sendCloseFrame(code=message.get("code") or 1000, reasonUtf8=reason, isReply=False)


class WebServer(Server):
    """Daphne with our sockets, which says why it cannot listen and lets clients go before it stops."""

    failure = ""

    def prepare(self) -> None:
        """Have the factories build our protocols; Daphne calls this when they exist and nobody is connected."""
        self.ws_factory.protocol = Socket
        self.ws_factory.setProtocolOptions(failByDrop=False)  # a refused frame is told its close code
        self.http_factory.protocol = Channel  # type: ignore[method-assign, assignment]
        # Twisted, Autobahn and redis leave circles of references behind each socket. What is there now stays, so the
        # collector need not look at it again: it comes often instead of after some eighty rooms, and is quick.
        gc.collect()
        gc.freeze()
        gc.collect()

    def create_application(self, protocol: object, scope: dict[str, Any]) -> Any:
        """Start the application for one request or socket; a proxy that speaks TLS for us does not hide that."""
        if scope["type"] == "websocket":
            scope["extensions"] = {"websocket.http.response": {}}
        elif settings.SECURE:
            scope["scheme"] = "https"
        return super().create_application(protocol, scope)

    def listen_error(self, failure: Failure) -> None:
        """Keep why an endpoint failed for `serve`, and stop."""
        self.failure = failure.getErrorMessage()
        self.stop()

    def kill_all_applications(self) -> Deferred[Any]:
        """Close all sockets, wait a little for what still runs, then cancel it."""
        running = [d["application_instance"] for d in self.connections.values() if "application_instance" in d]
        for protocol in list(self.connections):
            if isinstance(protocol, Socket):
                protocol.go_away()
        return Deferred.fromFuture(asyncio.ensure_future(_finish(running)))


async def _finish(running: list[asyncio.Task[None]]) -> None:
    if not running:
        return
    _, late = await asyncio.wait(running, timeout=CLOSING_TIMEOUT_S)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


def log_request(_protocol: object, action: str, details: dict[str, Any]) -> None:
    """Write one line for a finished request or a socket's change, without the query: it holds tokens."""
    path = details["path"].partition("?")[0]
    logger.info("%s %s %s", details.get("method", "WEBSOCKET"), path, details.get("status", action))


def endpoint(host: str, port: int, certificate: Path | None, key: Path | None, descriptor: int | None = None) -> str:
    """Give Twisted's description of where to listen: plain HTTP, or TLS when there is a certificate.

    `descriptor` is an open listening IPv4 socket that serves instead, for plain HTTP.
    """
    if descriptor is not None:
        return f"fd:{descriptor}"
    place = f"{port}:interface={quoteStringArgument(host.strip('[]'))}"
    if certificate is None or key is None:
        return f"tcp:{place}"
    files = f"privateKey={quoteStringArgument(str(key))}:certKey={quoteStringArgument(str(certificate))}"
    return f"ssl:{place}:{files}"


def serve(
    host: str, port: int, *, certificate: Path | None = None, key: Path | None = None, descriptor: int | None = None
) -> None:
    """Serve pages and sockets until a signal stops the process. Raise `ServeError` when it cannot start."""
    server = WebServer(
        application,
        endpoints=[endpoint(host, port, certificate, key, descriptor)],
        action_logger=log_request,
        ping_interval=PING_INTERVAL_S,
        ping_timeout=PONG_TIMEOUT_S,
        websocket_timeout=-1,
        websocket_connect_timeout=HANDSHAKE_TIMEOUT_S,
        websocket_handshake_timeout=HANDSHAKE_TIMEOUT_S,
        websocket_max_message_size=MESSAGE_MAX_BYTES,
        websocket_max_frame_size=MESSAGE_MAX_BYTES,
        server_name="",
    )
    server.ready_callable = server.prepare
    try:
        server.run()
    except (OSError, PEMError) as error:
        raise ServeError(f"Cannot read the certificate or its key: {error}.") from error
    if server.failure:
        raise ServeError(f"Cannot listen on {host} port {port}: {server.failure}")
