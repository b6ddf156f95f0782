"""Static files from the web role: compressed for those who can unpack them, with a policy for what runs as a worker."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any
from wsgiref.headers import Headers

import brotli
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import Response, StaticFile

PACKED = (".css", ".js", ".json", ".map", ".mjs", ".svg", ".txt", ".webmanifest")
"""Endings of files that become smaller; pictures and fonts are compressed as they are."""
SMALL_BYTES = 500
"""Below this the headers of a packet weigh more than what is saved."""
SCRIPTS = (".js", ".mjs")
WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
"""A worker does not inherit the policy of its page but has that of its own file; for other scripts it means nothing."""
PACK: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=10),
    "gzip": partial(gzip.compress, mtime=0),
}
"""Content codings (RFC 9110 section 8.4.1), the smaller first; browsers take `br` over HTTPS only."""
TAKES = {coding: re.compile(rf"\b{coding}\b(?!\s*;\s*q=0(?:\.0*)?(?:[,\s]|$))") for coding in PACK}


class PackedFile(StaticFile):
    """A file with compressed copies in memory, each made for the first browser that takes it."""

    def __init__(self, path: str, headers: Any, stat_cache: Any = None) -> None:
        super().__init__(path, [*headers, ("Vary", "Accept-Encoding")], stat_cache=stat_cache)
        self._path = Path(path)
        self._packed: dict[str, bytes] = {}
        self._lock = Lock()

    def get_response(self, method: str, request_headers: dict[str, str]) -> Response:
        """Answer with the copy where it serves, else with the file; a range is always one of the file."""
        response: Response = super().get_response(method, request_headers)
        accepted = request_headers.get("HTTP_ACCEPT_ENCODING", "")
        coding = next((coding for coding in PACK if TAKES[coding].search(accepted)), None)
        if response.status != 200 or coding is None or "HTTP_RANGE" in request_headers:
            return response
        if response.file is not None:
            response.file.close()
        body = self._copy(coding)
        headers = [item for item in response.headers if item[0] != "Content-Length"]
        headers += [("Content-Encoding", coding), ("Content-Length", str(len(body)))]
        return Response(response.status, headers, None if response.file is None else BytesIO(body))

    def _copy(self, coding: str) -> bytes:
        with self._lock:
            if coding not in self._packed:
                self._packed[coding] = PACK[coding](self._path.read_bytes())
            return self._packed[coding]


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise that compresses and says what workers may load."""

    def add_mime_headers(self, headers: Headers, path: str, url: str) -> None:
        """Say what the file is, and what it may load when it runs as a worker."""
        super().add_mime_headers(headers, path, url)
        if path.endswith(SCRIPTS):
            headers["Content-Security-Policy"] = WORKER_POLICY

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> StaticFile:
        """Give the file behind an address."""
        found: StaticFile = super().get_static_file(path, url, stat_cache)
        if not path.endswith(PACKED) or Path(path).stat().st_size < SMALL_BYTES:
            return found
        _encoding, _path, headers = found.alternatives[-1]
        kept = [item for item in headers if item[0] != "Content-Length"]
        return PackedFile(path, kept, stat_cache)
