"""A site of somebody else's, on an origin of its own: serves the example of docs/embedding.md."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.stack import ROOT

DOCUMENTED = "https://visio.example.org"
KINDS = {"html": "text/html", "js": "text/javascript", "css": "text/css"}


class Embedder:
    """Serves at two origins of this machine, of which `origin` is another site than the service's."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://localhost:{port}"
        self.other_origin = f"http://127.0.0.1:{port}"
        self.service = DOCUMENTED
        """Where the installation is; the example names another place."""

    @property
    def path(self) -> str:
        """Give the page with the meeting."""
        return "/embedding-example.html"

    def content(self, name: str) -> bytes:
        """Give a file of the example as it is written for this installation. Raise `KeyError` for another one."""
        files = {f"/embedding-example.{kind}": kind for kind in KINDS}
        text = (ROOT / "docs" / f"embedding-example.{files[name]}").read_text(encoding="utf-8")
        return text.replace(DOCUMENTED, self.service).encode()


@contextmanager
def embedder() -> Iterator[Embedder]:
    """Give a running site."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                body = site.content(self.path)
            except KeyError:
                self.send_response(HTTPStatus.NO_CONTENT)  # the icon that browsers ask for
                self.end_headers()
                return
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", KINDS[self.path.rpartition(".")[2]])
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Embedder(server.server_port)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield site
        server.shutdown()
        thread.join()
