"""Static files as the web role gives them out, with a policy for those that run as workers."""

from __future__ import annotations

from wsgiref.headers import Headers

from whitenoise.middleware import WhiteNoiseMiddleware

SCRIPTS = (".js", ".mjs")
WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
"""A worker does not inherit the policy of its page but has that of its own file; for other scripts it means nothing."""


class StaticFiles(WhiteNoiseMiddleware):
    """Whitenoise, and the policy of workers."""

    def add_mime_headers(self, headers: Headers, path: str, url: str) -> None:
        """Say what the file is, and what it may load when it runs as a worker."""
        super().add_mime_headers(headers, path, url)
        if path.endswith(SCRIPTS):
            headers["Content-Security-Policy"] = WORKER_POLICY
