"""What sockets are told of what happens elsewhere: a changed access, role or login, people who come and go."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from suite.identity.models import Login
from suite.identity.signals import login_ended
from visio.attendance.models import Gathering, Participation
from visio.attendance.signals import gathering_ended, participations_changed
from visio.live import evidence, groups, news, retention
from visio.live.handlers.attendance import described
from visio.live.models import Agenda, ChatFile, Freeze, Hand, LobbyText, Poll, Spotlight
from visio.rooms.models import Breakouts, Room
from visio.rooms.signals import access_changed
from visio.signalling.registry import VALKEY_ERRORS
from visio.signalling.signals import presence_changed

logger = logging.getLogger("visio.live")


@receiver(access_changed)
def look_again(room: Room, identities: list[str] | None = None, **_: Any) -> None:
    """Have every socket of `room`, and of its groups, looked at; or those of some people and of the hosts."""
    try:
        for each in room.family():
            news.recheck(each.pk, identities, hosts=True)
    except VALKEY_ERRORS as error:
        logger.warning("sockets not told: Valkey is away (%s)", type(error).__name__)


@receiver(presence_changed)
def look_at_people(room_id: uuid.UUID, identities: list[str] | None, **_: Any) -> None:
    """Have the sockets looked at of those who have come or gone."""
    try:
        news.recheck(room_id, identities)
    except VALKEY_ERRORS as error:
        logger.warning("sockets not told: Valkey is away (%s)", type(error).__name__)


@receiver(presence_changed)
def tell_who_has_no_group(room_id: uuid.UUID, identities: list[str] | None, **_: Any) -> None:
    """Tell the hosts of a meeting with groups who has come or gone; those with a place are in their list anyway."""
    meeting = Q(room=room_id) | Q(room__groups=room_id)
    found = Breakouts.objects.filter(meeting).select_related("room").first()
    if found is None or identities is None:
        return
    if found.places.filter(identity__in=identities).count() < len(set(identities)):
        try:
            groups.tell_people(found.room)
        except VALKEY_ERRORS as error:
            logger.warning("hosts not told: Valkey is away (%s)", type(error).__name__)


@receiver(gathering_ended)
def end_chat(gathering: Gathering, **_: Any) -> None:
    """Erase the chat that is kept for the meeting only."""
    count = retention.end(gathering)
    logger.info("gathering %s: %d lines of chat erased", gathering.pk, count)


@receiver(gathering_ended)
def clear_stage(gathering: Gathering, **_: Any) -> None:
    """Forget the hands, the spotlight, the agenda and the words at the door, which nobody asks for afterwards."""
    Hand.objects.filter(gathering=gathering).delete()
    Spotlight.objects.filter(gathering=gathering).delete()
    Agenda.objects.filter(gathering=gathering).delete()
    LobbyText.objects.filter(room=gathering.room_id).delete()


@receiver(post_delete, sender=ChatFile)
def forget_content(instance: ChatFile, **_: Any) -> None:
    """Take the content of a file out of the storage once nothing names it, no evidence either."""
    if not evidence.names(instance.pk):
        transaction.on_commit(lambda: instance.content.delete(save=False))


@receiver(post_delete, sender=Freeze)
def forget_evidence(instance: Freeze, **_: Any) -> None:
    """Take out of the storage what only this evidence has kept there."""
    transaction.on_commit(lambda: evidence.erase_files(instance))


@receiver(login_ended)
def sign_out(login: Login, **_: Any) -> None:
    """Have the sockets of the rooms looked at in which that person was."""
    for room in Room.objects.filter(sessions__login=login).distinct():
        look_again(room)


@receiver(participations_changed)
def tell_hosts(ids: list[uuid.UUID], **_: Any) -> None:
    """Tell the hosts of participations that are new or other than before, each as a whole."""
    try:
        for one in Participation.objects.filter(pk__in=ids).select_related("gathering"):
            message = {"type": "attendance.person", "gathering": str(one.gathering_id), "person": described(one)}
            news.say_meeting(one.gathering.room_id, message, hosts=True)
    except VALKEY_ERRORS as error:
        logger.warning("hosts not told: Valkey is away (%s)", type(error).__name__)


@receiver(gathering_ended)
def close_polls(gathering: Gathering, **_: Any) -> None:
    """Take no more votes; who has voted is forgotten at once where no report of who was there may be kept."""
    for poll in Poll.objects.filter(gathering=gathering, closed_at=None):
        poll.close()
    retention.forget_voters([gathering], timezone.now())
