"""What a host wrote last to those who wait, for those who come later."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visio.rooms.models import Room


class LobbyText(models.Model):
    """The newest words at the door of one room; gone when the meeting is over."""

    room = models.OneToOneField(Room, on_delete=models.CASCADE, primary_key=True, related_name="lobby_text")
    text = models.CharField(_("text"), max_length=500)
    by_name = models.CharField(_("by"), max_length=255)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("words at the door")
        verbose_name_plural = _("words at the door")

    def __str__(self) -> str:
        return f"{self.by_name}: {self.text}"
