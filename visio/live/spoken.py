"""What a LiveKit client said in the media room becomes a line of our chat, in the name of its session."""

from __future__ import annotations

from visio.live import bridge, chat
from visio.live.bridge import Spoken
from visio.live.protocol import Code, MessageError
from visio.signalling.models import Session


def take(session_id: str, line: Spoken) -> None:
    """Say, change or take back what the client said. Raise `MessageError` for what may not be or is not there."""
    session = bridge.author(session_id)
    if session is None or (line["to"] and not session.rights.private_chat):
        raise MessageError(Code.NOT_ALLOWED)
    if line["edited"] or line["deleted"]:
        _change(session, line)
        return
    if len(line["to"]) > 1:
        raise MessageError(Code.MALFORMED)  # a private line of ours has one reader
    to = line["to"][0] if line["to"] else None
    reply_to = bridge.line_of(session, line["reply_to"])
    chat.say(session, chat.Draft(line["text"], bridge.key_of(line["id"]), reply_to, to), is_bridged=True)


def _change(session: Session, line: Spoken) -> None:
    known = bridge.line_of(session, line["id"])
    if known is None:
        raise MessageError(Code.GONE)
    if line["edited"] and not session.rights.private_chat and chat.is_private(session, known):
        raise MessageError(Code.NOT_ALLOWED)
    if line["deleted"]:
        chat.delete(session, known, is_bridged=True)
    else:
        chat.edit(session, known, line["text"], is_bridged=True)
