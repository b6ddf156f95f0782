"""Frozen meetings: who froze them, what was kept as evidence, whether the security contacts were told."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visio.rooms.models import Room


class Freeze(models.Model):
    """One freeze. It outlives the room, the meeting and what retention erases; only administrators delete it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.SET_NULL, null=True, related_name="freezes", verbose_name=_("room"))
    room_name = models.CharField(_("name of the room"), max_length=255)
    slug = models.CharField(_("link"), max_length=12)
    at = models.DateTimeField(_("frozen at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("frozen by")
    )
    by_name = models.CharField(_("name of who froze it"), max_length=255)
    evidence = models.JSONField(_("evidence"), default=dict)
    """Who was there, what they sent, and what was written in the chat, at that moment."""
    told_at = models.DateTimeField(_("security contacts told"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by_name = models.CharField(_("ended by"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("frozen meeting")
        verbose_name_plural = _("frozen meetings")
        ordering = ("-at", "id")

    def __str__(self) -> str:
        return f"{self.room_name}, {self.at:%Y-%m-%d %H:%M}"
