"""Rooms and their members."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from suite.identity.models import User
from visio.rooms import names, slugs
from visio.rooms.abilities import HOSTS, RoomFacts
from visio.rooms.errors import AlreadyMemberError, LastOwnerError, PersonUnknownError, UnderwayError
from visio.rooms.organizations import OrganizationPolicy, check_terms
from visio.rooms.places import Breakouts, Place
from visio.rooms.roles import AccessLevel, EncryptionMode, Role, Sensitivity
from visio.rooms.standing import facts_of, policy_of
from visio.rooms.visits import Visit

__all__ = ["Breakouts", "Member", "OrganizationPolicy", "Place", "Room", "Visit"]


CHANGEABLE = ("name", "access_level", "sensitivity", "terms", "passcode", "encryption_mode")
"""What the settings of a room are."""


class RoomQuerySet(models.QuerySet["Room"]):
    """Rooms, found by what people know of them."""

    def of(self, user: User) -> RoomQuerySet:
        """Give the rooms that `user` is a member of, each with its `my_role`; groups of a meeting are none of them."""
        return self.main().filter(members__user=user).annotate(my_role=models.F("members__role"))  # type: ignore[no-redef]  # fills the attribute

    def for_tests(self) -> RoomQuerySet:
        """Give the rooms of connection tests."""
        return self.filter(slug__startswith=slugs.TEST_PREFIX)

    def main(self) -> RoomQuerySet:
        """Give the rooms that are no group of another one's meeting."""
        return self.filter(parent=None)

    def lasting(self) -> RoomQuerySet:
        """Give the rooms of people."""
        return self.exclude(slug__startswith=slugs.TEST_PREFIX)

    def hold(self, **which: object) -> Room | None:
        """Lock the row of a room until the transaction ends, and give the room; None when it has gone.

        Whoever needs rows of a room and of what belongs to it takes the room first, so that nobody waits in a ring.
        """
        return self.select_for_update(no_key=True, of=("self",)).filter(**which).first()

    def named(self, text: str) -> Room | None:
        """Give the room with the link or id `text`, or nothing; a text of neither form never reaches the database."""
        if slugs.is_slug(text.lower()):
            return self.filter(slug=text.lower()).first()
        try:
            return self.lasting().filter(pk=uuid.UUID(text)).first()
        except ValueError:
            return None


class Room(models.Model):
    """A lasting place with a link and members."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, editable=False, related_name="groups", verbose_name=_("main room")
    )
    """Set for a group (breakout room) of another room's meeting: rules, members, visits and locks are those of it."""
    slug = models.SlugField(_("link"), max_length=12, unique=True, default=slugs.generate, editable=False)
    name = models.CharField(_("name"), max_length=names.ROOM_NAME_MAX)
    access_level = models.CharField(
        _("access"), max_length=16, choices=AccessLevel.choices, default=AccessLevel.TRUSTED
    )
    sensitivity = models.CharField(_("class"), max_length=16, choices=Sensitivity.choices, default=Sensitivity.ORDINARY)
    encryption_mode = models.CharField(
        _("encryption"), max_length=16, choices=EncryptionMode.choices, default=EncryptionMode.NONE
    )
    """What the room itself asks; levels above may have decided (visio/rooms/policy.py)."""
    terms = models.JSONField(_("terms"), default=dict, blank=True, validators=[check_terms])
    """What the room itself asks, besides its access level and passcode (visio/rooms/terms.py)."""
    terms_for_now = models.JSONField(_("terms for the meeting"), default=dict, blank=True, editable=False)
    """Take the place of `terms` until the meeting is over: what those decide whose role ends with it."""
    passcode = models.CharField(_("passcode"), max_length=128, blank=True, editable=False)
    """Its hash."""
    siret = models.CharField(_("organisation"), max_length=14, blank=True)
    """Whose policy governs the room: the organisation of the person who made it."""
    began_at = models.DateTimeField(_("meeting began"), null=True, editable=False)
    """When the first of those inside came; nothing while nobody is."""
    is_locked = models.BooleanField(_("locked"), default=False, editable=False)
    is_frozen = models.BooleanField(_("frozen"), default=False, editable=False)
    """Only those who run the room act in it; outlasts the meeting, until one of them says otherwise."""
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    my_role: str | None = None
    """The role of the person for whom the room was read; filled by `RoomQuerySet.of` and `Room.seen_by`."""

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ("-created_at", "id")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the room; a room without a name is called like its link."""
        self.name = names.clean(self.name, names.ROOM_NAME_MAX) or self.slug
        super().save(*args, **kwargs)

    @classmethod
    def create(cls, owner: User, name: str = "", access_level: AccessLevel = AccessLevel.TRUSTED) -> Room:
        """Make and give a room that `owner` owns."""
        with transaction.atomic():
            room = cls(name=name, access_level=access_level, siret=owner.siret)
            room.save()
            Member(room=room, user=owner, role=Role.OWNER).save()
        return room

    @property
    def main(self) -> Room:
        """Give the room whose rules, members and visits hold: itself, or that to whose meeting this group belongs."""
        return self.parent or self

    @property
    def main_id(self) -> uuid.UUID:
        """Give the id of `main`, without a look at the database."""
        return self.parent_id or self.pk

    def family(self) -> list[Room]:
        """Give the room with its groups; a group has none."""
        return [self, *self.groups.all()]

    @property
    def is_open_group(self) -> bool:
        """Say whether this is a group that people may be in now."""
        return self.parent_id is not None and Breakouts.objects.opened().filter(room=self.parent_id).exists()

    @property
    def facts(self) -> RoomFacts:
        """Give what decisions about the room rest on at this moment."""
        return facts_of(self)

    def change(self, **values: Any) -> None:
        """Change those of `CHANGEABLE` that are given and not None; `terms` replace the terms that they name.

        An empty `passcode` takes the passcode away. Raise `Room.DoesNotExist` if the room was deleted meanwhile, and
        `UnderwayError` if encryption would change while people are inside.
        """
        if strange := values.keys() - set(CHANGEABLE):
            raise TypeError(f"no setting of a room: {strange}")
        with transaction.atomic():
            room = Room.objects.hold(pk=self.pk)
            if room is None:
                raise Room.DoesNotExist
            given = {name: value for name, value in values.items() if value is not None}
            mode = policy_of(room).encryption_mode
            if "terms" in given:
                merged = {**room.terms, **given["terms"]}
                kept = room.terms_for_now.keys() - given["terms"].keys()
                room.terms_for_now = {name: room.terms_for_now[name] for name in kept}
                given["terms"] = {name: value for name, value in merged.items() if value is not None}
            if given.get("passcode"):
                given["passcode"] = make_password(given["passcode"])
            for name, value in given.items():
                setattr(room, name, value)
            if room.began_at and policy_of(room).encryption_mode != mode:
                raise UnderwayError(
                    "meeting_underway", gettext("Encryption can be changed when nobody is in the meeting any more.")
                )
            for name in (*CHANGEABLE, "terms_for_now"):
                setattr(self, name, getattr(room, name))
            self.save(update_fields=(*CHANGEABLE, "terms_for_now"))

    def change_for_now(self, term: str, value: str) -> None:
        """Let a term hold until the meeting is over, in place of what the room itself asks."""
        with transaction.atomic():
            room = Room.objects.hold(pk=self.pk)
            if room is None:
                raise Room.DoesNotExist
            self.terms_for_now = {**room.terms_for_now, term: value}
            self.save(update_fields=("terms_for_now",))

    def opens_with(self, passcode: str) -> bool:
        """Say whether this is the room's passcode."""
        return bool(self.passcode) and check_password(passcode, self.passcode)

    def seen_by(self, user: User | None) -> Room:
        """Give this room with the role of `user` filled in."""
        self.my_role = self.role_of(user)
        return self

    def role_of(self, user: User | None) -> Role | None:
        """Give the role that `user` has here, or nothing."""
        role = self.main.members.filter(user=user).values_list("role", flat=True).first() if user else None
        return Role(role) if role else None

    def roles(self) -> dict[uuid.UUID, Role]:
        """Give the role of every member, by the id of the person."""
        return {user: Role(role) for user, role in self.main.members.values_list("user", "role")}

    def add_member(self, user: User, role: Role = Role.MEMBER) -> Member:
        """Make `user` a member. Raise `AlreadyMemberError` if they are one."""
        member = Member(room=self, user=user, role=role)
        try:
            with transaction.atomic():
                member.save()
        except IntegrityError as error:
            raise AlreadyMemberError("already_member", gettext("This person is a member already.")) from error
        return member

    def transfer(self, owner: User, heir: User) -> None:
        """Make `heir` an owner and `owner` a host. Raise `Member.DoesNotExist` unless `owner` is a member."""
        with transaction.atomic():
            Room.objects.hold(pk=self.pk)
            Member.objects.update_or_create(room=self, user=heir, defaults={"role": Role.OWNER})
            self.members.get(user=owner).change_role(Role.HOST)

    def give_role(self, user: User, role: Role) -> None:
        """Make somebody a member with this role, or give a member another one. Raise `LastOwnerError` as `Member`."""
        with transaction.atomic():
            Room.objects.hold(pk=self.pk)
            Member.objects.update_or_create(room=self, user=user, defaults={"role": role})

    def add_member_by_email(self, email: str, role: Role = Role.MEMBER) -> Member:
        """Make the person with this address a member. Raise `PersonUnknownError` unless exactly one has it."""
        people = list(User.objects.filter(email__iexact=email.strip(), is_active=True)[:2])
        if not people:
            raise PersonUnknownError(
                "person_unknown",
                gettext("Nobody with this e-mail address has signed in here yet. Send them the link of the room."),
            )
        if len(people) > 1:
            raise PersonUnknownError("person_ambiguous", gettext("Several accounts have this e-mail address."))
        return self.add_member(people[0], role)


class MemberQuerySet(models.QuerySet["Member"]):
    """Memberships, found by who may see them."""

    def seen_by(self, user: User) -> MemberQuerySet:
        """Give the own memberships of `user` and those of the rooms that they run."""
        run = Room.objects.filter(members__user=user, members__role__in=HOSTS)
        return self.filter(models.Q(user=user) | models.Q(room__in=run)).select_related("room", "user")


class Member(models.Model):
    """A person's lasting role in a room."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="members", verbose_name=_("room"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.MEMBER)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ("room", "id")
        constraints = (models.UniqueConstraint(fields=("room", "user"), name="member_room_user"),)

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the member. Raise `LastOwnerError` if the room would be left without an owner."""
        with transaction.atomic():
            if not self._state.adding:
                self._check(remains_owner=self.role == Role.OWNER)
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """End the membership. Raise `LastOwnerError` if the room would be left without an owner."""
        with transaction.atomic():
            self._check(remains_owner=False)
            return super().delete(*args, **kwargs)

    def change_role(self, role: Role) -> None:
        """Give the member another role. Raise `LastOwnerError` as `save` does."""
        self.role = role
        self.save(update_fields=["role"])

    def _check(self, *, remains_owner: bool) -> None:
        """Hold back all others who change the room's members, then check that an owner remains.

        PostgreSQL locks the room's row; SQLite's transactions are IMMEDIATE (settings), so only one writes at a time.
        Raise `Member.DoesNotExist` if somebody has ended the membership meanwhile.
        """
        Room.objects.hold(pk=self.room_id)
        roles = dict(Member.objects.filter(room=self.room_id).values_list("pk", "role"))
        if self.pk not in roles:
            raise Member.DoesNotExist
        owners = {pk for pk, role in roles.items() if role == Role.OWNER}
        if owners == {self.pk} and not remains_owner:
            raise LastOwnerError(
                "last_owner", gettext("A room needs an owner. Make somebody else an owner first, or delete the room.")
            )
