"""What integrators are told, and when: the workers' reports put in order, mended where a worker died, queued."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from google.protobuf import json_format
from livekit.protocol import models, webhook

from visio.integration.models import Attendee, Delivery, Gathering, Reporter
from visio.rooms.models import Room
from visio.signalling.models import LiveKitRoom, Session

logger = logging.getLogger("visio.integration")

ROOM_STARTED, ROOM_FINISHED, JOINED, LEFT = "room_started", "room_finished", "participant_joined", "participant_left"
MISSED = timedelta(seconds=60)
"""How long after somebody left their worker may still report it, while Valkey is away or it is busy."""
DEPARTURE_S = 20


def is_next(worker: str, number: int) -> bool:
    """Say whether report `number` of a worker may be taken: all those before were, or it repeats one."""
    last = Reporter.objects.filter(worker=worker).values_list("number", flat=True).first() or 0
    return number <= last + 1


def take(worker: str, number: int, facts: Sequence[Mapping[str, str]], now: datetime) -> list[uuid.UUID]:
    """Queue what a worker reported; give the rooms that are empty now. A repeated report changes nothing."""
    empty = []
    with transaction.atomic():
        reporter, _ = Reporter.objects.select_for_update().get_or_create(worker=worker)
        reporter.number, reporter.seen_at = max(reporter.number, number), now
        reporter.save()
        for fact in facts:
            room, event = uuid.UUID(fact["room"]), _read(fact["event"])
            if not _is_told(room, event):
                continue
            if event.event == ROOM_FINISHED:
                _note_empty(room, event, now)
                empty.append(room)
            elif TURNS.get(event.event, _always)(room, fact["session"], event):
                _queue(room, event)
    return empty


def finish(room: uuid.UUID, now: datetime) -> bool:
    """Tell that a room is over, if nobody has come back since it was empty; say whether it was told."""
    with transaction.atomic():
        gathering = Gathering.objects.select_for_update().filter(room=room).exclude(empty_since=None).first()
        is_due = gathering and gathering.empty_since and now >= gathering.empty_since + patience(room)
        if not gathering or not is_due or Attendee.objects.filter(room=room).exists():
            return False
        event = _event(ROOM_FINISHED, gathering.info)
        _queue(room, event)
        gathering.delete()
    return True


def patience(room: uuid.UUID) -> timedelta:
    """Give how long an empty room waits for somebody to come back; one that was deleted does not."""
    if not Room.objects.filter(pk=room).exists():
        return timedelta(0)
    known = LiveKitRoom.objects.filter(room=room).exclude(key="").first()
    return timedelta(seconds=known.departure_timeout_s if known else DEPARTURE_S)


def mend(now: datetime) -> list[uuid.UUID]:
    """Tell of those who left with a worker that died; give the rooms that may be over."""
    for attendee in _lost(now):
        with transaction.atomic():
            if Attendee.objects.filter(pk=attendee.pk).delete()[0]:
                gathering = Gathering.objects.filter(room=attendee.room).first()
                info = json_format.Parse(attendee.info, models.ParticipantInfo())
                info.state = models.ParticipantInfo.State.DISCONNECTED
                info.disconnect_reason = models.DisconnectReason.SIGNAL_CLOSE
                _queue(attendee.room, _event(LEFT, gathering.info if gathering else "{}", info))
                logger.info("participant %s: left with its worker", attendee.pk)
    inside = Session.objects.filter(left_at=None, revoked_at=None).values("room")
    deserted = Gathering.objects.exclude(room__in=inside).exclude(room__in=Attendee.objects.values("room"))
    deserted.filter(empty_since=None).update(empty_since=now)
    return list(deserted.values_list("room", flat=True))


def _lost(now: datetime) -> list[Attendee]:
    """Give those whose session is over for so long that their worker would have reported it."""
    old = list(Attendee.objects.filter(joined_at__lt=now - MISSED))
    there = Session.objects.filter(pk__in=[one.session for one in old]).filter(
        Q(left_at=None) | Q(left_at__gte=now - MISSED)
    )
    alive = set(there.values_list("pk", flat=True))
    return [one for one in old if one.session not in alive]


def _is_told(room: uuid.UUID, event: webhook.WebhookEvent) -> bool:
    """Say whether the receivers may hear of a room: it is theirs, and no connection test."""
    if event.event not in (ROOM_STARTED, JOINED):
        return Gathering.objects.filter(room=room).exists()
    if Room.objects.for_tests().filter(pk=room).exists():
        return False
    key = settings.LIVEKIT_WEBHOOK_API_KEY
    is_theirs = key == settings.LIVEKIT_API_KEY or LiveKitRoom.objects.filter(room=room, key=key).exists()
    if is_theirs and event.event == JOINED:  # webhooks may have been switched on while the room went on
        Gathering.objects.get_or_create(room=room, defaults={"info": _json(event.room)})
    return is_theirs


def _started(room: uuid.UUID, _session: str, event: webhook.WebhookEvent) -> bool:
    """Say whether a room is new, and not the one that is going on and has moved to another worker."""
    _, is_new = Gathering.objects.update_or_create(room=room, defaults={"info": _json(event.room), "empty_since": None})
    return is_new


def _joined(room: uuid.UUID, session: str, event: webhook.WebhookEvent) -> bool:
    Gathering.objects.filter(room=room).update(empty_since=None)
    _, is_new = Attendee.objects.get_or_create(
        sid=event.participant.sid,
        defaults={
            "room": room,
            "session": session,
            "info": _json(event.participant),
            "joined_at": datetime.fromtimestamp(event.created_at, UTC),
        },
    )
    return is_new


def _left(_room: uuid.UUID, _session: str, event: webhook.WebhookEvent) -> bool:
    """Say whether it was told that somebody joined, and not yet that they left."""
    return bool(Attendee.objects.filter(sid=event.participant.sid).delete()[0])


def _read(text: str) -> webhook.WebhookEvent:
    return json_format.Parse(text, webhook.WebhookEvent(), ignore_unknown_fields=True)


def _always(_room: uuid.UUID, _session: str, _event: webhook.WebhookEvent) -> bool:
    return True


TURNS: dict[str, Callable[[uuid.UUID, str, webhook.WebhookEvent], bool]] = {
    ROOM_STARTED: _started,
    JOINED: _joined,
    LEFT: _left,
}


def _note_empty(room: uuid.UUID, event: webhook.WebhookEvent, now: datetime) -> None:
    """Wait whether somebody comes back before it is told that the room is over."""
    Gathering.objects.filter(room=room).update(info=_json(event.room), empty_since=now)


def _queue(room: uuid.UUID, event: webhook.WebhookEvent) -> None:
    body = _json(event)
    created_at = datetime.fromtimestamp(event.created_at, UTC)
    rows = [
        Delivery(event_id=event.id, url=url, room=room, event=event.event, body=body, created_at=created_at)
        for url in settings.LIVEKIT_WEBHOOK_URLS
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _event(name: str, room_info: str, participant: models.ParticipantInfo | None = None) -> webhook.WebhookEvent:
    room = json_format.Parse(room_info, models.Room())
    event = webhook.WebhookEvent(event=name, room=room, id=f"EV_{uuid.uuid4().hex[:12]}", created_at=int(time.time()))
    if participant is not None:
        event.participant.CopyFrom(participant)
    else:
        event.room.num_participants = event.room.num_publishers = 0
    return event


def _json(message: webhook.WebhookEvent | models.Room | models.ParticipantInfo) -> str:
    return json_format.MessageToJson(message, indent=None)
