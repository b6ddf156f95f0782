"""Work outside of requests: who left, what the database and the workers disagree about, what is old."""

from __future__ import annotations

import logging
from datetime import timedelta

from asgiref.sync import async_to_sync
from celery import shared_task
from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone

from visio import wire
from visio.attendance.models import Participation
from visio.rooms.models import Room
from visio.rooms.signals import access_changed
from visio.signalling import client, proofs, registry, rights, sessions, signals
from visio.signalling.errors import NoWorkerError
from visio.signalling.models import Session
from visio.signalling.removal import expel

logger = logging.getLogger("visio.signalling")

UNSEEN_MAX = timedelta(seconds=90)
"""Longer than a worker keeps a participant whose socket is lost, and than any join takes."""
KEPT = timedelta(days=30)


@shared_task(name=wire.TASK_LEFT, autoretry_for=(DatabaseError,), retry_backoff=True, max_retries=20)
def participant_left(session: str, channel: str, reason: int, spoken_ms: int = 0) -> None:
    """Note that a participant is gone; the worker says so, with a `livekit.DisconnectReason` number."""
    with transaction.atomic():  # a second try must not count twice
        sessions.left(session, channel, timezone.now())  # first, for it locks the room before all else
        if spoken_ms:
            Participation.add_speech({session: spoken_ms})
    logger.info("session %s: left, reason %s", session, reason)


@shared_task(name=wire.TASK_SPOKE, ignore_result=True)
def spoke(spoken_ms: dict[str, int]) -> None:
    """Add to what people have spoken; the worker says so, by session."""
    Participation.add_speech(spoken_ms)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Mend what lost messages and dead workers left behind.

    That is: ghosts in rooms, rights that the worker was not told of, sessions and room keys without anybody.
    """
    try:
        inside = async_to_sync(_look)()
    except (NoWorkerError, *registry.VALKEY_ERRORS) as error:
        logger.warning("sweep: put off (%s)", type(error).__name__)
        return
    alive = {str(pk) for pk in Session.objects.filter(pk__in=inside, revoked_at=None).values_list("pk", flat=True)}
    ghosts = inside.keys() - alive
    for session in ghosts:
        expel(inside[session]["room"], session)
    signals.tell(Session.objects.filter(pk__in=ghosts).values_list("room", "identity"))
    repeated = rights.repeat({pk: inside[pk]["grant"] for pk in alive if "grant" in inside[pk]})
    for room in proofs.overdue():
        access_changed.send(sender=Session, room=room)
    now = timezone.now()
    gone = sessions.gone(Session.objects.filter(connected_at__lt=now - UNSEEN_MAX).exclude(pk__in=inside), now)
    sessions.end_meetings(Room.objects.lasting())
    counts = (len(alive), len(ghosts), repeated, gone)
    logger.info("sweep: %d inside, %d expelled, %d told their rights again, %d gone", *counts)


async def _look() -> dict[str, dict[str, str]]:
    """Give every session that a worker holds, with its `room` and `grant`, and forget the rooms that none holds."""
    rooms = [room for worker in await client.dump_workers("brief") for room in worker["rooms"]]
    async with registry.valkey() as connection:
        await registry.prune(connection, {room["name"] for room in rooms})
    return {one["session"]: {**one, "room": room["name"]} for room in rooms for one in room["participants"]}


@shared_task(ignore_result=True)
def purge_sessions() -> None:
    """Delete sessions that ended long ago."""
    count, _ = Session.objects.filter(left_at__lt=timezone.now() - KEPT).delete()
    logger.info("purge: %d sessions", count)
