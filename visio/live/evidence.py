"""What is kept when a meeting is frozen: who was there, what they sent and wrote, who waited, the rules."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from asgiref.sync import async_to_sync
from django.utils import timezone

from visio.live.models import ChatFile, ChatMessage, Freeze
from visio.rooms import terms
from visio.rooms.models import Room
from visio.signalling import client
from visio.signalling.models import Session
from visio.signalling.registry import VALKEY_ERRORS

logger = logging.getLogger("visio.live")
Described = dict[str, Any]
"""A room, as its media worker describes it."""
DUMP_S = 1.0
"""A freeze waits no longer for what workers say: the order takes away what it is about."""
SOURCES = {1: "camera", 2: "microphone", 3: "screen_share", 4: "screen_share_audio"}


def described(rooms: Sequence[Room]) -> dict[uuid.UUID, Described]:
    """Give what the media workers say of rooms, asked all at once; who does not answer soon is left out."""
    return async_to_sync(_described)(rooms)


async def _described(rooms: Sequence[Room]) -> dict[uuid.UUID, Described]:
    answers = await asyncio.gather(*(_dump(room) for room in rooms))
    return {room.pk: answer for room, answer in zip(rooms, answers, strict=True) if answer}


async def _dump(room: Room) -> Described | None:
    try:
        async with asyncio.timeout(DUMP_S):
            return await client.dump_room(str(room.pk))
    except (TimeoutError, *VALKEY_ERRORS) as error:
        logger.warning("room %s: no evidence from its worker (%s)", room.pk, type(error).__name__)
        return None


def with_tracks(evidence: dict[str, Any], rooms: Iterable[Described]) -> dict[str, Any]:
    """Give `evidence` with what each of its people sends, as workers have `described` it."""
    sent = {
        who["session"]: [_track(track) for track in who["tracks"]] for room in rooms for who in room["participants"]
    }
    people = [{**person, "sends": sent.get(person["session"], [])} for person in evidence["people"]]
    return {**evidence, "people": people}


def of(room: Room) -> dict[str, Any]:
    """Give the evidence of this moment, also of groups, as JSON, without what people send."""
    inside = Session.objects.inside().in_meeting(room).order_by("opened_at")
    waiting = [{"identity": visit.identity, "name": visit.name, "card": visit.card} for visit in room.visits.waiting()]
    return {
        "at": timezone.now().isoformat(),
        "people": [_person(session) for session in inside],
        "waiting": waiting,
        "chat": [line.body() for line in _chat(room)],
        "locked": room.is_locked,
        "rules": terms.write(room.facts.policy.terms),
    }


def names(file_id: uuid.UUID) -> bool:
    """Say whether some evidence names this file: its content stays, in the storage as `chat/` and its id."""
    return Freeze.objects.filter(evidence__chat__icontains=str(file_id)).exists()


def erase_files(freeze: Freeze) -> None:
    """Take the content of files out of the storage that this evidence has named, unless something else does."""
    for line in freeze.evidence.get("chat", []):
        file = ChatFile(pk=uuid.UUID(line["file"]["id"])) if line.get("file") else None
        if file and not ChatFile.objects.filter(pk=file.pk).exists() and not names(file.pk):
            file.content.storage.delete(file.content.field.generate_filename(file, file.pk.hex))


def _chat(room: Room) -> Iterable[ChatMessage]:
    """Give every line of the gathering that goes on, also those to one person: retention will erase them."""
    return ChatMessage.objects.filter(gathering__room__in=room.family(), gathering__ended_at=None).whole()


def _person(session: Session) -> dict[str, Any]:
    rights = session.rights
    return {
        "identity": session.identity,
        "name": rights.name,
        "card": rights.attributes,
        "came_at": session.opened_at.isoformat(),
        "session": str(session.pk),
        "sends": [],
    }


def _track(track: dict[str, Any]) -> dict[str, Any]:
    return {"source": SOURCES.get(track["source"], "other"), "muted": track["muted"]}
