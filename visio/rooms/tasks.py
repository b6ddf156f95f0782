"""Work outside of requests: invitations by e-mail."""

from __future__ import annotations

import logging
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import TYPE_CHECKING, Any

from celery import shared_task
from celery.utils.time import get_exponential_backoff_interval
from django.core.mail import EmailMessage

from suite.identity.models import User
from visio.rooms import invitations
from visio.rooms.models import Room

if TYPE_CHECKING:
    from celery import Task

logger = logging.getLogger("visio.rooms")
LONGEST_WAIT_S = 600
FOR_EVER = 500
"""The least code with which a mail server refuses something for ever; below it may be asked again."""


class NotSentError(Exception):
    """A mail was not taken. Holds only what kind of error it was: what mail servers say may hold the address."""


@shared_task(bind=True, max_retries=8, ignore_result=True)
def send_invitation(task: Task[Any, Any], room_id: str, user_id: str, language: str, address: str) -> None:
    """Write to one address; about a room that was deleted meanwhile nobody is told."""
    room = Room.objects.filter(pk=room_id).first()
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if room is None or user is None:
        return
    if trouble := _trouble_with(invitations.message(room, user, address, language)):
        # Not where the error is handled: what Celery logs would show it as the cause.
        wait_s = get_exponential_backoff_interval(1, task.request.retries, LONGEST_WAIT_S, full_jitter=True)
        raise task.retry(exc=NotSentError(trouble), countdown=wait_s)


def _trouble_with(mail: EmailMessage) -> str:
    """Send a mail; give the kind of error that may pass, or nothing."""
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        if all(code >= FOR_EVER for code, _words in error.recipients.values()):
            logger.warning("an invitation was not sent: the mail server refuses its recipient")
            return ""
        return type(error).__name__
    except (OSError, SMTPException) as error:
        return type(error).__name__
    return ""
