"""Rooms in the administration."""

from __future__ import annotations

import uuid

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from suite.identity import logins
from suite.identity.models import Login, User
from tests.signalling.client import Client as Socket
from tests.signalling.conftest import Tickets
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.rooms.models import Member, Room

LIST = reverse("admin:rooms_room_changelist")


@pytest.fixture
def browser(alice: User, login: Login) -> Client:
    """Alice's browser; she is staff."""
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    browser = Client()
    browser.force_login(alice, "suite.identity.backend.StrictOIDCBackend")
    session = browser.session
    session[logins.KEY] = str(login.pk)
    session.save()
    return browser


def _page(room: Room) -> str:
    return reverse("admin:rooms_room_change", args=(room.pk,))


def _form(room: Room, role: str) -> dict[str, str]:
    member = Member.objects.get(room=room)
    row = {"id": str(member.pk), "room": str(room.pk), "user": str(member.user_id), "role": role}
    counts = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "1", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}
    fields = {f"members-{name}": value for name, value in counts.items()}
    fields |= {f"members-0-{name}": value for name, value in row.items()}
    return {
        "name": "Salle Marianne",
        "access_level": "public",
        "sensitivity": "ordinary",
        "terms": "{}",
        "siret": "",
        **fields,
    }


def test_only_staff_see_rooms(room: Room, charlie: User, valkey: str) -> None:
    browser = Client()
    browser.force_login(charlie, "suite.identity.backend.StrictOIDCBackend")
    assert browser.get(LIST).status_code in (302, 403)


@pytest.mark.parametrize(
    "page",
    [
        "rooms/room/?q=lundi&access_level__exact=trusted&o=4",
        "rooms/room/{room}/history/",
        "rooms/room/{room}/delete/",
        "identity/user/?q=alice&is_active__exact=1&o=1",
        "identity/login/?q=alice&ended_at__isnull=True",
        "autocomplete/?term=ali&app_label=rooms&model_name=member&field_name=user",
    ],
)
def test_staff_finds_its_way(browser: Client, room: Room, valkey: str, page: str) -> None:
    answer = browser.get(f"/admin/{page.format(room=room.pk)}")
    assert answer.status_code == 200
    assert "Alice" in answer.content.decode() or "Point du lundi" in answer.content.decode()


def test_a_member_is_added(browser: Client, room: Room, charlie: User, valkey: str) -> None:
    form = _form(room, "owner") | {"members-TOTAL_FORMS": "2", "members-1-user": str(charlie.pk)}
    assert browser.post(_page(room), form | {"members-1-role": "host"}).status_code == 302
    assert Member.objects.get(room=room, user=charlie).role == "host"


def test_a_list_of_rooms_costs_the_same_however_long(
    browser: Client, room: Room, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        Room.create(alice, f"room {number}")
    with django_assert_max_num_queries(9):
        assert browser.get(LIST).status_code == 200


def test_a_room_is_changed(browser: Client, room: Room, valkey: str) -> None:
    assert reverse("admin:rooms_room_live", args=(room.pk,)) in browser.get(_page(room)).content.decode()
    assert browser.post(_page(room), _form(room, "owner")).status_code == 302
    room.refresh_from_db()
    assert room.name == "Salle Marianne"


def test_the_last_owner_stays(browser: Client, room: Room, valkey: str) -> None:
    answer = browser.post(_page(room), _form(room, "member"), follow=True)
    assert "owner" in answer.content.decode()
    assert Member.objects.get(room=room).role == "owner"


async def test_who_is_inside_is_shown_and_put_out(
    worker: FakeWorker, ticket: Tickets, browser: Client, room: Room
) -> None:
    socket = Socket(ticket())
    await socket.connect()
    await socket.joined()
    order: wire.Connect = await worker.next(wire.Connect)
    sid = f"PA_{uuid.uuid4().hex}"
    there = {"session": order.session, "sid": sid, "state": "ACTIVE"}
    worker.rooms = [{"name": order.room, "participants": [there]}]
    get, post = sync_to_async(browser.get), sync_to_async(browser.post)
    assert '<td class="field-inside">1</td>' in (await get(LIST)).content.decode()
    assert sid in (await get(f"/admin/rooms/room/{room.pk}/live/")).content.decode()
    await worker.next(wire.Dump)
    await post(LIST, {"action": "close_rooms", "_selected_action": str(room.pk)})
    assert (await worker.next(wire.CloseRoom)).room == str(room.pk)
    assert '<td class="field-inside">0</td>' in (await get(LIST)).content.decode()
    await socket.leave()
