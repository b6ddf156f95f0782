"""Breakout rooms as the database has them: the groups of one meeting, and who belongs to which of them."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MOVING_MAX = timedelta(seconds=60)
"""For so long after people were told to move the meeting goes on although nobody is seen in it."""


class BreakoutsQuerySet(models.QuerySet["Breakouts"]):
    """Breakout rooms by what goes on in them."""

    def opened(self) -> BreakoutsQuerySet:
        """Give those whose groups are open."""
        return self.filter(is_open=True)

    def moving(self) -> BreakoutsQuerySet:
        """Give those whose people may be between two rooms at this moment."""
        return self.filter(moved_at__gt=timezone.now() - MOVING_MAX)

    def overdue(self) -> BreakoutsQuerySet:
        """Give those whose time is up."""
        return self.opened().filter(ends_at__lte=timezone.now())


class Breakouts(models.Model):
    """The groups of a meeting; they are forgotten with it."""

    room = models.OneToOneField("rooms.Room", on_delete=models.CASCADE, primary_key=True, related_name="breakouts")
    """The main room."""
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)
    """How long the groups stay open; 0: until a host brings everybody back."""
    may_choose = models.BooleanField(_("everybody may choose"), default=False)
    is_open = models.BooleanField(_("open"), default=False)
    ends_at = models.DateTimeField(_("ends"), null=True)
    moved_at = models.DateTimeField(_("people were told to move"), null=True)

    places: PlaceQuerySet
    """Django's reverse side of `Place.breakouts`."""

    objects = BreakoutsQuerySet.as_manager()

    class Meta:
        verbose_name = _("breakout rooms")
        verbose_name_plural = _("breakout rooms")

    def __str__(self) -> str:
        return str(self.room)


class PlaceQuerySet(models.QuerySet["Place"]):
    """Places by whether they open a door."""

    def of(self, identity: str) -> PlaceQuerySet:
        """Give the places of one person."""
        return self.filter(identity=identity)

    def in_groups(self) -> PlaceQuerySet:
        """Give those that are not in the main room."""
        return self.filter(group__isnull=False)

    def underway(self) -> PlaceQuerySet:
        """Give those of meetings whose groups are open, or were until a moment ago."""
        moved = timezone.now() - MOVING_MAX
        return self.filter(models.Q(breakouts__is_open=True) | models.Q(breakouts__moved_at__gt=moved))


class Place(models.Model):
    """To which room of a meeting somebody was told to go; one place for each person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    breakouts = models.ForeignKey(Breakouts, on_delete=models.CASCADE, related_name="places")
    group = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="places", null=True)
    """Nothing: the main room."""
    identity = models.CharField(_("identity"), max_length=255)
    name = models.CharField(_("name"), max_length=255)
    asked_at = models.DateTimeField(_("asked for help"), null=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place in a group")
        verbose_name_plural = _("places in groups")
        constraints = (models.UniqueConstraint(fields=("breakouts", "identity"), name="place_once"),)

    def __str__(self) -> str:
        return f"{self.name} in {self.group or self.breakouts}"
