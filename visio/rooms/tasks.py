"""Work outside of requests: invitations by e-mail."""

from __future__ import annotations

from smtplib import SMTPException

from celery import shared_task

from suite.identity.models import User
from visio.rooms import invitations
from visio.rooms.models import Room


@shared_task(autoretry_for=(OSError, SMTPException), retry_backoff=True, max_retries=8, ignore_result=True)
def send_invitation(room_id: str, user_id: str, language: str, address: str) -> None:
    """Write to one address; about a room that was deleted meanwhile nobody is told."""
    room = Room.objects.filter(pk=room_id).first()
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if room and user:
        invitations.message(room, user, address, language).send()
