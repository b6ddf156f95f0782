"""People at the door of a room: waiting, admitted, refused or banned; one row per person and room."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from suite.identity.models import User
from visio.rooms.roles import Role
from visio.rooms.signals import access_changed

if TYPE_CHECKING:
    from visio.rooms.models import Room

ASK_AGAIN = timedelta(seconds=60)
FORGOTTEN = timedelta(hours=1)
DEVICE_OF = "device_of"
"""In the card of a banned browser: the account that was banned."""
UNSEEN_MAX = timedelta(seconds=60)
"""A waiting browser says something every 20 seconds; one that has not for so long is gone."""


class State(models.TextChoices):
    """What has been decided about somebody at the door."""

    WAITING = "waiting", _("waiting")
    ADMITTED = "admitted", _("admitted")
    REFUSED = "refused", _("refused")
    BANNED = "banned", _("banned")
    NONE = "none", _("not decided")


class VisitQuerySet(models.QuerySet["Visit"]):
    """Visits, found by what is to be done about them."""

    def waiting(self) -> VisitQuerySet:
        """Give those who wait now, in the order in which they came."""
        seen = timezone.now() - UNSEEN_MAX
        return self.filter(state=State.WAITING, seen_at__gte=seen).order_by("asked_at", "id")

    def crowd(self, origin: str) -> VisitQuerySet:
        """Give the guests from one origin who wait, or began to within the last minute and have gone."""
        latest = timezone.now() - UNSEEN_MAX
        recent = models.Q(seen_at__gte=latest) | models.Q(asked_at__gte=latest)
        return self.filter(recent, state=State.WAITING, user=None, origin=origin)

    def forgotten(self) -> VisitQuerySet:
        """Give those who waited and have been gone for long."""
        return self.filter(state=State.WAITING, seen_at__lt=timezone.now() - FORGOTTEN)

    def banned(self) -> VisitQuerySet:
        """Give the people who may not come back, the latest decision first."""
        people = self.filter(state=State.BANNED).exclude(card__has_key=DEVICE_OF)
        return people.order_by("-decided_at", "id").select_related("decided_by")

    def passing(self) -> VisitQuerySet:
        """Give what was decided for one meeting only."""
        for_good = models.Q(state=State.BANNED, is_for_good=True)
        return self.exclude(state=State.WAITING).exclude(for_good)


class Visit(models.Model):
    """One person at the door of one room. What was admitted or refused holds until the meeting is over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="visits")
    identity = models.CharField(_("identity"), max_length=64)
    """As the others in the room see it: the id of an account, or what a guest's secret gives in this room."""
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="visits")
    name = models.CharField(_("name"), max_length=255)
    card = models.JSONField(_("identity card"), default=dict)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True)
    is_for_good = models.BooleanField(_("for good"), default=True)
    """Whether a ban outlives the meeting."""
    origin = models.CharField(_("origin"), max_length=32, blank=True)
    """A keyed hash of the address of a guest who waits, which tells nothing but whether two are the same."""
    is_put_out = models.BooleanField(_("put out"), default=False)
    """Enters again only when somebody lets them in."""
    denied = models.JSONField(_("denied"), default=list)
    """What a host has forbidden to this person: terms of `visio/rooms/terms.py`."""
    role = models.CharField(_("role in the meeting"), max_length=16, blank=True, choices=Role.choices)
    """Takes the place of the lasting role until the meeting is over."""
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = (models.UniqueConstraint(fields=("room", "identity"), name="visit_once"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

    @property
    def is_just_refused(self) -> bool:
        """Say whether somebody was refused so short a time ago that they may not ask again."""
        latest = timezone.now() - ASK_AGAIN
        return self.state == State.REFUSED and self.decided_at is not None and self.decided_at >= latest

    @classmethod
    def ask(
        cls,
        room: Room,
        identity: str,
        user: User | None,
        name: str,
        card: dict[str, str],
        origin: str = "",
        *,
        known: Visit | None = None,
    ) -> None:
        """Note that somebody waits, in their one entry; who was refused asks anew.

        Of what was decided only `known` is taken back: a host may have decided anew meanwhile. Who is in the list of
        those who wait keeps the name under which hosts see them there.
        """
        now = timezone.now()
        given = {"user": user, "name": name, "card": card, "origin": origin}
        visit, is_new = cls.objects.get_or_create(room=room, identity=identity, defaults=given)
        if is_new:
            return
        mine = cls.objects.filter(pk=visit.pk)
        if known is not None and known.pk == visit.pk:
            decided = mine.exclude(state__in=(State.WAITING, State.BANNED)).filter(decided_at=known.decided_at)
            decided.update(state=State.WAITING, asked_at=now, seen_at=now, **given)
        mine.filter(state=State.WAITING, seen_at__lt=now - UNSEEN_MAX).update(**given)
        mine.filter(state=State.WAITING).update(card=card, seen_at=now)

    @classmethod
    def decide(cls, room: Room, identities: list[str] | None, state: State, by: User) -> list[Visit]:
        """Admit, refuse or ban those who wait (None: all of them); give those about whom nobody had decided before."""
        waiting = cls.objects.filter(room=room).waiting()
        asked = list(waiting if identities is None else waiting.filter(identity__in=identities))
        return [visit for visit in asked if visit.settle(state, by)]

    def settle(self, state: State, by: User) -> bool:
        """Write what was decided; say whether nobody else was faster."""
        waiting = Visit.objects.filter(pk=self.pk, state=State.WAITING)
        self.state, self.decided_at, self.decided_by = state, timezone.now(), by
        decided: dict[str, Any] = {"state": state, "decided_at": self.decided_at, "decided_by": by}
        if state == State.ADMITTED:
            decided["is_put_out"] = False
        return bool(waiting.update(**decided))

    @classmethod
    def put_out(cls, room: Room, identity: str, devices: Iterable[str], name: str, by: User) -> None:
        """Let somebody, and whoever comes with their browsers, wait until a host lets them in again."""
        decided = {"state": State.NONE, "is_put_out": True, "decided_at": timezone.now(), "decided_by": by}
        given = {"name": name, "user": _account(identity), **decided}
        cls.objects.update_or_create(room=room, identity=identity, defaults=given)
        for device in set(devices) - {identity, ""}:
            new = {"name": name, "state": State.NONE, "is_put_out": True}
            cls.objects.update_or_create(room=room, identity=device, defaults={"is_put_out": True}, create_defaults=new)

    @classmethod
    def deny(cls, room: Room, identity: str, devices: Iterable[str], name: str, term: str) -> None:
        """Forbid something to somebody, and to whoever comes with their browsers, until the meeting is over."""
        with transaction.atomic():
            for one in {identity, *devices} - {""}:
                given = {"name": name, "state": State.NONE, "user": _account(one)}
                cls.objects.get_or_create(room=room, identity=one, defaults=given)
                visit = cls.objects.select_for_update(no_key=True).get(room=room, identity=one)
                cls.objects.filter(pk=visit.pk).update(denied=sorted({*visit.denied, term}))
            _tell(room)

    @classmethod
    def allow(cls, room: Room, identities: Iterable[str], term: str) -> bool:
        """Take back what `deny` did; say whether there was anything."""
        with transaction.atomic():
            those = cls.objects.select_for_update(no_key=True).filter(room=room, identity__in=set(identities))
            denied = [visit for visit in those if term in visit.denied]
            for visit in denied:
                left = [other for other in visit.denied if other != term]
                cls.objects.filter(pk=visit.pk).update(denied=left)
            _tell(room)
        return bool(denied)

    @classmethod
    def ban(cls, room: Room, identity: str, devices: Iterable[str], name: str, by: User, *, for_good: bool) -> None:
        """Keep somebody out for good or for this meeting: the identity, and the browsers they came with."""
        decided = {"state": State.BANNED, "decided_at": timezone.now(), "decided_by": by, "role": ""}
        given = {"name": name, "is_for_good": for_good, **decided}
        given_too = {**given, "user": _account(identity)}
        cls.objects.update_or_create(room=room, identity=identity, defaults=given_too)
        for device in set(devices) - {identity, ""}:
            cls.objects.update_or_create(room=room, identity=device, defaults={**given, "card": {DEVICE_OF: identity}})
        _tell(room)

    @classmethod
    def lift_ban(cls, room: Room, identity: str) -> int:
        """Let somebody and their browsers knock again; give how many entries there were."""
        theirs = models.Q(identity=identity) | models.Q(**{f"card__{DEVICE_OF}": identity})
        count, _details = cls.objects.filter(theirs, room=room, state=State.BANNED).delete()
        _tell(room)
        return count

    @classmethod
    def give_role(cls, room: Room, user: User, role: Role, by: User) -> None:
        """Let somebody have a role until the meeting is over."""
        given = {"user": user, "name": str(user), "state": State.ADMITTED, "role": role, "decided_by": by}
        given |= {"decided_at": timezone.now(), "is_put_out": False}
        cls.objects.update_or_create(room=room, identity=str(user.pk), defaults=given)
        _tell(room)

    @classmethod
    def end_role(cls, room: Room, user: User) -> None:
        """Let the lasting role count again."""
        cls.objects.filter(room=room, identity=str(user.pk)).update(role="")


def _tell(room: Room) -> None:
    transaction.on_commit(partial(access_changed.send, sender=Visit, room=room))


def _account(identity: str) -> User | None:
    try:
        return User.objects.filter(pk=uuid.UUID(identity)).first()
    except ValueError:
        return None


def states(room: Room) -> dict[str, Visit]:
    """Give, by identity, those about whom something was decided, and those who wait."""
    return {visit.identity: visit for visit in room.main.visits.select_related("decided_by")}


def decisive(visits: Mapping[str, Visit], identity: str, device: str) -> Visit | None:
    """Give what counts for somebody known by an identity and by their browser's: a ban of either before all else.

    What else was taken from the browser counts for those about whom nothing was said themselves.
    """
    mine, browser = visits.get(identity), visits.get(device)
    for visit in (mine, browser):
        if visit and visit.state == State.BANNED:
            return visit
    if mine is None and browser and (browser.is_put_out or browser.denied):
        return Visit(identity=identity, state=State.NONE, is_put_out=browser.is_put_out, denied=browser.denied)
    return mine


def of(room: Room, identity: str, device: str) -> Visit | None:
    """Give what was decided about somebody, or that they wait; nothing when they were not at the door."""
    known = room.main.visits.filter(identity__in=[identity, device]).select_related("decided_by")
    return decisive({visit.identity: visit for visit in known}, identity, device)
