"""Sessions: the lasting conversation with one participant, opened by one ticket."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from suite.identity.models import Login
from visio.rooms.models import Room
from visio.rooms.tickets import VOUCHED
from visio.wire import About, Grant

AWAY_MAX = timedelta(seconds=60)
"""How long after a goodbye a session may join again: clients say goodbye before they reconnect from scratch."""


class LiveKitRoom(models.Model):
    """What LiveKit's server API knows of a room; most rooms of people have none of this."""

    room = models.OneToOneField(Room, on_delete=models.CASCADE, primary_key=True, related_name="outside")
    key = models.CharField(_("API key"), max_length=255, blank=True)
    """The key with which the room was made; empty for a room that people made."""
    name = models.CharField(_("name for integrators"), max_length=256, blank=True)
    metadata = models.TextField(_("metadata"), blank=True)
    max_participants = models.PositiveIntegerField(_("participants at most"), default=0)
    empty_timeout_s = models.PositiveIntegerField(_("seconds kept before anybody came"), default=300)
    departure_timeout_s = models.PositiveIntegerField(_("seconds kept after everybody left"), default=20)

    class Meta:
        verbose_name = _("room for integrators")
        verbose_name_plural = _("rooms for integrators")
        constraints = (
            models.UniqueConstraint(fields=("key", "name"), condition=~models.Q(name=""), name="livekit_room_name"),
        )

    def __str__(self) -> str:
        return self.name or str(self.room_id)

    @property
    def about(self) -> About:
        """Give what the media worker tells clients of the room."""
        created_ms = int(self.room.created_at.timestamp() * 1000)
        return About(self.name, self.metadata, self.max_participants, created_ms)


class Ended(models.TextChoices):
    """Why a session may not go on."""

    REMOVED = "removed", _("put out of the room")
    SIGNED_OUT = "signed_out", _("signed out")
    NOT_ALLOWED = "not_allowed", _("lost the right to be in the room")
    ROOM_CLOSED = "room_closed", _("the room was closed for everybody")
    MOVED = "moved", _("belongs to another room of the meeting")


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions by what may still happen to them."""

    def revocable(self) -> SessionQuerySet:
        """Give the sessions that are in a room, or may still come back."""
        back = models.Q(left_at=None) | models.Q(left_at__gt=timezone.now() - AWAY_MAX)
        return self.filter(back, revoked_at=None)

    def in_meeting(self, room: Room) -> SessionQuerySet:
        """Give the sessions in `room`, in the groups of its meeting, or in those beside it."""
        return self.filter(models.Q(room=room.main_id) | models.Q(room__parent=room.main_id))

    def at(self, room: Room) -> SessionQuerySet:
        """Give the sessions in `room`."""
        return self.filter(room=room)

    def inside(self) -> SessionQuerySet:
        """Give the sessions whose participant is in the room."""
        return self.filter(left_at=None, revoked_at=None, answered_at__isnull=False)


class Session(models.Model):
    """What one ticket opened. Refreshed tokens name it; it ends when the right to be in the room ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.CharField(_("ticket"), max_length=64, unique=True)
    """The ticket's `jti`: unique, so that a ticket opens one session whatever races."""
    channel = models.CharField(_("socket"), max_length=128)
    """The latest socket's address on the channel layer: what older sockets report about the session does not count."""
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="sessions")
    login = models.ForeignKey(Login, on_delete=models.CASCADE, related_name="sessions", null=True)
    via = models.CharField(_("asked for by"), max_length=16)
    identity = models.CharField(_("identity"), max_length=255)
    device = models.CharField(_("browser"), max_length=64, blank=True)
    """Who the browser would be as a guest: a ban of the person holds for it, too."""
    grant = models.JSONField(_("rights"))
    """`wire.Grant` as a dictionary."""
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True)
    """When the worker let the participant in; until then the same ticket may try again."""
    connected_at = models.DateTimeField(_("last connected"), default=timezone.now)
    left_at = models.DateTimeField(_("left"), null=True)
    prove_by = models.DateTimeField(_("has to prove who they are by"), null=True)
    """Until then somebody stays whose identity was proved well enough when they came, and no longer is."""
    revoked_at = models.DateTimeField(_("ended"), null=True)
    revoked_for = models.CharField(_("ended because"), max_length=32, blank=True, choices=Ended.choices)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = (models.Index(fields=("room", "revoked_at", "left_at"), name="session_room_live"),)

    def __str__(self) -> str:
        return f"{self.identity} in {self.room}"

    @property
    def rights(self) -> Grant:
        """Give what the participant is and may do."""
        return Grant(**{**self.grant, "sources": tuple(self.grant["sources"])})

    @property
    def about(self) -> About:
        """Give what the media worker tells clients of the room; read with `room__outside` it costs no query."""
        outside = getattr(self.room, "outside", None)
        return outside.about if outside is not None else About()

    @property
    def has_time(self) -> bool:
        """Say whether the person may still prove more strongly who they are."""
        return self.prove_by is not None and self.prove_by > timezone.now()

    def may_return(self, now: datetime) -> bool:
        """Say whether a refreshed token still opens this session."""
        return self.revoked_at is None and (self.left_at is None or self.left_at > now - AWAY_MAX)

    def is_vouched(self) -> bool:
        """Say whether an operator's command or a connection test made the ticket: no rule about people applies."""
        return self.via in VOUCHED
