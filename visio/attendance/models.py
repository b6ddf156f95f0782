"""Gatherings: the time from the first person in a room to the last, with what is kept for it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from visio.attendance.participations import How, Participation, ParticipationQuerySet
from visio.attendance.ratings import Rating, Trouble
from visio.attendance.signals import gathering_ended
from visio.rooms.models import Room
from visio.wire import Grant

__all__ = ["Gathering", "How", "Participation", "Rating", "Trouble"]


class GatheringQuerySet(models.QuerySet["Gathering"]):
    """Gatherings by where they are."""

    def attended(self) -> GatheringQuerySet:
        """Give those that are over, each with the number of people (`people_count`) that its report has."""
        people = models.Count("participations__identity", distinct=True)
        return self.exclude(ended_at=None).annotate(people_count=people).order_by("-began_at", "id")  # type: ignore[no-redef]  # fills the attribute

    def of(self, room: Room, *, only_now: bool) -> GatheringQuerySet:
        """Give those of a room, or only the one that goes on."""
        found = self.filter(room=room)
        return found.filter(ended_at=None) if only_now else found

    def current(self, room: Room | uuid.UUID) -> Gathering | None:
        """Give the gathering that goes on in `room`, or nothing while nobody is there."""
        return self.filter(room=room, ended_at=None).first()


class Gathering(models.Model):
    """People together in a room. A room has one at a time; chat, polls, notes and attendance belong to one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="gatherings", verbose_name=_("room"))
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    people_count = 0
    """How many people the report has; filled by `GatheringQuerySet.attended`."""

    participations: ParticipationQuerySet
    """Django's reverse side of `Participation.gathering`."""

    objects = GatheringQuerySet.as_manager()

    class Meta:
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")
        ordering = ("-began_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("room",), condition=models.Q(ended_at=None), name="gathering_one_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.room}, {self.began_at:%Y-%m-%d %H:%M}"

    @classmethod
    def begin(cls, room_id: uuid.UUID, now: datetime) -> None:
        """Note that people are together in a room, unless it is known."""
        cls.objects.get_or_create(room_id=room_id, ended_at=None, defaults={"began_at": now})

    @classmethod
    def arrive(cls, room: Room, session: uuid.UUID, grant: Grant, now: datetime, *, vouched: bool) -> None:
        """Note that the participant of `session` is in the gathering of `room`; hidden ones take no part.

        Who is in a group takes part in the gathering of the main room.
        """
        current = None if grant.hidden else cls.objects.current(room.main)
        if current is not None:
            Participation.begin(current.pk, room, session, grant, now, vouched=vouched)

    def end(self, now: datetime) -> None:
        """Note that nobody is left; whoever keeps something for this gathering is told after commit.

        Who was there is forgotten at once where no report may be kept.
        """
        self.ended_at = now
        self.save(update_fields=["ended_at"])
        self.participations.open().update(ended_at=now)
        if not self.room.facts.policy.attendance_days:
            self.participations.all().delete()
            Rating.objects.filter(gathering=self).delete()
        transaction.on_commit(lambda: gathering_ended.send(Gathering, gathering=self))
