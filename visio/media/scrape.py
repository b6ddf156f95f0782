"""The HTTP endpoint from which Prometheus takes a worker's metrics: `GET /metrics`, one answer a connection."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus

logger = logging.getLogger("visio.media")

PATH = b"/metrics"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HEAD_MAX_BYTES = 8 * 1024
PATIENCE_S = 5.0
CONNECTIONS_MAX = 16


class Scrape:
    """Serves what `text` gives at the moment of the request."""

    def __init__(self, text: Callable[[], bytes]) -> None:
        self._text = text
        self._server: asyncio.Server | None = None
        self._open = 0

    @property
    def port(self) -> int:
        """The port, also when the kernel chose it."""
        return int(self._server.sockets[0].getsockname()[1]) if self._server is not None else 0

    async def start(self, host: str, port: int) -> None:
        """Listen. Raise `OSError` when the port is taken."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=HEAD_MAX_BYTES)

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open <= CONNECTIONS_MAX:
                async with asyncio.timeout(PATIENCE_S):
                    head = await reader.readuntil(b"\r\n\r\n")
                    writer.write(self._answer(head))
                    await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            logger.debug("metrics: a connection came to nothing")
        finally:
            self._open -= 1
            writer.close()

    def _answer(self, head: bytes) -> bytes:
        words = head.split(b"\r\n", 1)[0].split(b" ")
        if len(words) != 3 or not words[2].startswith(b"HTTP/1."):
            return _response(HTTPStatus.BAD_REQUEST)
        method, target, _ = words
        if target.partition(b"?")[0] != PATH:
            return _response(HTTPStatus.NOT_FOUND)
        if method not in (b"GET", b"HEAD"):
            return _response(HTTPStatus.METHOD_NOT_ALLOWED)
        return _response(HTTPStatus.OK, self._text(), with_body=method == b"GET")


def _response(status: HTTPStatus, body: bytes = b"", *, with_body: bool = True) -> bytes:
    body = body or f"{status.phrase}\n".encode()
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"Content-Type: {CONTENT_TYPE}",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + (body if with_body else b"")
