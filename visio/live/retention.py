"""How long things are kept after the meeting.

A chat is kept for the meeting only, unless the room asks for days and every level above allows them; who has voted in
a poll, as long as the report of who was there. A gathering itself, with its notes and polls, goes after
`GATHERING_DAYS`, and not before its chat and that report.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import CharField
from django.db.models.functions import Cast

from visio.attendance.models import Gathering
from visio.live.models import Ballot, ChatMessage
from visio.rooms.models import Room
from visio.rooms.standing import chat_days


def days_of(room: Room) -> int:
    """Give how many days after the meeting the chat of `room` is kept by today's policy; 0: it ends with it."""
    return chat_days(room, room.facts.policy)


def end(gathering: Gathering) -> int:
    """Erase the chat of a gathering that is over, with its files, unless it is kept; give how many lines that were."""
    return 0 if days_of(gathering.room) else _erase(gathering)


def erase_old(now: datetime) -> int:
    """Erase the chats whose time is over; give how many lines that were."""
    ended = Gathering.objects.filter(ended_at__isnull=False, chat__isnull=False).distinct().select_related("room")
    return sum(_erase(gathering) for gathering in ended if _is_over(gathering, days_of(gathering.room), now))


def voted() -> Iterable[Gathering]:
    """Give the gatherings that are over and in which somebody has voted under their name."""
    named = Gathering.objects.filter(ended_at__isnull=False, polls__ballots__name__gt="")
    return named.distinct().select_related("room")


def forget_voters(gatherings: Iterable[Gathering], now: datetime) -> int:
    """Keep of these gatherings' polls how many voted for what, but not who, once their time is over; count ballots."""
    over = [one.pk for one in gatherings if _is_over(one, one.room.facts.policy.attendance_days, now)]
    ballots = Ballot.objects.filter(poll__gathering__in=over)
    return ballots.update(name="", identity=Cast("pk", CharField()))


def forget_gatherings(now: datetime) -> int:
    """Delete the gatherings of long ago, with their notes and polls, of which nothing else is kept; count them."""
    ended = Gathering.objects.filter(ended_at__lte=now - timedelta(days=settings.GATHERING_DAYS))
    old = ended.filter(participations=None, chat=None)
    count = old.count()
    old.delete()
    return count


def _is_over(gathering: Gathering, days: int, now: datetime) -> bool:
    return gathering.ended_at is not None and gathering.ended_at + timedelta(days=days) <= now


def _erase(gathering: Gathering) -> int:
    lines = ChatMessage.objects.filter(gathering=gathering)
    count = lines.count()
    lines.delete()
    return count
