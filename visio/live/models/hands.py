"""Raised hands, in the order in which the server saw them, and who has had the floor already."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visio.attendance.models import Gathering


class HandQuerySet(models.QuerySet["Hand"]):
    """Hands by where they are."""

    def raised(self) -> HandQuerySet:
        """Give the raised ones, in order."""
        return self.filter(raised_at__isnull=False).order_by("raised_at", "id")


class Hand(models.Model):
    """One person's hand in one gathering."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gathering = models.ForeignKey(
        Gathering, on_delete=models.CASCADE, related_name="hands", verbose_name=_("gathering")
    )
    identity = models.CharField(_("identity"), max_length=255)
    name = models.CharField(_("name"), max_length=255)
    raised_at = models.DateTimeField(_("raised"), null=True)
    turns = models.PositiveIntegerField(_("times given the floor"), default=0)

    objects = HandQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand")
        verbose_name_plural = _("hands")
        constraints = (models.UniqueConstraint(fields=("gathering", "identity"), name="hand_once"),)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def raise_up(cls, gathering: Gathering, identity: str, name: str) -> None:
        """Raise a hand; one that is raised keeps its place."""
        hand, _is_new = cls.objects.get_or_create(gathering=gathering, identity=identity, defaults={"name": name})
        cls.objects.filter(pk=hand.pk, raised_at=None).update(raised_at=timezone.now(), name=name)

    @classmethod
    def give_floor(cls, gathering: Gathering, identity: str) -> bool:
        """Lower a raised hand because it is its person's turn; say whether it was raised."""
        hand = cls.objects.filter(gathering=gathering, identity=identity, raised_at__isnull=False)
        return bool(hand.update(raised_at=None, turns=models.F("turns") + 1))
