"""The chat: say a line, change it, take it back, read further up."""

from __future__ import annotations

from visio.attendance.models import Gathering
from visio.live import chat, history
from visio.live.seat import Seat
from visio.live.topic import Handlers, Said
from visio.rooms.abilities import Action


def send(here: Seat, said: Said) -> None:
    """Say a line to everybody, or to one person."""
    action = Action.CHAT if said.get("to") is None else Action.CHAT_PRIVATELY
    _room, session = here.writer(action)
    chat.say(session, chat.Draft(said["text"], said.get("key") or "", said.get("reply_to"), said.get("to")))


def edit(here: Seat, said: Said) -> None:
    """Change one's own line."""
    _room, session = here.writer(Action.CHAT)
    if chat.is_private(session, said["line"]):
        here.writer(Action.CHAT_PRIVATELY)
    chat.edit(session, said["line"], said["text"])


def delete(here: Seat, said: Said) -> None:
    """Take one's own line back; hosts take back any that they may read."""
    is_host = here.runs_now()
    _room, session = here.writer(*([] if is_host else [Action.CHAT]))
    chat.delete(session, said["line"], is_host=is_host)


def more(here: Seat, said: Said) -> list[Said]:
    """Give the lines before those that the browser has."""
    room, _session = here.writer()
    gathering = Gathering.objects.current(room)
    lines, further = history.page(gathering, here.identity, said["before"]) if gathering else ([], False)
    return [{"type": "chat.page", "lines": [line.body() for line in lines], "more": further}]


HANDLERS: Handlers = {
    "chat.send": send,
    "chat.edit": edit,
    "chat.delete": delete,
    "chat.more": more,
}
