"""The demo provider as a real process, and a browser without scripts that visits it."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import urljoin

import requests
from django.conf import settings
from django.test import Client

from tests.identity.browsing import HOST, PUBLIC_URL, Response
from tests.stack import free_ports

CLIENT_ID, CLIENT_SECRET = "visio-demo", "a-demo-secret-of-more-than-32-bytes"
PROGRAM = settings.BASE_DIR / "suite" / "identity" / "demo" / "provider.mjs"
LONGEST_CHAIN = 12


class DemoProvider:
    """A provider on a free port; `restart` gives it new keys."""

    def __init__(self) -> None:
        self.port = free_ports(1)
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start the process and wait until it says that it is ready."""
        self.process = run_provider(**self.environment)
        line = ""
        while not line.startswith("demo provider ready"):
            line = self.process.stdout.readline() if self.process.stdout else ""
            assert line, "the demo provider ended"

    @property
    def environment(self) -> dict[str, str]:
        """Give the environment of the process."""
        return {
            "DEMO_OIDC_PORT": str(self.port),
            "DEMO_OIDC_CLIENT_ID": CLIENT_ID,
            "DEMO_OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "PUBLIC_URL": PUBLIC_URL,
        }

    def stop(self) -> int:
        """End the process; give its exit code."""
        self.process.terminate()
        code = self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()
        return code

    def restart(self) -> Self:
        """End the process and start another, which makes new keys."""
        self.stop()
        self.start()
        return self


def run_provider(**environment: str) -> subprocess.Popen[str]:
    """Start the demo provider's program with that environment only."""
    node = shutil.which("node")
    assert node, "Node is needed for the demo provider"
    env = {"PATH": os.environ["PATH"], "NODE_NO_WARNINGS": "1", **environment}
    pipe = subprocess.PIPE
    return subprocess.Popen([node, str(PROGRAM)], env=env, stdout=pipe, stderr=subprocess.STDOUT, text=True)


@contextmanager
def running() -> Iterator[DemoProvider]:
    """Give a running demo provider."""
    provider = DemoProvider()
    try:
        yield provider
    finally:
        provider.stop()


class Browser:
    """One browser: it talks to Visio through Django's test client and to the provider over HTTP."""

    def __init__(self) -> None:
        self.visio = Client()
        self.provider = requests.Session()

    def open(self, path: str, **query: str) -> Response:
        """Open a page of Visio."""
        return self.visio.get(path, query, headers={"host": HOST})

    def sign_in(self, account: str = "", next_path: str = "/", level: str = "eidas1", **options: str) -> Response:
        """Start a sign-in, choose `account` when asked, and give the last answer of Visio."""
        location = self.open("/oidc/authenticate/", next=next_path, **options)["location"]
        return self.come_back(self.at_provider(location, {"account": account, "level": level}))

    def sign_out(self) -> Response:
        """Sign out at Visio and at the provider; give the last answer of Visio."""
        location = self.visio.post("/oidc/logout/", headers={"host": HOST})["location"]
        return self.come_back(self.at_provider(location, {"logout": "yes"}))

    def at_provider(self, location: str, choice: dict[str, str]) -> str:
        """Go through the provider's pages, each form sent with `choice`; give the address that leads back."""
        answer = self.provider.get(location, allow_redirects=False, timeout=10)
        for _ in range(LONGEST_CHAIN):
            if "location" in answer.headers:
                location = urljoin(answer.url, answer.headers["location"])
                if location.startswith(PUBLIC_URL):
                    return location
                answer = self.provider.get(location, allow_redirects=False, timeout=10)
            else:
                answer = self._submit(answer, choice)
        raise AssertionError(f"the provider leads nowhere: {answer.url} {answer.text[:500]}")

    def _submit(self, answer: requests.Response, choice: dict[str, str]) -> requests.Response:
        form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
        assert form, answer.text
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
        url = urljoin(answer.url, html.unescape(form[1]))
        data: dict[str, Any] = {**hidden, **choice}
        return self.provider.post(url, data, allow_redirects=False, timeout=10)

    def come_back(self, location: str) -> Response:
        """Follow an address of Visio."""
        return self.visio.get(location.removeprefix(PUBLIC_URL), headers={"host": HOST})
