"""The examples of `docs/integration.md`, as they are written, against a running installation."""

from __future__ import annotations

import ast
import re
from types import CodeType
from typing import Any

import pytest
from livekit import api, rtc

from tests.integration.callers import join_token
from tests.integration.receiver import CITY, CITY_SECRET, KEY, SECRET, Receiver
from tests.media_live.people import Person
from tests.stack import ROOT, Stack
from visio.integration.methods import ROOM_SERVICE

DOCUMENT = (ROOT / "docs" / "integration.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)


def test_every_method_is_documented() -> None:
    assert [method for method in ROOM_SERVICE if f"`{method}`" not in DOCUMENT] == []


@pytest.mark.live
async def test_the_examples_work(open_stack: Stack, receiver: Receiver, name: str) -> None:
    """One after the other; only the name of the room is each time another."""
    rooms, entering, administering, webhook = (example.replace("Guichet 4", name) for example in EXAMPLES)
    scope: dict[str, Any] = {"api": api, "rtc": rtc, "URL": open_stack.url, "KEY": CITY, "SECRET": CITY_SECRET}
    await _run(rooms, scope)
    await _run(entering, scope)
    await _run(administering, scope)
    await scope["client"].disconnect()
    bob = Person("bob", single=True)
    await bob.connect(open_stack.ws_url, join_token(CITY, name, "bob"))
    await bob.leave()
    receiver.wait(lambda: "participant_joined" in receiver.names(name), "a webhook")
    body, authorization = receiver.raw(name, "participant_joined")
    await _run(webhook, {**scope, "KEY": KEY, "SECRET": SECRET, "body": body, "authorization": authorization})


async def _run(example: str, scope: dict[str, Any]) -> None:
    code: CodeType = compile(example, "docs/integration.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    result = eval(code, scope)  # noqa: S307  (our own document)
    if result is not None:
        await result
