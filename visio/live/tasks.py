"""Work outside of requests: mail to the security contacts, lines of LiveKit's clients, the end of groups and chats."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from celery import Task, shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db import DataError
from django.db import Error as DatabaseError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from suite.identity.models import User
from visio import wire
from visio.live import bridge, groups, retention, spoken
from visio.live.bridge import Spoken
from visio.live.models import Freeze
from visio.live.protocol import MessageError
from visio.rooms.models import Breakouts, Room
from visio.signalling.models import Session
from visio.signalling.registry import VALKEY_ERRORS
from visio.signalling.removal import bring_back

logger = logging.getLogger("visio.live")

PATIENCE = 40
PAUSE_S = 0.25
"""A line waits ten seconds for those before it; one that never comes was dropped by its worker."""


@shared_task(autoretry_for=(OSError, SMTPException), retry_backoff=True, max_retries=12, ignore_result=True)
def tell_security(freeze_id: str) -> None:
    """Write to the security contacts that a meeting was frozen; once, whichever task comes first."""
    freeze = Freeze.objects.filter(pk=freeze_id, told_at=None).first()
    if freeze is None:
        return
    contacts = _security_contacts()
    if not contacts:
        logger.warning("freeze %s: there is nobody to tell, SECURITY_CONTACTS is empty", freeze_id)
        return
    with translation.override(settings.LANGUAGE_CODE):
        send_mail(_subject(freeze), _body(freeze), None, contacts)
    Freeze.objects.filter(pk=freeze_id).update(told_at=timezone.now())


def _security_contacts() -> list[str]:
    """Give the addresses that the settings name, or else those of the administrators with all rights."""
    superusers = User.objects.filter(is_superuser=True, is_active=True).exclude(email="")
    return list(settings.SECURITY_CONTACTS or superusers.values_list("email", flat=True))


def _subject(freeze: Freeze) -> str:
    return _("Visio: the meeting in “%(room)s” was frozen") % {"room": " ".join(freeze.room_name.split())}


def _body(freeze: Freeze) -> str:
    page = settings.PUBLIC_URL + reverse("admin:live_freeze_change", args=[freeze.pk])
    text = _(
        "%(name)s has frozen the meeting in the room “%(room)s” (%(slug)s) at %(at)s.\n"
        "Nobody but those who run the room can speak, share or write; who comes now waits.\n"
        "What was there at that moment is kept: %(page)s"
    )
    at = f"{timezone.localtime(freeze.at):%Y-%m-%d %H:%M:%S %Z}"
    return text % {"name": freeze.by_name, "room": freeze.room_name, "slug": freeze.slug, "at": at, "page": page}


@shared_task(
    name=wire.TASK_SPOKEN,
    bind=True,
    autoretry_for=(DatabaseError, *VALKEY_ERRORS),
    retry_backoff=True,
    max_retries=2 * PATIENCE,
)
def line_spoken(self: Task[..., None], worker: str, number: int, session: str, line: Spoken) -> None:
    """Take a line that a client has said in the media room, in the order of its worker."""
    if self.request.retries < PATIENCE and not bridge.is_next(worker, number):
        raise self.retry(countdown=PAUSE_S)
    try:
        spoken.take(session, line)
    except MessageError as error:
        logger.info("a line of a client is not taken: %s", error.code)
    except (DataError, ValueError) as error:
        # Another try would end the same way, and the lines after it would wait.
        logger.warning("a line of a client is not taken: %s", type(error).__name__)
    bridge.taken(worker, number)


@shared_task(ignore_result=True)
def end_breakouts() -> None:
    """Bring people back from the groups whose time is up; each meeting once, whichever task comes first.

    Who is left in closed groups, because a process died while it closed them, is brought back, too.
    """
    for overdue in Breakouts.objects.overdue().select_related("room"):
        if groups.finish(overdue.room):
            logger.info("room %s: the groups are closed", overdue.room_id)
    left = Session.objects.inside().filter(room__parent__breakouts__is_open=False).values("room__parent")
    for room in Room.objects.filter(pk__in=left):
        count = bring_back(room)
        logger.warning("room %s: %d were left in closed groups", room.pk, count)


@shared_task(ignore_result=True)
def erase_chats() -> None:
    """Erase the chats whose days are over, who has voted, and what is left of the meetings of long ago."""
    now = timezone.now()
    logger.info("chats: %d lines erased", retention.erase_old(now))
    logger.info("gatherings: %d forgotten", retention.forget_gatherings(now))
    logger.info("polls: who has cast %d ballots is forgotten", retention.forget_voters(retention.voted(), now))
