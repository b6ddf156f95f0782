"""`POST /connection-test/`: who may test, how often, and that nobody else notices."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.rooms.callers import Caller, body_of
from tests.rooms.conftest import alice, alice_user, dave  # noqa: F401  (fixtures)
from visio.connection_test import entry, tasks
from visio.connection_test.api import AddressThrottle, CallerThrottle
from visio.rooms import slugs, tickets
from visio.rooms.models import Room
from visio.rooms.tickets import Via

pytestmark = pytest.mark.usefixtures("empty_cache")


def begin(caller: Caller) -> Room:
    """Begin a test; give its room."""
    body = body_of(caller.post("/connection-test/", {}))
    return Room.objects.get(pk=tickets.read(body["token"], timezone.now()).room_id)


def test_it_works_for_somebody_signed_in(alice: Caller) -> None:  # noqa: F811
    answer = alice.post("/connection-test/", {})
    assert answer.status_code == 201
    assert answer["Cache-Control"].startswith("max-age=0")
    ticket = tickets.read(body_of(answer)["token"], timezone.now())
    assert (ticket.via, ticket.login) == (Via.CONNECTION_TEST, None)
    assert body_of(answer)["url"] == "ws://127.0.0.1:8000"


def test_it_works_for_a_guest(dave: Caller) -> None:  # noqa: F811
    assert begin(dave).slug.startswith(slugs.TEST_PREFIX)


def test_every_test_has_a_room_of_its_own(dave: Caller) -> None:  # noqa: F811
    assert begin(dave) != begin(dave)


def test_the_ticket_lasts_as_long_as_a_test(dave: Caller) -> None:  # noqa: F811
    token = body_of(dave.post("/connection-test/", {}))["token"]
    tickets.read(token, timezone.now() + timedelta(seconds=tickets.TEST_TTL_S - 5))


def test_the_room_is_nowhere(alice: Caller, dave: Caller) -> None:  # noqa: F811
    room = begin(alice)
    assert body_of(alice.get("/rooms/"))["results"] == []
    for caller in (alice, dave):
        for name in (room.slug, str(room.pk)):
            assert caller.get(f"/rooms/{name}/").status_code == 404
        assert caller.client.get(f"/{room.slug}").status_code == 404


def test_one_person_may_begin_so_many(alice: Caller, dave: Caller, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(CallerThrottle, "rate", "2/hour", raising=False)
    for caller in (alice, dave):
        assert [caller.post("/connection-test/", {}).status_code for _ in range(3)] == [201, 201, 429]


def test_dropping_the_cookie_does_not_help(alice: Caller, db: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(AddressThrottle, "rate", "2/hour", raising=False)
    assert [Caller().post("/connection-test/", {}).status_code for _ in range(3)] == [201, 201, 429]
    assert alice.post("/connection-test/", {}).status_code == 201


def test_the_rooms_of_old_tests_go_and_those_of_people_stay(alice: Caller, dave: Caller) -> None:  # noqa: F811
    old, new = begin(dave), begin(dave)
    alice.post("/rooms/", {"name": "Team"})
    long_ago = timezone.now() - entry.KEPT - timedelta(seconds=1)
    Room.objects.exclude(pk=new.pk).update(created_at=long_ago)
    tasks.purge_tests()
    assert set(Room.objects.for_tests()) == {new}
    assert Room.objects.lasting().get().name == "Team"
    assert not Room.objects.filter(pk=old.pk).exists()
