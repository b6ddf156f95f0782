"""The chat of a gathering: what is said, changed or taken back is written with its number, then told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visio.attendance.models import Gathering
from visio.live import bridge, news, pace
from visio.live.models import ChatFile, ChatMessage, Log
from visio.live.protocol import TEXT_MAX, Code, MessageError
from visio.rooms import names
from visio.rooms.models import Room
from visio.signalling.models import Session

OFTEN = timedelta(seconds=10)
OFTEN_MAX = 10
"""Lines that one person may say within that time, and changes to them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to say: `reply_to` is the id of a line, `to` the identity of the only reader.

    `key` is the name that the sender's program gives the line, so that saying it twice says it once.
    """

    text: str
    key: str = ""
    reply_to: str | None = None
    to: str | None = None
    file: ChatFile | None = None


def say(session: Session, draft: Draft, *, is_bridged: bool = False) -> ChatMessage:
    """Say a line in the name of `session`; `is_bridged` ones have come from the media room, which knows them already.

    Raise `MessageError` for an empty line, an unknown recipient or answered line, and for too many lines.
    """
    room, text = session.room, names.clean_lines(draft.text, TEXT_MAX)
    if not text and draft.file is None:
        raise MessageError(Code.MALFORMED)
    line = ChatMessage(
        gathering=_gathering(room),
        sender=session.identity,
        name=session.rights.name or session.identity,
        card=session.rights.attributes,
        text=text,
        key=draft.key,
        is_bridged=is_bridged,
        mentions=_mentioned(room, text),
    )
    if said := _said_before(line):
        _tell(room, said, is_bridged=True)  # once more to our own sockets: it may be that nobody was told
        return said
    check_pace(session)
    _address(room, line, draft)
    try:
        _write(room, line, draft.file)
    except IntegrityError:
        said = _said_before(line)
        if said is None:
            raise
        return said  # it was said a second time at the same moment
    _tell(room, line, is_bridged=is_bridged)
    return line


def _write(room: Room, line: ChatMessage, file: ChatFile | None) -> None:
    with transaction.atomic():
        line.first = line.seq = Log.advance(room.pk)
        line.save()
        if file is not None:
            file.message = line
            file.save()


def edit(session: Session, line_id: str, text: str, *, is_bridged: bool = False) -> None:
    """Give one's own line another text. Raise `MessageError` when it is gone or somebody else's."""
    cleaned = names.clean_lines(text, TEXT_MAX)
    if not cleaned:
        raise MessageError(Code.MALFORMED)
    room = session.room
    if not pace.keeps("edit", room, session.identity, most=OFTEN_MAX, window_s=int(OFTEN.total_seconds())):
        raise _too_fast()
    with transaction.atomic():
        seq = Log.advance(room.pk)
        line = _own(room, line_id, session.identity)
        line.text, line.edited_at, line.seq = cleaned, timezone.now(), seq
        line.mentions = _mentioned(room, cleaned)
        line.save(update_fields=["text", "edited_at", "seq", "mentions"])
    _tell(room, line, is_bridged=is_bridged)


def delete(session: Session, line_id: str, *, is_host: bool = False, is_bridged: bool = False) -> None:
    """Take a line back: one's own, or as a host any that one may read. Its text and file are gone for good."""
    room = session.room
    with transaction.atomic():
        seq = Log.advance(room.pk)
        line = _line(room, line_id, session.identity) if is_host else _own(room, line_id, session.identity)
        ChatFile.objects.filter(message=line).delete()
        line = ChatMessage.objects.get(pk=line.pk)
        line.text, line.mentions, line.deleted_at, line.seq = "", [], timezone.now(), seq
        line.save(update_fields=["text", "mentions", "deleted_at", "seq"])
    _tell(room, line, is_bridged=is_bridged)


def is_private(session: Session, line_id: str) -> bool:
    """Say whether a line that `session` may read is for one person. Raise `MessageError` when it is gone."""
    return bool(_line(session.room, line_id, session.identity).recipient)


def _gathering(room: Room) -> Gathering:
    gathering = Gathering.objects.current(room)
    if gathering is None:
        raise MessageError(Code.NOT_ALLOWED, message=_("You are not in the meeting."))
    return gathering


def _line(room: Room, line_id: str, reader: str) -> ChatMessage:
    """Give a line of this gathering. Raise `MessageError` when it is not there for this reader, or was taken back."""
    found = (
        ChatMessage.objects.filter(gathering=_gathering(room))
        .read_by(reader)
        .filter(pk=_uuid(line_id), deleted_at=None)
        .first()
    )
    if found is None:
        raise MessageError(Code.GONE, message=_("This message is not there any more."))
    return found


def _own(room: Room, line_id: str, identity: str) -> ChatMessage:
    line = _line(room, line_id, identity)
    if line.sender != identity:
        raise MessageError(Code.NOT_ALLOWED, message=_("This is somebody else's message."))
    return line


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise MessageError(Code.MALFORMED) from error


def _said_before(line: ChatMessage) -> ChatMessage | None:
    lines = ChatMessage.objects.filter(gathering=line.gathering, sender=line.sender, key=line.key)
    return lines.first() if line.key else None


def check_pace(session: Session) -> None:
    """Raise `MessageError` when the person behind `session` has said too many lines lately."""
    lately = ChatMessage.objects.filter(gathering=_gathering(session.room), sender=session.identity)
    if lately.filter(said_at__gt=timezone.now() - OFTEN).count() >= OFTEN_MAX:
        raise _too_fast()


def _too_fast() -> MessageError:
    return MessageError(Code.SLOW_DOWN, message=_("You are writing very fast. Please wait a few seconds."))


def _address(room: Room, line: ChatMessage, draft: Draft) -> None:
    """Write down what the line answers and whom it is for."""
    if draft.to is not None:
        session = Session.objects.inside().filter(room=room, identity=draft.to).first()
        if session is None or draft.to == line.sender:
            raise MessageError(Code.NOBODY, message=_("This person is not in the meeting any more."))
        line.recipient, line.recipient_name = session.identity, session.rights.name or session.identity
    if draft.reply_to is not None:
        line.reply_to = _line(room, draft.reply_to, line.sender).pk


def _mentioned(room: Room, text: str) -> list[str]:
    """Give the identities of those inside whose name stands in `text` after an @."""
    if "@" not in text:
        return []
    folded = text.casefold()
    inside = Session.objects.inside().filter(room=room).values_list("identity", "grant")
    called = ((identity, str(grant["name"]).casefold()) for identity, grant in inside)
    return sorted({identity for identity, name in called if name and f"@{name}" in folded})


def _tell(room: Room, line: ChatMessage, *, is_bridged: bool) -> None:
    def tell() -> None:
        news.record(room.pk, line.body(), line.audience)
        if not is_bridged:
            bridge.pass_on(room, line)

    transaction.on_commit(tell)
