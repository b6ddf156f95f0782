"""Who was there, from when to when, and how they came in."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import translation

from suite.identity.models import User
from tests.attendance.conftest import NOW, Arrive
from visio.attendance.models import Gathering, Participation
from visio.attendance.tasks import purge_attendance
from visio.rooms.models import Room
from visio.rooms.visits import State, Visit
from visio.wire import Grant


def test_it_works(arrive: Arrive) -> None:
    stay = arrive("Bob", role="member", organization="Ministry of Tests", kind="agent")
    assert (stay.how, stay.organization, stay.is_guest, stay.ended_at) == ("member", "Ministry of Tests", False, None)
    assert Participation.objects.filter(session=stay.session).end(NOW + timedelta(hours=1)) == 1
    stay.refresh_from_db()
    assert stay.ended_at == NOW + timedelta(hours=1)
    assert Participation.objects.filter(session=stay.session).end(NOW + timedelta(hours=2)) == 0


def test_who_resumes_has_one_stay_and_who_comes_back_two(room: Room, arrive: Arrive) -> None:
    stay = arrive("Bob", role="member")
    grant = Grant("id-Bob", name="Bob")
    Gathering.arrive(room, stay.session, grant, NOW + timedelta(minutes=1), vouched=False)
    assert Participation.objects.count() == 1
    Participation.objects.all().end(NOW + timedelta(minutes=2))
    Gathering.arrive(room, stay.session, grant, NOW + timedelta(minutes=3), vouched=False)
    assert Participation.objects.count() == 2


def test_hidden_participants_take_no_part(arrive: Arrive) -> None:
    with pytest.raises(Participation.DoesNotExist):
        arrive("Recorder", hidden=True)


def test_how_they_came_in(room: Room, arrive: Arrive, alice: User) -> None:
    assert arrive("Alice", role="owner").how == "host"
    assert arrive("Link").how == "link"
    Visit.ask(room, "id-Dave", None, "Dave", {"kind": "guest"})
    Visit.decide(room, ["id-Dave"], State.ADMITTED, alice)
    admitted = arrive("Dave", kind="guest")
    assert (admitted.how, admitted.admitted_by, admitted.is_guest) == ("admitted", str(alice), True)
    with translation.override("fr"):
        assert admitted.came_in == f"admission par {alice}"
    room.change(passcode="open")
    Gathering.arrive(room, session := uuid.uuid4(), Grant("id-Pass"), NOW, vouched=False)
    assert Participation.objects.get(session=session).how == "passcode"


def test_the_end_of_a_gathering_ends_all_stays(gathering: Gathering, arrive: Arrive) -> None:
    stay = arrive()
    gathering.end(NOW + timedelta(hours=1))
    stay.refresh_from_db()
    assert stay.ended_at == NOW + timedelta(hours=1)


def test_where_no_report_may_be_kept_all_is_forgotten(room: Room, gathering: Gathering, arrive: Arrive) -> None:
    arrive()
    room.change(terms={"attendance_days": 0})
    gathering.refresh_from_db()
    gathering.end(NOW)
    assert not Participation.objects.exists()


def test_speaking_time_adds_up(arrive: Arrive) -> None:
    stay = arrive()
    Participation.add_speech({str(stay.session): 1200})
    Participation.add_speech({str(stay.session): 800, str(uuid.uuid4()): 5})
    stay.refresh_from_db()
    assert stay.spoken_ms == 2000


def test_old_reports_are_deleted(room: Room, gathering: Gathering, arrive: Arrive) -> None:
    """As the policy of the room says, and not those of gatherings that go on."""
    arrive()
    room.change(terms={"attendance_days": 10_000})
    purge_attendance()
    assert Participation.objects.exists()
    gathering.end(NOW - timedelta(days=1000))
    room.change(terms={"attendance_days": 5})
    purge_attendance()
    assert not Participation.objects.exists()
    assert Gathering.objects.exists()
