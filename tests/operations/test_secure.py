"""Behind a proxy that speaks TLS: the site knows that people come by HTTPS, and tells browsers to stay there."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request

import pytest

from suite import env
from tests.stack import Stack


@pytest.mark.live
def test_requests_through_a_proxy_are_secure() -> None:
    """Django writes this header only into answers to secure requests."""
    with Stack(media=0, settings={"PUBLIC_URL": "https://visio.example"}) as stack:
        request = urllib.request.Request(stack.url, headers={"Host": "visio.example"})  # noqa: S310  (http on this machine)
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({"PUBLIC_URL": "https://visio.example"}, "31536000"),
        ({"PUBLIC_URL": "https://visio.example", "DJANGO_SECURE_HSTS_SECONDS": "60"}, "60"),
        ({"PUBLIC_URL": "http://visio.example"}, "0"),
        ({"LAN": "1"}, "0"),
    ],
)
def test_only_a_lasting_certificate_is_promised(given: dict[str, str], seconds: str) -> None:
    """A browser that was promised HTTPS refuses a self-made certificate without a way around."""
    program = "from suite import settings; print(settings.SECURE_HSTS_SECONDS)"
    command, environment = [sys.executable, "-c", program], {**os.environ, **given}
    done = subprocess.run(command, env=environment, cwd=env.BASE_DIR, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == seconds
