"""Whom a host has put in everybody's spotlight."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from visio.attendance.models import Gathering


class Spotlight(models.Model):
    """The one person whom everybody sees large, until the host says otherwise or the meeting is over."""

    gathering = models.OneToOneField(
        Gathering, on_delete=models.CASCADE, primary_key=True, related_name="spotlight", verbose_name=_("gathering")
    )
    identity = models.CharField(_("identity"), max_length=255)

    class Meta:
        verbose_name = _("spotlight")
        verbose_name_plural = _("spotlights")

    def __str__(self) -> str:
        return self.identity
