"""Static files from the web role: compressed for those who can unpack them, with a policy for what runs as a worker."""

from __future__ import annotations

import gzip
import re
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any
from wsgiref.headers import Headers

from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]
from whitenoise.responders import Response, StaticFile  # type: ignore[import-untyped]

PACKED = (".css", ".js", ".json", ".map", ".mjs", ".svg", ".txt", ".webmanifest")
"""Endings of files that become smaller; pictures and fonts are compressed as they are."""
SMALL_BYTES = 500
"""Below this the headers of a packet weigh more than what is saved."""
SCRIPTS = (".js", ".mjs")
WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
"""A worker does not inherit the policy of its page but has that of its own file; for other scripts it means nothing."""
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:[,\s]|$))")


class PackedFile(StaticFile):  # type: ignore[misc]  # whitenoise has no types
    """A file with a compressed copy in memory, made for the first browser that takes one."""

    def __init__(self, path: str, headers: Any, stat_cache: Any = None) -> None:
        super().__init__(path, [*headers, ("Vary", "Accept-Encoding")], stat_cache=stat_cache)
        self._path = Path(path)
        self._packed: bytes | None = None
        self._lock = Lock()

    def get_response(self, method: str, request_headers: dict[str, str]) -> Response:
        """Answer with the copy where it serves, else with the file; a range is always one of the file."""
        response = super().get_response(method, request_headers)
        takes_it = GZIP.search(request_headers.get("HTTP_ACCEPT_ENCODING", ""))
        if response.status != 200 or not takes_it or "HTTP_RANGE" in request_headers:
            return response
        if response.file is not None:
            response.file.close()
        body = self._copy()
        headers = [item for item in response.headers if item[0] != "Content-Length"]
        headers += [("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
        return Response(response.status, headers, None if response.file is None else BytesIO(body))

    def _copy(self) -> bytes:
        with self._lock:
            if self._packed is None:
                self._packed = gzip.compress(self._path.read_bytes(), mtime=0)
            return self._packed


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise that compresses and says what workers may load."""

    def add_mime_headers(self, headers: Headers, path: str, url: str) -> None:
        """Say what the file is, and what it may load when it runs as a worker."""
        super().add_mime_headers(headers, path, url)
        if path.endswith(SCRIPTS):
            headers["Content-Security-Policy"] = WORKER_POLICY

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> StaticFile:
        """Give the file behind an address."""
        found = super().get_static_file(path, url, stat_cache)
        if not path.endswith(PACKED) or Path(path).stat().st_size < SMALL_BYTES:
            return found
        _encoding, _path, headers = found.alternatives[-1]
        kept = [item for item in headers if item[0] != "Content-Length"]
        return PackedFile(path, kept, stat_cache)
