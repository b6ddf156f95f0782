"""What holds in a room of the database: the service's settings, the organisation's rows, the room's own terms."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.test import override_settings

from suite.env import SettingError
from suite.identity.models import User
from visio.rooms import standing
from visio.rooms.models import OrganizationPolicy, Room
from visio.rooms.policy import Level
from visio.rooms.roles import AccessLevel, Audience, Sensitivity

pytestmark = pytest.mark.django_db
SIRET = "11000001500013"


@pytest.fixture
def room(alice_user: User) -> Room:
    """Give a public room of alice's, who works for the organisation SIRET."""
    User.objects.filter(pk=alice_user.pk).update(siret=SIRET)
    alice_user.refresh_from_db()
    return Room.create(alice_user, "Team", AccessLevel.PUBLIC)


def test_it_works(room: Room) -> None:
    policy = standing.policy_of(room)
    assert policy.access_level is AccessLevel.PUBLIC
    assert (policy.audience("record"), policy.source("record").level) == (Audience.HOSTS, Level.INSTANCE)
    assert (policy.audience("chat"), policy.source("chat").level) == (Audience.EVERYBODY, Level.ROOM)


def test_the_room_belongs_to_the_organisation_of_its_maker(room: Room) -> None:
    assert room.siret == SIRET


@pytest.mark.parametrize("code", [SIRET, SIRET[:9]])
def test_an_organisation_tightens(room: Room, code: str) -> None:
    OrganizationPolicy.objects.create(code=code, name="Ministry", terms={"chat": "hosts", "record": "everybody"})
    policy = standing.policy_of(room)
    assert (policy.audience("chat"), policy.source("chat").name) == (Audience.HOSTS, "Ministry")
    assert (policy.audience("record"), policy.source("record").level) == (Audience.HOSTS, Level.INSTANCE)


def test_another_organisation_says_nothing_here(room: Room) -> None:
    OrganizationPolicy.objects.create(code="999999999", name="Others", terms={"chat": "hosts"})
    assert standing.policy_of(room).audience("chat") is Audience.EVERYBODY


def test_an_organisation_asks_more_of_sensitive_rooms(room: Room) -> None:
    row = OrganizationPolicy(code=SIRET[:9], name="Ministry", sensitivity="sensitive", terms={"screen": "nobody"})
    row.save()
    assert standing.policy_of(room).audience("screen") is Audience.EVERYBODY
    room.change(sensitivity=Sensitivity.SENSITIVE)
    policy = standing.policy_of(room)
    assert policy.audience("screen") is Audience.NOBODY
    assert policy.source("screen").sensitivity is Sensitivity.SENSITIVE


@pytest.mark.parametrize(
    ("sensitivity", "access", "guests", "record"),
    [
        ("ordinary", "public", None, "hosts"),
        ("sensitive", "trusted", None, "nobody"),
        ("restricted", "restricted", False, "nobody"),
    ],
)
def test_a_class_is_a_pack_of_locks(
    room: Room, sensitivity: str, access: str, guests: bool | None, record: str
) -> None:
    room.change(sensitivity=sensitivity)
    policy = standing.policy_of(room)
    assert (policy.access_level, policy.terms.guests, policy.audience("record")) == (access, guests, record)


def test_an_upper_level_sets_the_least_class(room: Room) -> None:
    """A host may choose a stronger one, and no weaker one."""
    OrganizationPolicy.objects.create(code=SIRET[:9], name="Ministry", terms={"sensitivity": "sensitive"})
    for chosen, holds in (("ordinary", "sensitive"), ("sensitive", "sensitive"), ("restricted", "restricted")):
        room.change(sensitivity=chosen)
        assert standing.policy_of(room).terms.sensitivity == holds
    room.change(sensitivity="ordinary")
    policy = standing.policy_of(room)
    assert (policy.access_level, policy.audience("record")) == (AccessLevel.TRUSTED, Audience.NOBODY)
    assert policy.source("sensitivity").name == "Ministry"
    with override_settings(ROOM_POLICY='{"sensitivity": "restricted"}'):
        assert standing.policy_of(room).terms.guests is False


@pytest.mark.parametrize("value", ['{"gests": false}', "[]", "nonsense", '{"people_max": 0}'])
def test_a_setting_that_cannot_be_read_stops_the_start(value: str) -> None:
    with override_settings(ROOM_POLICY=value), pytest.raises(SettingError, match="ROOM_POLICY"):
        standing.check_settings()


def test_the_defaults_can_be_read() -> None:
    standing.check_settings()
    assert json.loads(settings.ROOM_POLICY)["imposed_names"] is True
