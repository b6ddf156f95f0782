"""The agenda and the timer: hosts set them, everybody sees the same countdown by the server's clock."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from visio.live import news
from visio.live.models import Agenda
from visio.live.models.agenda import ITEM_MAX, ITEMS_MAX, MINUTES_MAX, NONE
from visio.live.protocol import Code, MessageError
from visio.live.seat import Seat
from visio.live.topic import Handlers, Said
from visio.rooms import names

Change = Callable[[Agenda, Said], None]


def greet(here: Seat) -> list[Said]:
    """Tell the agenda as it is."""
    gathering = here.gathering_or_none()
    agenda = Agenda.objects.filter(gathering=gathering).first() if gathering else None
    return [state(agenda or Agenda())]


def state(agenda: Agenda) -> Said:
    """Give what everybody is told; `now` is the server's time, by which `ends_at` counts."""
    return {
        "type": "agenda.state",
        "items": agenda.items,
        "current": agenda.current,
        "ends_at": agenda.ends_at.isoformat() if agenda.ends_at else None,
        "left_ms": agenda.left_ms,
        "now": timezone.now().isoformat(),
    }


def _changing(change: Change) -> Callable[[Seat, Said], None]:
    """Make a handler that changes the agenda of this gathering and tells everybody."""

    def handle(here: Seat, said: Said) -> None:
        room, _host = here.moderator()
        gathering = here.gathering()
        with transaction.atomic():
            Agenda.objects.get_or_create(gathering=gathering)
            agenda = Agenda.objects.select_for_update().get(gathering=gathering)
            change(agenda, said)
            agenda.save()
        news.say(room.pk, state(agenda))

    return handle


def _set(agenda: Agenda, said: Said) -> None:
    """Replace the items; the current one stays where it is."""
    texts = [names.clean(text, ITEM_MAX) for text in said["texts"]]
    minutes = said["minutes"]
    fits = len(texts) == len(minutes) <= ITEMS_MAX and all(texts) and all(0 <= one <= MINUTES_MAX for one in minutes)
    if not fits or not NONE <= said["current"] < len(texts):
        raise MessageError(Code.MALFORMED)
    agenda.items = [{"text": text, "minutes": one} for text, one in zip(texts, minutes, strict=True)]
    agenda.current = said["current"]


def _go(agenda: Agenda, said: Said) -> None:
    """Make an item the current one and start its minutes; -1 ends the agenda."""
    if not NONE <= said["item"] < len(agenda.items):
        raise MessageError(Code.MALFORMED)
    agenda.current = said["item"]
    agenda.start(60 * agenda.items[agenda.current]["minutes"] if agenda.current != NONE else 0)


def _start(agenda: Agenda, said: Said) -> None:
    """Let the timer run; 0 seconds stop it."""
    if not 0 <= said["seconds"] <= 60 * MINUTES_MAX:
        raise MessageError(Code.MALFORMED)
    agenda.start(said["seconds"])


def _pause(agenda: Agenda, said: Said) -> None:
    """Hold the timer, or let it go on."""
    if said["paused"]:
        agenda.pause()
    else:
        agenda.resume()


HANDLERS: Handlers = {
    "agenda.set": _changing(_set),
    "agenda.go": _changing(_go),
    "timer.start": _changing(_start),
    "timer.pause": _changing(_pause),
}
