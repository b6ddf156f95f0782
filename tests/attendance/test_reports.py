"""The report as files that spreadsheets open, and who gets it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from odfdo import Document

from suite.identity.models import User
from suite.lib.tables import Sheet, csv_of, ods_of
from tests.attendance.conftest import NOW, Arrive
from tests.identity.people import make_user, sign_in
from visio.attendance.models import Gathering
from visio.rooms.models import Room
from visio.rooms.roles import Role
from visio.rooms.visits import Visit

EVIL = '=HYPERLINK("http://evil.example";"Dave")'


def _address(room: Room, gathering: Gathering, kind: str = "csv") -> str:
    return reverse("attendance", args=[room.slug, gathering.pk, kind])


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_it_works(client: Client, alice: User, room: Room, gathering: Gathering, arrive: Arrive) -> None:
    arrive("Élodie", role="member", organization="Ministry of Tests")
    arrive(EVIL, NOW + timedelta(minutes=1), kind="guest")
    gathering.end(NOW + timedelta(minutes=90))
    sign_in(client, alice)
    answer = client.get(_address(room, gathering))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith(f'attachment; filename="attendance-{room.slug}-2026-09-01')
    assert answer.content.startswith(b"\xef\xbb\xbf")
    heads, first, second = _rows(answer.content)
    assert (heads[0], heads[4]) == ("Name", "To")
    assert (first[0], first[1], first[2], first[5]) == ("Élodie", "Ministry of Tests", "member", "90")
    assert second[0].startswith("'=HYPERLINK")
    page = client.get(reverse("gatherings", args=[room.slug])).content.decode()
    assert _address(room, gathering, "ods") in page
    assert "2 people" in page


def test_ods(client: Client, alice: User, room: Room, gathering: Gathering, arrive: Arrive) -> None:
    arrive(EVIL, kind="guest")
    sign_in(client, alice)
    content = client.get(_address(room, gathering, "ods")).content
    table = Document(io.BytesIO(content)).body.tables[0]
    cell = table.get_cell((0, 1))
    assert (cell.type, cell.formula, str(cell.value)) == ("string", None, f"{EVIL} (guest, not verified)")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_no_text_becomes_a_formula(text: str) -> None:
    sheet = Sheet("T", ("Head",), [(text, -5)])
    assert _rows(csv_of(sheet))[1] == [f"'{text}", "-5"] or "\r" in text
    assert csv_of(sheet).decode("utf-8-sig").splitlines()[1].startswith("\"'")
    cell = Document(io.BytesIO(ods_of(sheet))).body.tables[0].get_cell((0, 1))
    assert (cell.type, cell.formula) == ("string", None)


def test_only_hosts_read_it(client: Client, room: Room, gathering: Gathering, arrive: Arrive) -> None:
    arrive()
    assert client.get(_address(room, gathering)).status_code == 302
    for role, status in ((None, 404), (Role.MEMBER, 404), (Role.HOST, 200)):
        user = make_user(f"user-{role}")
        if role:
            room.add_member(user, role)
        sign_in(client, user)
        assert client.get(_address(room, gathering)).status_code == status
        assert client.get(reverse("gatherings", args=[room.slug])).status_code == status


def test_a_co_host_reads_what_goes_on(
    client: Client, alice: User, room: Room, gathering: Gathering, arrive: Arrive
) -> None:
    """Their role ends with the meeting, and so does what they may read; a host who is none today reads nothing."""
    arrive()
    co_host, other = make_user("bob"), make_user("erin")
    Visit.give_role(room, co_host, Role.HOST, alice)
    sign_in(client, co_host)
    assert client.get(_address(room, gathering)).status_code == 200
    past = Gathering.objects.create(room=room, began_at=gathering.began_at, ended_at=gathering.began_at)
    assert client.get(_address(room, past)).status_code == 404
    assert client.get(reverse("gatherings", args=[room.slug])).status_code == 404
    room.add_member(other, Role.HOST)
    Visit.give_role(room, other, Role.MEMBER, alice)
    sign_in(client, other)
    assert client.get(_address(room, gathering)).status_code == 404


def test_where_policy_forbids_it_nobody_does(
    client: Client, alice: User, room: Room, gathering: Gathering, arrive: Arrive
) -> None:
    arrive()
    room.change(terms={"attendance_days": 0})
    sign_in(client, alice)
    assert client.get(_address(room, gathering)).status_code == 404
    page = client.get(reverse("gatherings", args=[room.slug])).content.decode()
    assert "No report of attendance is kept in this room." in page


def test_people_are_told_before_they_enter(client: Client, alice: User, room: Room) -> None:
    sign_in(client, alice)
    told = "who took part in this meeting"
    assert told in client.get(f"/{room.slug}").content.decode()
    room.change(terms={"attendance_days": 0})
    assert told not in client.get(f"/{room.slug}").content.decode()


def test_the_administration_shows_it_and_changes_nothing(client: Client, gathering: Gathering, arrive: Arrive) -> None:
    arrive("Bob", role="member")
    admin = make_user("admin", is_staff=True, is_superuser=True)
    sign_in(client, admin)
    address = reverse("admin:attendance_gathering_change", args=[gathering.pk])
    assert "Bob" in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 403


def test_owners_delete_what_was_kept(
    client: Client, alice: User, room: Room, gathering: Gathering, arrive: Arrive
) -> None:
    """After another question; hosts do not, nobody deletes what goes on, and another room's is not found."""
    arrive()
    address = reverse("delete_gathering", args=[room.slug, gathering.pk])
    sign_in(client, alice)
    assert client.get(address).status_code == 404
    gathering.end(NOW + timedelta(minutes=90))
    host, hosts = make_user("bob"), Client()
    room.add_member(host, Role.HOST)
    sign_in(hosts, host)
    assert hosts.post(address).status_code == 404
    assert address not in hosts.get(reverse("gatherings", args=[room.slug])).content.decode()
    assert address in client.get(reverse("gatherings", args=[room.slug])).content.decode()
    assert "who took part" in client.get(address).content.decode()
    assert Gathering.objects.exists()
    assert client.post(address)["Location"] == reverse("gatherings", args=[room.slug])
    assert not Gathering.objects.exists()
    assert client.post(address).status_code == 404
