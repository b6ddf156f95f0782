"""The agenda of a gathering and its timer: it runs until `ends_at`, or is paused with `left_ms`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visio.attendance.models import Gathering

ITEMS_MAX = 30
ITEM_MAX = 150
MINUTES_MAX = 600
NONE = -1


class Agenda(models.Model):
    """Items with their minutes, which one is current, and the countdown."""

    gathering = models.OneToOneField(Gathering, on_delete=models.CASCADE, primary_key=True, related_name="agenda")
    items = models.JSONField(_("items"), default=list)
    """Each has `text` and `minutes`."""
    current = models.IntegerField(_("current item"), default=NONE)
    ends_at = models.DateTimeField(_("ends"), null=True)
    left_ms = models.PositiveBigIntegerField(_("time left while paused"), null=True)

    class Meta:
        verbose_name = _("agenda")
        verbose_name_plural = _("agendas")

    def __str__(self) -> str:
        return str(self.gathering)

    def start(self, seconds: int, now: datetime | None = None) -> None:
        """Let the timer run for so long from now; nothing stops it."""
        self.ends_at = (now or timezone.now()) + timedelta(seconds=seconds) if seconds else None
        self.left_ms = None

    def pause(self) -> None:
        """Hold a running timer."""
        if self.ends_at is not None:
            left = self.ends_at - timezone.now()
            self.left_ms, self.ends_at = max(0, round(left.total_seconds() * 1000)), None

    def resume(self) -> None:
        """Let a paused timer go on."""
        if self.left_ms is not None:
            self.ends_at, self.left_ms = timezone.now() + timedelta(milliseconds=self.left_ms), None
