"""What somebody missed of a room's history: everything with a sequence number that concerns them."""

from __future__ import annotations

from dataclasses import dataclass

from visio.attendance.models import Gathering
from visio.live.models import ChatMessage, Log
from visio.live.seat import Seat
from visio.live.topic import Said

PAGE = 50
"""Lines of chat at once."""
MISSED_MAX = 500
"""Who missed more than this starts over."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a socket is told so that nothing is missing up to the number `seq`: what it missed, or a new beginning."""

    seq: int = 0
    messages: tuple[Said, ...] = ()


def past(here: Seat, since: int | None) -> Past:
    """Give what somebody who comes, or comes back having read up to `since`, is told."""
    if not here.is_present:
        return Past()
    room = here.room()
    gathering = Gathering.objects.current(room)
    head = Log.head(room.pk)  # before the lines: what comes later is pushed
    if gathering is None:
        return Past(head, (_whole(head, [], more=False),))
    if since is not None and _can_resume(gathering, since, head):
        missed = _changed(gathering, here.identity, since, head)
        if len(missed) <= MISSED_MAX:
            return Past(head, tuple(line.body() for line in missed))
    lines, more = page(gathering, here.identity, head + 1)
    return Past(head, (_whole(head, lines, more=more),))


def page(gathering: Gathering, identity: str, before: int) -> tuple[list[ChatMessage], bool]:
    """Give the newest lines that were said before the number `before`, oldest first, and whether there are more."""
    lines = (
        ChatMessage.objects.filter(gathering=gathering)
        .read_by(identity)
        .whole()
        .filter(first__lt=before)
        .order_by("-first")[: PAGE + 1]
    )
    found = list(lines)
    return found[:PAGE][::-1], len(found) > PAGE


def _whole(seq: int, lines: list[ChatMessage], *, more: bool) -> Said:
    return {"type": "chat.history", "seq": seq, "lines": [line.body() for line in lines], "more": more}


def _can_resume(gathering: Gathering, since: int, head: int) -> bool:
    """Say whether what was read up to `since` is of this gathering."""
    return since <= head and ChatMessage.objects.filter(gathering=gathering, first__lte=since).exists()


def _changed(gathering: Gathering, identity: str, after: int, head: int) -> list[ChatMessage]:
    lines = (
        ChatMessage.objects.filter(gathering=gathering).read_by(identity).whole().filter(seq__gt=after, seq__lte=head)
    )
    return list(lines.order_by("seq")[: MISSED_MAX + 1])
