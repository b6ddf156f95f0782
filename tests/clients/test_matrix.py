"""The same meeting with every kind and version of client that we promise: they talk, lose their socket, move on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients.client import KINDS, Kind
from tests.clients.steps import hold_meeting
from tests.stack import Stack

pytestmark = [pytest.mark.live, pytest.mark.alone]

MODES = {None: "its mode", False: "dual", True: "single"}
FIRST = {(KINDS[0], True), (KINDS[-1], None)}
"""One browser and one other client, the newest and the oldest; the rest are long."""
ROWS = [
    pytest.param(kind, mode, id=f"{kind}, {MODES[mode]}", marks=[] if (kind, mode) in FIRST else pytest.mark.long)
    for kind in KINDS
    for mode in kind.modes
]


@pytest.mark.parametrize(("kind", "single"), ROWS)
async def test_a_whole_meeting(stack: Stack, tmp_path: Path, kind: Kind, single: bool | None) -> None:
    """The other one is in the other mode."""
    await hold_meeting(stack, kind, tmp_path, single=single)
