"""What people say of a meeting when they leave it: stars, what went wrong, a few words, and not who they are."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from visio.attendance.participations import Participation
from visio.rooms.models import Room

WORDS_MAX = 1000
SALT = "visio.attendance.ratings"
SAID_WITHIN = timedelta(hours=12)
"""Of the end of a stay: later nobody remembers."""


class Trouble(models.TextChoices):
    """What can go wrong."""

    SOUND = "sound", _("Sound")
    PICTURE = "picture", _("Picture")
    CONNECTION = "connection", _("Connection")
    OTHER = "other", _("Something else")


STARS = (
    (1, _("1 star: very bad")),
    (2, _("2 stars: bad")),
    (3, _("3 stars: fair")),
    (4, _("4 stars: good")),
    (5, _("5 stars: very good")),
)


class Rating(models.Model):
    """What one person said of one gathering; saying it again replaces it. Goes with the report of attendance."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gathering = models.ForeignKey(
        "attendance.Gathering", on_delete=models.CASCADE, related_name="ratings", verbose_name=_("gathering")
    )
    rater = models.CharField(max_length=64, editable=False)
    """A keyed hash of person and gathering: tells that two are the same person's, and nothing else."""
    stars = models.PositiveSmallIntegerField(
        _("stars"), choices=STARS, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    troubles = models.JSONField(_("what went wrong"), default=list)
    words = models.CharField(_("words"), max_length=WORDS_MAX, blank=True)
    given_on = models.DateField(_("given"), default=timezone.localdate)
    """The day only: the moment would tell who had just left."""

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ("-given_on", "id")
        constraints = (models.UniqueConstraint(fields=("gathering", "rater"), name="rating_once"),)

    def __str__(self) -> str:
        return "★" * self.stars

    @classmethod
    def give(cls, stay: Participation, stars: int, troubles: Iterable[str], words: str) -> None:
        """Keep what the person of `stay` says of its gathering."""
        said = {"stars": stars, "troubles": list(troubles), "words": words, "given_on": timezone.localdate()}
        rater = salted_hmac(SALT, f"{stay.gathering_id} {stay.identity}").hexdigest()
        cls.objects.update_or_create(gathering_id=stay.gathering_id, rater=rater, defaults=said)


def latest_stay(room: Room, identity: str) -> Participation | None:
    """Give the latest stay of somebody in `room` of which they may speak now: one that has not ended long ago."""
    if not identity:
        return None
    stays = Participation.objects.filter(gathering__room=room.main_id, identity=identity)
    recent = models.Q(ended_at=None) | models.Q(ended_at__gte=timezone.now() - SAID_WITHIN)
    return stays.filter(recent).order_by("-began_at").select_related("gathering").first()
