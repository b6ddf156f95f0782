"""What is kept when a meeting is frozen: who was there, what they sent and wrote, who waited, the rules."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from asgiref.sync import async_to_sync
from django.utils import timezone

from visio.live.models import ChatFile, ChatMessage, Freeze
from visio.rooms import terms
from visio.rooms.models import Room
from visio.signalling import client
from visio.signalling.models import Session
from visio.signalling.registry import VALKEY_ERRORS

SOURCES = {1: "camera", 2: "microphone", 3: "screen_share", 4: "screen_share_audio"}


def of(room: Room) -> dict[str, Any]:
    """Give the evidence of this moment, also of groups, as JSON; what the media worker does not answer is left out."""
    tracks = {session: sent for each in room.family() for session, sent in _tracks(each).items()}
    inside = Session.objects.inside().in_meeting(room).order_by("opened_at")
    waiting = [{"identity": visit.identity, "name": visit.name, "card": visit.card} for visit in room.visits.waiting()]
    return {
        "at": timezone.now().isoformat(),
        "people": [_person(session, tracks) for session in inside],
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


def _person(session: Session, tracks: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    rights = session.rights
    return {
        "identity": session.identity,
        "name": rights.name,
        "card": rights.attributes,
        "came_at": session.opened_at.isoformat(),
        "sends": tracks.get(str(session.pk), []),
    }


def _tracks(room: Room) -> dict[str, list[dict[str, Any]]]:
    """Give what each session sends, by its id."""
    try:
        described = async_to_sync(client.dump_room)(str(room.pk)) or {"participants": []}
    except (TimeoutError, *VALKEY_ERRORS):
        return {}
    return {who["session"]: [_track(track) for track in who["tracks"]] for who in described["participants"]}


def _track(track: dict[str, Any]) -> dict[str, Any]:
    return {"source": SOURCES.get(track["source"], "other"), "muted": track["muted"]}
