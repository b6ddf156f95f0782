"""Between our chat and that of the media room, so that clients that know LiveKit only take part."""

from __future__ import annotations

import hashlib
import logging
import uuid
from typing import Any

from django.core.cache import cache

from visio import wire
from visio.live.models import ChatMessage
from visio.rooms import slugs
from visio.rooms.models import Room
from visio.signalling import client
from visio.signalling.models import LiveKitRoom, Session

logger = logging.getLogger("visio.live")

KEY_MAX = 64
REMEMBERED_S = 86_400


def pass_on(room: Room, line: ChatMessage) -> None:
    """Say a line of ours, or its change, in the media room; files are named, for their content is behind our door."""
    text = line.text or (f"📎 {line.file.name}" if hasattr(line, "file") else "")
    order = wire.Chat(
        room=str(room.pk),
        identity=line.sender,
        id=line.key if line.is_bridged else str(line.pk),
        text=text,
        at_ms=int(line.said_at.timestamp() * 1000),
        to=(line.recipient,) if line.recipient else (),
        reply_to=str(line.reply_to or ""),
        edited=line.edited_at is not None,
        deleted=line.deleted_at is not None,
    )
    client.order_now(order)


def is_ours(room: Room) -> bool:
    """Say whether the chat of `room` is ours: those of integrators and of connection tests are not."""
    is_test = room.slug.startswith(slugs.TEST_PREFIX)
    return not is_test and not LiveKitRoom.objects.filter(room=room).exclude(key="").exists()


def author(session_id: str) -> Session | None:
    """Give the session behind a line of a client, unless it may not write by now."""
    session = Session.objects.select_related("room").filter(pk=session_id, revoked_at=None).first()
    if session is None or not is_ours(session.room) or not session.rights.can_publish_data:
        return None
    return session


def key_of(client_id: str) -> str:
    """Give what a client calls a line, in a length that fits."""
    return client_id if len(client_id) <= KEY_MAX else hashlib.sha256(client_id.encode()).hexdigest()


def line_of(session: Session, client_id: str) -> str | None:
    """Give the id of the line that a client means: one of its own, or one that it got from us."""
    lines = ChatMessage.objects.filter(gathering__room=session.room, gathering__ended_at=None)
    found = lines.filter(key=key_of(client_id), is_bridged=True).first() if client_id else None
    return str(found.pk) if found else client_id if _is_id(client_id) and lines.filter(pk=client_id).exists() else None


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def is_next(worker: str, number: int) -> bool:
    """Say whether the lines of a worker before the one with this number have been taken."""
    return number == 1 or int(cache.get(_key(worker), 0)) >= number - 1


def taken(worker: str, number: int) -> None:
    """Note that the line with this number has been taken."""
    newest = max(number, int(cache.get(_key(worker), 0)))
    cache.set(_key(worker), newest, REMEMBERED_S)


def _key(worker: str) -> str:
    return f"chat:{worker}"


Spoken = dict[str, Any]
"""A line as the worker tells it (`wire.TASK_SPOKEN`)."""
