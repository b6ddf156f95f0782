"""One HTTP connection of the web role: limits on headers and bodies, and no client chooses where the site begins."""

from __future__ import annotations

import logging
import re
from typing import Any

from daphne.http_protocol import WebRequest
from django.conf import settings
from twisted.web.http import HTTPChannel

logger = logging.getLogger(__name__)

HEADERS_MAX_BYTES = 64 * 1024
"""An uncompressed `join_request` with a browser's offer is about 25 kB of request line; Twisted's default is 16 kB."""
MEGABYTE = 1_000_000
LINGER_S = 2
"""What a refused client still sends is dropped that long: closing at once would lose the answer (RFC 9112, 9.6)."""
TOO_LARGE = b"The request is too large."
REFUSAL = (
    b"HTTP/1.1 413 Content Too Large\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
)


def body_max_bytes(target: bytes) -> int:
    """Give how large the body of a request to `target` (path and query) may be."""
    takes_file = re.match(settings.FILE_UPLOAD_PATH, target.partition(b"?")[0].decode("latin-1"))
    return MEGABYTE * (settings.REQUEST_MAX_MB + (settings.CHAT_FILE_MAX_MB if takes_file else 0))


class Request(WebRequest):
    """One request, whose body is measured while it comes."""

    channel: Channel
    content: Any

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802  (Twisted's)
        """Keep a piece of the body, unless it is refused."""
        if not self.channel.is_refused and self.channel.accepts(self.content.tell() + len(data)):
            super().handleContentChunk(data)

    def process(self) -> Any:
        """Start the application, without the root path that Daphne would believe any client."""
        self.requestHeaders.removeHeader(b"daphne-root-path")
        return super().process()


class Channel(HTTPChannel):
    """One HTTP connection, with room for a long request line and for bodies of a limited size."""

    MAX_LENGTH = HEADERS_MAX_BYTES
    totalHeadersSize = HEADERS_MAX_BYTES  # noqa: N815  (Twisted's name)
    transport: Any
    _path: Any
    is_refused = False

    def connectionMade(self) -> None:  # noqa: N802  (Twisted's)
        """Begin; only now has Daphne's factory set its own class of requests."""
        self.requestFactory = Request
        super().connectionMade()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  (Twisted's)
        """Read what came, or drop it after a refusal."""
        if not self.is_refused:
            super().dataReceived(data)

    def allHeadersReceived(self) -> None:  # noqa: N802  (Twisted's)
        """Refuse a body that is announced as too large before the client is told to go on."""
        if self.accepts(self.length or 0):
            super().allHeadersReceived()

    def allContentReceived(self) -> None:  # noqa: N802  (Twisted's)
        """Hand the request over, unless it was refused before its end."""
        if not self.is_refused:
            super().allContentReceived()

    def accepts(self, size: int) -> bool:
        """Say whether the body of the present request may have `size` bytes; otherwise refuse it."""
        self.is_refused = size > body_max_bytes(self._path)
        if self.is_refused:
            logger.info("a request is refused: its body is too large")
            self.transport.write(REFUSAL % (len(TOO_LARGE), TOO_LARGE))
            self.setTimeout(LINGER_S)
        return not self.is_refused
