"""Webhooks on their way, and what integrators were told so far."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """What became of a delivery."""

    WAITING = "waiting", _("waiting")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("failed")


class Delivery(models.Model):
    """One event for one address. Those of one room arrive in order: a later one waits for the one before."""

    event_id = models.CharField(_("event id"), max_length=64)
    url = models.TextField(_("address"))
    room = models.UUIDField(_("room"))
    event = models.CharField(_("event"), max_length=64)
    body = models.TextField(_("content"), blank=True)
    """Protobuf JSON, exactly as it is signed and sent; emptied once it has arrived, for it names people."""
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(_("happened"), default=timezone.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    answer = models.CharField(_("last answer"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("event_id", "url"), name="delivery_event_url"),)
        indexes = (models.Index(fields=("state", "due_at"), name="delivery_due"),)

    def __str__(self) -> str:
        return f"{self.event} {self.event_id}"

    def claim(self, now: datetime, until: datetime) -> bool:
        """Take the next attempt, so that no other process makes it too; say whether it was still to be made."""
        waiting = Delivery.objects.filter(pk=self.pk, state=State.WAITING, attempts=self.attempts, due_at__lte=now)
        return bool(waiting.update(attempts=self.attempts + 1, due_at=until))

    def has_older(self) -> bool:
        """Say whether an earlier event of the same room is still on its way to the same address."""
        same = Delivery.objects.filter(url=self.url, room=self.room, state=State.WAITING)
        return same.filter(pk__lt=self.pk).exists()


class Reporter(models.Model):
    """A media worker, and the number of its last report that was taken: Celery may hand them over in another order."""

    worker = models.CharField(primary_key=True, max_length=64)
    number = models.PositiveBigIntegerField(default=0)
    seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.worker


class Gathering(models.Model):
    """A room of which integrators were told that it started, and not yet that it finished."""

    room = models.UUIDField(primary_key=True)
    info = models.TextField()
    """The room as it was told of last: protobuf JSON of `livekit.Room`."""
    empty_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.room)


class Attendee(models.Model):
    """A participant of whom integrators were told that they joined, and not yet that they left."""

    sid = models.CharField(primary_key=True, max_length=64)
    room = models.UUIDField(db_index=True)
    session = models.UUIDField()
    info = models.TextField()
    """Protobuf JSON of `livekit.ParticipantInfo`."""
    joined_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.sid
