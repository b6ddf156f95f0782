"""The Content-Security-Policy that our answers carry: nobody else's origin, and no inline code."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from suite import env
from suite.operations import vendor
from tests.identity.people import make_user, sign_in
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel

PAGES = ["/", "/oidc/refused/not_staff/", "/nothing-is-here/", "/api/v1.0/config/", "/api/v1.0/swagger/", "/admin/"]
HARMLESS = {"'self'", "'none'"}
LOCAL = {"data:", "blob:"}
"""What a page has made or holds itself; never for scripts."""
Policy = dict[str, set[str]]


def policy_of(client: Client, path: str) -> Policy:
    """Give the sources of each directive."""
    header = client.get(path, follow=True)["Content-Security-Policy"]
    found = (directive.split() for directive in header.split(";"))
    return {name: set(sources) for name, *sources in found}


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_only_what_is_ours(client: Client, path: str) -> None:
    sign_in(client, make_user("admin", is_staff=True))
    policy = policy_of(client, path)
    signalling = settings.LIVEKIT_API_URL.replace("http", "ws", 1)
    assert policy.pop("connect-src") == {"'self'", signalling}
    assert policy["default-src"] == {"'none'"}
    assert policy["script-src"] == {"'self'"}
    assert policy["style-src"] == {"'self'"}
    assert {source for sources in policy.values() for source in sources} <= HARMLESS | LOCAL


@pytest.mark.django_db
def test_webassembly_runs_in_a_room_only(client: Client) -> None:
    """The filter against noise needs it; scripts made of text are forbidden there, too."""
    room = Room.create(make_user("alice"), name="Council", access_level=AccessLevel.PUBLIC)
    assert policy_of(client, f"/{room.slug}")["script-src"] == {"'self'", "'wasm-unsafe-eval'"}


def test_a_worker_loads_only_what_is_ours(client: Client) -> None:
    """It has the policy of its own file, not that of the page."""
    policy = policy_of(client, "/static/js/call/background_worker.js")
    assert policy == {
        "default-src": {"'none'"},
        "script-src": {"'self'", "'wasm-unsafe-eval'"},
        "connect-src": {"'self'"},
    }


@pytest.mark.parametrize("package", ["@mediapipe/tasks-vision", "@sapphi-red/web-noise-suppressor"])
def test_webassembly_is_sent_compressed(client: Client, package: str) -> None:
    """And as what it is, so that a browser compiles it while it arrives."""
    name = next(name for name in json.loads(vendor.LOCK.read_text())[package]["files"] if name.endswith(".wasm"))
    path = f"/static/vendor/{package}/{name.removeprefix('dist/')}"
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    assert (answer["Content-Encoding"], answer["Content-Type"]) == ("gzip", "application/wasm")


@pytest.mark.parametrize(
    ("given", "origins"),
    [
        ({"OIDC_OP_URL": "https://id.example/realm"}, ["https://id.example"]),
        ({"OIDC_OP_DISCOVERY_ENDPOINT": "https://id.example/realm/known"}, ["https://id.example"]),
        (
            {
                "OIDC_OP_URL": "https://id.example",
                "OIDC_OP_AUTHORIZATION_ENDPOINT": "https://in.example/a",
                "OIDC_OP_LOGOUT_ENDPOINT": "https://out.example/l",
            },
            ["https://id.example", "https://in.example", "https://out.example"],
        ),
    ],
)
def test_forms_lead_to_the_provider(given: dict[str, str], origins: list[str]) -> None:
    """Browsers follow a redirect after a form, as a sign-out is, only to these."""
    program = "from suite import settings; print(*settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    command, environment = [sys.executable, "-c", program], {**os.environ, **given}
    done = subprocess.run(command, env=environment, cwd=env.BASE_DIR, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["'self'", *origins]
