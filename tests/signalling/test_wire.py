"""The contract between web and media: every message survives the channel layer; what is no message is refused."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any

import msgpack  # type: ignore[import-untyped]
import pytest

from visio import wire

SAMPLES: dict[Any, Any] = {
    str: "text",
    int: 7,
    bool: True,
    bytes: b"\x00\xff",
    wire.Grant: wire.Grant("alice", attributes={"a": "b"}, sources=("camera",)),
    wire.About: wire.About("name", "metadata", 3, 4),
    dict[str, str]: {"a": "b"},
    tuple[str, ...]: ("one", "two"),
    tuple[bytes, ...]: (b"one", b"two"),
}


def sample(kind: type[Any]) -> Any:
    """Make a message with something in every field."""
    hints = typing.get_type_hints(kind)
    return kind(**{field.name: SAMPLES[hints[field.name]] for field in dataclasses.fields(kind)})


@pytest.mark.parametrize("name", sorted(wire.MESSAGES))
def test_every_message_travels(name: str) -> None:
    message = sample(wire.MESSAGES[name])
    travelled = msgpack.unpackb(msgpack.packb(wire.encode(message)))
    assert wire.decode(travelled) == message


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"v": wire.VERSION},
        {"v": wire.VERSION, "type": "media.invented"},
        {"v": wire.VERSION - 1, **{k: v for k, v in wire.encode(wire.Dump("r", "c", "")).items() if k != "v"}},
        {"v": wire.VERSION, "type": "media.dump"},
        {"v": wire.VERSION, "type": "media.dump", "request": "r", "channel": "c", "room": "", "more": 1},
        {**wire.encode(wire.Announce("r", "c", "room", wire.About())), "about": {"invented": 1}},
        {**wire.encode(wire.Permit("room", "session", wire.Grant("a"))), "grant": {"sources": 5}},
    ],
)
def test_what_is_no_message_is_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(wire.WireError):
        wire.decode(payload)


def test_a_room_has_one_sid() -> None:
    assert wire.room_sid("a") == wire.room_sid("a") != wire.room_sid("b")
    assert wire.room_sid("a").startswith("RM_")
