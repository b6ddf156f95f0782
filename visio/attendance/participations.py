"""Participations: who was in a gathering, from when to when, how they came in, and how long they spoke."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from visio.attendance.signals import participations_changed
from visio.rooms.abilities import HOSTS
from visio.rooms.models import Room
from visio.rooms.visits import State, Visit
from visio.wire import Grant


class How(models.TextChoices):
    """How somebody came in."""

    MEMBER = "member", _("member")
    HOST = "host", _("runs the room")
    ADMITTED = "admitted", _("admitted")
    PASSCODE = "passcode", _("with the passcode")
    LINK = "link", _("with the link")
    VOUCHED = "vouched", _("by a program or an operator")


class ParticipationQuerySet(models.QuerySet["Participation"]):
    """Participations by what is still to be noted of them."""

    def open(self) -> ParticipationQuerySet:
        """Give those of people who are there now."""
        return self.filter(ended_at=None)

    def end(self, now: datetime) -> int:
        """Note of all that are open that they are over; give how many there were."""
        over = list(self.open().values_list("pk", flat=True))
        count = self.model.objects.filter(pk__in=over).update(ended_at=now)
        _tell(over)
        return count


class Participation(models.Model):
    """One uninterrupted stay of one person in one gathering; who comes back has another one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gathering = models.ForeignKey("attendance.Gathering", on_delete=models.CASCADE, related_name="participations")
    session = models.UUIDField(_("session"), db_index=True)
    """No foreign key: sessions are deleted sooner, and this folder knows nothing of them."""
    identity = models.CharField(_("identity"), max_length=255)
    name = models.CharField(_("name"), max_length=255)
    organization = models.CharField(_("organisation"), max_length=255, blank=True)
    is_guest = models.BooleanField(_("guest"), default=False)
    how = models.CharField(_("came in"), max_length=16, choices=How.choices)
    admitted_by = models.CharField(_("admitted by"), max_length=255, blank=True)
    began_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("to"), null=True)
    spoken_ms = models.PositiveIntegerField(_("speaking time"), default=0)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ("began_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("session",), condition=models.Q(ended_at=None), name="participation_one_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def came_in(self) -> str:
        """Say how the person came in."""
        if self.how == How.ADMITTED and self.admitted_by:
            return gettext("admitted by %s") % self.admitted_by
        return str(How(self.how).label)

    @classmethod
    def begin(
        cls, gathering: uuid.UUID, room: Room, session: uuid.UUID, grant: Grant, now: datetime, *, vouched: bool
    ) -> None:
        """Note that the participant of `session` is there, unless it is known."""
        how, by = (How.VOUCHED, "") if vouched else _way_in(room, grant)
        card = grant.attributes
        values = {
            "gathering_id": gathering,
            "identity": grant.identity,
            "name": (grant.name or grant.identity)[:255],
            "organization": card.get("organization", "")[:255],
            "is_guest": card.get("kind") == "guest",
            "how": how,
            "admitted_by": by[:255],
            "began_at": now,
        }
        found, is_new = cls.objects.get_or_create(session=session, ended_at=None, defaults=values)
        if is_new:
            _tell([found.pk])

    @classmethod
    def add_speech(cls, spoken_ms: Mapping[str, int]) -> None:
        """Add to the latest participation of each session how long its participant has spoken since the last report."""
        told = []
        for session, more in spoken_ms.items():
            latest = cls.objects.filter(session=session).order_by("-began_at").values_list("pk", flat=True).first()
            if latest and cls.objects.filter(pk=latest).update(spoken_ms=F("spoken_ms") + more):
                told.append(latest)
        _tell(told)


def _way_in(room: Room, grant: Grant) -> tuple[How, str]:
    """Give how the person behind `grant` got past the door of `room`, and who let them in."""
    role = grant.attributes.get("role", "")
    if role:
        return (How.HOST if role in HOSTS else How.MEMBER), ""
    admitted = Visit.objects.filter(room=room.main_id, identity=grant.identity, state=State.ADMITTED)
    if visit := admitted.select_related("decided_by").first():
        return How.ADMITTED, str(visit.decided_by or "")
    return (How.PASSCODE if room.main.passcode else How.LINK), ""


def _tell(those: Iterable[uuid.UUID]) -> None:
    """Tell, after commit, whoever shows participations that these have changed."""
    changed = list(those)
    if changed:
        transaction.on_commit(lambda: participations_changed.send(Participation, ids=changed))
