"""The companion socket's closed table of messages, its error codes and limits, as `docs/protocol.md` has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

VERSION = 1
FRAME_MAX_BYTES = 16 * 1024
TEXT_MAX = 2000
ITEMS_MAX = 200
MESSAGES_PER_S = 10
BURST = 40
HELLO_S = 10
PING_S = 20

TEXT, FLAG, NUMBER, IDENTITY = "text", "flag", "number", "identity"
TEXTS, NUMBERS, IDENTITIES = "texts", "numbers", "identities"
"""Lists of these, with `ITEMS_MAX` items at most."""
OPTIONAL = "?"

FROM_BROWSER: dict[str, dict[str, str]] = {
    "hello": {"version": NUMBER, "name": TEXT + OPTIONAL, "since": NUMBER + OPTIONAL},
    "ping": {},
    "lobby.admit": {"identity": IDENTITY + OPTIONAL, "role": TEXT + OPTIONAL, "lasting": FLAG + OPTIONAL},
    "lobby.refuse": {"identity": IDENTITY + OPTIONAL},
    "lobby.write": {"text": TEXT},
    "room.lock": {"locked": FLAG},
    "room.freeze": {"frozen": FLAG},
    "room.close": {},
    "chat.send": {
        "text": TEXT,
        "key": IDENTITY + OPTIONAL,
        "reply_to": IDENTITY + OPTIONAL,
        "to": IDENTITY + OPTIONAL,
    },
    "chat.edit": {"line": IDENTITY, "text": TEXT},
    "chat.delete": {"line": IDENTITY},
    "chat.more": {"before": NUMBER},
    "room.transfer": {"identity": IDENTITY},
    "people.remove": {"identity": IDENTITY},
    "people.ban": {"identity": IDENTITY, "lasting": FLAG + OPTIONAL},
    "people.unban": {"identity": IDENTITY},
    "people.allow": {"identity": IDENTITY, "source": TEXT, "allowed": FLAG},
    "people.mute": {"identity": IDENTITY + OPTIONAL, "source": TEXT},
    "people.ask": {"identity": IDENTITY + OPTIONAL, "source": TEXT},
    "people.identify": {"identity": IDENTITY, "acr": TEXT},
    "people.role": {"identity": IDENTITY, "role": TEXT, "lasting": FLAG},
    "stage.spotlight": {"identity": IDENTITY + OPTIONAL},
    "hand.raise": {},
    "hand.lower": {"identity": IDENTITY + OPTIONAL},
    "hand.clear": {},
    "hand.give": {"identity": IDENTITY},
    "reaction.send": {"reaction": TEXT},
    "sources.allow": {"source": TEXT, "audience": TEXT},
    "poll.make": {"question": TEXT, "options": TEXTS, "multiple": FLAG, "anonymous": FLAG},
    "poll.vote": {"poll": TEXT, "choices": NUMBERS},
    "poll.close": {"poll": TEXT},
    "poll.show": {"poll": TEXT, "shown": FLAG},
    "agenda.set": {"texts": TEXTS, "minutes": NUMBERS, "current": NUMBER},
    "agenda.go": {"item": NUMBER},
    "timer.start": {"seconds": NUMBER},
    "timer.pause": {"paused": FLAG},
    "breakouts.make": {"count": NUMBER, "choosing": FLAG, "minutes": NUMBER + OPTIONAL},
    "breakouts.name": {"group": IDENTITY, "name": TEXT},
    "breakouts.place": {"identity": IDENTITY, "group": IDENTITY + OPTIONAL},
    "breakouts.spread": {},
    "breakouts.open": {},
    "breakouts.choose": {"group": IDENTITY + OPTIONAL},
    "breakouts.say": {"text": TEXT},
    "breakouts.help": {},
    "breakouts.helped": {"identity": IDENTITY},
    "breakouts.close": {"seconds": NUMBER + OPTIONAL},
}
"""What a browser may say, with the kind of each field; those that end in `?` may be absent."""

FROM_SERVER = (
    "welcome",
    "pong",
    "done",
    "error",
    "lobby.position",
    "lobby.people",
    "lobby.message",
    "lobby.admitted",
    "lobby.refused",
    "room.state",
    "chat.history",
    "chat.page",
    "chat.line",
    "room.rights",
    "stage.state",
    "hand.list",
    "reaction.shown",
    "people.banned",
    "people.denied",
    "people.asked",
    "attendance.kept",
    "attendance.people",
    "attendance.person",
    "poll.list",
    "poll.state",
    "poll.result",
    "poll.voted",
    "agenda.state",
    "breakouts.state",
    "breakouts.mine",
    "breakouts.people",
    "breakouts.said",
    "people.identify",
)


class Code(StrEnum):
    """Stable codes of errors."""

    UNREADABLE = "unreadable"
    UNKNOWN_TYPE = "unknown_type"
    MALFORMED = "malformed"
    HELLO_FIRST = "hello_first"
    HELLO_TWICE = "hello_twice"
    VERSION = "version"
    TOO_FAST = "too_fast"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    NOT_ALLOWED = "not_allowed"
    REFUSED = "refused"
    LOBBY_FULL = "lobby_full"
    NOBODY = "nobody"
    SLOW_DOWN = "slow_down"
    GONE = "gone"
    NOT_NOW = "not_now"


class Close:
    """Close codes."""

    NORMAL = 1000
    PROTOCOL = 1002
    POLICY = 1008
    TOO_LARGE = 1009
    TRY_AGAIN = 1013
    NOT_ALLOWED = 4403


class MessageError(Exception):
    """A message that is answered with an error; `close` ends the socket besides. `more` are further fields."""

    def __init__(self, code: str, close: int = 0, message: str = "", **more: Any) -> None:
        super().__init__(code)
        self.more = more
        self.code = str(code)
        self.close = close
        self.message = message


KINDS: dict[str, type] = {TEXT: str, IDENTITY: str, FLAG: bool, NUMBER: int}
LISTS = {TEXTS: TEXT, NUMBERS: NUMBER, IDENTITIES: IDENTITY}
LIMITS = {TEXT: TEXT_MAX, IDENTITY: 64}
NUMBER_MAX = 2**53


def read(frame: str | bytes | None) -> dict[str, Any]:
    """Give the message in a frame. Raise `MessageError` for anything that is not in the table."""
    if not isinstance(frame, str):
        raise MessageError(Code.UNREADABLE, Close.PROTOCOL)
    if len(frame) > FRAME_MAX_BYTES or len(frame.encode("utf-8", "surrogatepass")) > FRAME_MAX_BYTES:
        raise MessageError(Code.TOO_LARGE, Close.TOO_LARGE)
    try:
        said = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise MessageError(Code.UNREADABLE) from error
    if not isinstance(said, dict) or not isinstance(said.get("type"), str):
        raise MessageError(Code.UNREADABLE)
    if said["type"] not in FROM_BROWSER:
        raise MessageError(Code.UNKNOWN_TYPE)
    check(said, FROM_BROWSER[said["type"]])
    return said


def check(said: Mapping[str, Any], fields: Mapping[str, str]) -> None:
    """Raise `MessageError` unless `said` has these fields, of these kinds, and no others."""
    if said.keys() - fields.keys() - {"type", "id"} or not isinstance(said.get("id", 0), int):
        raise MessageError(Code.MALFORMED)
    for name, kind in fields.items():
        value = said.get(name)
        if value is None and kind.endswith(OPTIONAL):
            continue
        if not _fits(value, kind.removesuffix(OPTIONAL)):
            raise MessageError(Code.MALFORMED)


def _fits(value: object, kind: str) -> bool:
    if kind in LISTS:
        return isinstance(value, list) and len(value) <= ITEMS_MAX and all(_fits(one, LISTS[kind]) for one in value)
    if not isinstance(value, KINDS[kind]) or (kind == NUMBER and isinstance(value, bool)):
        return False
    if isinstance(value, int):
        return abs(value) <= NUMBER_MAX
    return isinstance(value, str) and _is_clean(value, LIMITS[kind])


def _is_clean(text: str, length_max: int) -> bool:
    return len(text) <= length_max and "\x00" not in text and not any(0xD800 <= ord(c) < 0xE000 for c in text)
