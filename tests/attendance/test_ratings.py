"""What people say of a meeting, and how long it is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.attendance.conftest import NOW, Arrive
from tests.identity.people import make_user, sign_in
from visio.attendance.models import Gathering, Rating
from visio.attendance.ratings import latest_stay
from visio.attendance.tasks import purge_attendance
from visio.rooms.models import Room


def test_it_works(gathering: Gathering, arrive: Arrive) -> None:
    """One person has one opinion, the latest; nothing of it names them."""
    stay = arrive("Dave")
    Rating.give(stay, 2, ["sound"], "It crackled")
    Rating.give(stay, 4, [], "")
    Rating.give(arrive("Erin"), 5, [], "")
    assert sorted(Rating.objects.values_list("stars", flat=True)) == [4, 5]
    kept = Rating.objects.get(stars=4)
    values = {field.name: getattr(kept, field.name) for field in Rating._meta.fields}
    assert "Dave" not in str(values)
    assert not any(isinstance(value, datetime) for value in values.values()), "the moment would tell who had just left"


def test_one_speaks_of_a_meeting_that_one_was_in(room: Room, gathering: Gathering, arrive: Arrive) -> None:
    """While it goes on or not long after it."""
    stay = arrive("Dave", timezone.now())
    assert latest_stay(room, stay.identity) == stay
    assert latest_stay(room, "somebody else") is None
    assert latest_stay(room, "") is None
    gathering.end(timezone.now() - timedelta(days=1))
    assert latest_stay(room, stay.identity) is None


def test_it_goes_with_the_report_of_attendance(room: Room, gathering: Gathering, arrive: Arrive) -> None:
    for name in ("Dave", "Erin", "Frank"):
        Rating.give(arrive(name), 1, [], "")
    gathering.end(NOW)
    room.change(terms={"attendance_days": 100_000})
    purge_attendance()
    assert Rating.objects.exists()
    room.change(terms={"attendance_days": 5})
    purge_attendance()
    assert not Rating.objects.exists()


def test_where_no_report_is_kept_it_goes_at_once(room: Room, gathering: Gathering, arrive: Arrive) -> None:
    Rating.give(arrive(), 1, [], "")
    room.change(terms={"attendance_days": 0})
    gathering.refresh_from_db()
    gathering.end(NOW)
    assert not Rating.objects.exists()


def test_the_administration_shows_it_and_changes_nothing(client: Client, gathering: Gathering, arrive: Arrive) -> None:
    Rating.give(arrive(), 2, ["sound", "connection"], "It crackled")
    sign_in(client, make_user("admin", is_staff=True, is_superuser=True))
    page = client.get(reverse("admin:attendance_rating_changelist")).text
    assert "Sound, Connection" in page
    assert "It crackled" in page
    one = reverse("admin:attendance_rating_change", args=[Rating.objects.get().pk])
    answer = client.get(one)
    assert answer.status_code == 200
    assert str(gathering.room) in answer.text
    assert str(gathering) not in answer.text
    assert client.post(one, {}).status_code == 403
