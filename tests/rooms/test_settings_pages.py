"""The settings of a room, by form."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.forms import Form
from django.test import Client

from suite.identity.models import User
from tests.identity.people import make_user, sign_in
from visio.rooms.forms import RoleForm, RoomForm
from visio.rooms.models import Member, Room, Visit
from visio.rooms.roles import AccessLevel, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    """Give the owner."""
    return make_user("alice")


@pytest.fixture
def bob() -> User:
    """Give somebody who is not in the room at first."""
    return make_user("bob")


@pytest.fixture
def room(alice: User) -> Room:
    """Give alice's room."""
    return Room.create(alice, name="Council")


@pytest.fixture
def page(client: Client, alice: User, room: Room) -> str:
    """Give the address of the settings; `client` is alice's browser."""
    sign_in(client, alice)
    return f"/rooms/{room.slug}/settings/"


def member_of(room: Room, user: User) -> Member:
    """Give the membership of `user`."""
    return room.members.get(user=user)


def test_it_works(client: Client, page: str, room: Room) -> None:
    """The owner changes name and access."""
    assert client.get(page).status_code == 200
    client.post(page, {"name": "Board", "access_level": "restricted"})
    room.refresh_from_db()
    assert (room.name, room.access_level) == ("Board", AccessLevel.RESTRICTED)


def test_a_room_keeps_a_name(client: Client, page: str, room: Room) -> None:
    """Nothing is saved without one."""
    assert client.post(page, {"name": " ", "access_level": "public"}).status_code == 400
    room.refresh_from_db()
    assert (room.name, room.access_level) == ("Council", AccessLevel.TRUSTED)


def test_addresses_are_for_those_who_manage_members(client: Client, page: str, room: Room, bob: User) -> None:
    """Plain members see who else is one, and no address, not even of people without a name."""
    Member.objects.create(room=room, user=bob, role=Role.MEMBER)
    nameless = make_user("carol", given_name="", usual_name="")
    Member.objects.create(room=room, user=nameless, role=Role.MEMBER)
    assert "carol@agents.example" in client.get(page).content.decode()
    sign_in(client, bob)
    seen = client.get(page).content.decode()
    assert "Alice Test" in seen
    assert not {"alice@agents.example", "carol@agents.example"} & set(re.findall(r"[\w.]+@[\w.]+", seen))


def test_strangers_learn_nothing(client: Client, room: Room, bob: User) -> None:
    """The same answer as for a room that does not exist."""
    sign_in(client, bob)
    assert client.get(f"/rooms/{room.slug}/settings/").status_code == 404
    assert client.get("/rooms/abc-defg-hij/settings/").status_code == 404


def test_members_see_but_do_not_change(client: Client, room: Room, bob: User) -> None:
    """A member has no form, and posting one finds nothing."""
    room.add_member(bob)
    sign_in(client, bob)
    page = f"/rooms/{room.slug}/settings/"
    assert 'name="access_level"' not in client.get(page).text
    assert client.post(page, {"name": "Mine", "access_level": "public"}).status_code == 404


def test_a_member_is_added_by_address(client: Client, page: str, room: Room, bob: User) -> None:
    """With the role that was chosen."""
    client.post(f"/rooms/{room.slug}/members/", {"email": bob.email, "role": "host"})
    assert room.role_of(bob) is Role.HOST


def test_an_unknown_address_is_explained(client: Client, page: str, room: Room) -> None:
    """The page comes again with the reason beside the field."""
    answer = client.post(f"/rooms/{room.slug}/members/", {"email": "nobody@agents.example", "role": "member"})
    assert answer.status_code == 400
    assert "has signed in here yet" in answer.text


def test_roles_change(client: Client, page: str, room: Room, bob: User) -> None:
    """An owner makes another owner."""
    member = room.add_member(bob)
    client.post(f"/rooms/{room.slug}/members/{member.pk}/", {"role": "owner"})
    assert room.role_of(bob) is Role.OWNER


def test_the_last_owner_stays(client: Client, page: str, room: Room, alice: User) -> None:
    """Neither another role nor leaving; the page says why."""
    client.post(f"/rooms/{room.slug}/members/{member_of(room, alice).pk}/", {"role": "member"})
    answer = client.post(f"/rooms/{room.slug}/leave/", follow=True)
    assert room.role_of(alice) is Role.OWNER
    assert "A room needs an owner" in answer.text


def test_a_host_touches_no_owner(client: Client, room: Room, alice: User, bob: User) -> None:
    """Hosts manage members, not owners, and make no owners."""
    host = room.add_member(bob, Role.HOST)
    sign_in(client, bob)
    client.post(f"/rooms/{room.slug}/members/{member_of(room, alice).pk}/", {"remove": "yes"})
    client.post(f"/rooms/{room.slug}/members/{host.pk}/", {"role": "owner"})
    assert (room.role_of(alice), room.role_of(bob)) == (Role.OWNER, Role.HOST)


def test_a_member_is_removed(client: Client, page: str, room: Room, bob: User) -> None:
    """And is a stranger again."""
    member = room.add_member(bob)
    client.post(f"/rooms/{room.slug}/members/{member.pk}/", {"remove": "yes"})
    assert room.role_of(bob) is None


def test_a_member_of_another_room_is_not_found(client: Client, page: str, room: Room, bob: User) -> None:
    """A membership is only reached through its own room."""
    foreign = member_of(Room.create(bob), bob)
    assert client.post(f"/rooms/{room.slug}/members/{foreign.pk}/", {"remove": "yes"}).status_code == 404


def test_leaving(client: Client, room: Room, bob: User) -> None:
    """A member leaves by themselves."""
    room.add_member(bob)
    sign_in(client, bob)
    assert client.post(f"/rooms/{room.slug}/leave/")["Location"] == "/"
    assert room.role_of(bob) is None


def test_deleting_asks_first(client: Client, page: str, room: Room) -> None:
    """The question changes nothing, its answer does."""
    assert "cannot be undone" in client.get(f"/rooms/{room.slug}/delete/").text
    assert Room.objects.exists()
    assert client.post(f"/rooms/{room.slug}/delete/")["Location"] == "/"
    assert not Room.objects.exists()


def test_hosts_delete_nothing(client: Client, room: Room, bob: User) -> None:
    """Only owners do."""
    room.add_member(bob, Role.HOST)
    sign_in(client, bob)
    assert client.post(f"/rooms/{room.slug}/delete/").status_code == 404
    assert Room.objects.exists()


def test_saving_does_not_bring_back_what_was_deleted_meanwhile(
    client: Client, page: str, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form of a room that another owner has just deleted finds nothing."""
    monkeypatch.setattr(RoomForm, "is_valid", _after(RoomForm.is_valid, room.delete))
    assert client.post(page, {"name": "Board", "access_level": "public"}).status_code == 404
    assert not Room.objects.exists()


def test_a_member_who_has_just_left_is_not_found(
    client: Client, page: str, room: Room, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither is anything changed nor does the page fail."""
    member = room.add_member(bob)
    monkeypatch.setattr(RoleForm, "is_valid", _after(RoleForm.is_valid, member.delete))
    address = f"/rooms/{room.slug}/members/{member.pk}/"
    assert client.post(address, {"role": "host"}).status_code == 404
    assert not room.members.filter(user=bob).exists()


def _after(check: Callable[[Form], bool], act: Callable[[], object]) -> Callable[[Form], bool]:
    def checked(form: Form) -> bool:
        valid = check(form)
        act()
        return valid

    return checked


def test_a_ban_is_lifted(client: Client, page: str, room: Room, alice: User, bob: User) -> None:
    """The list says who decided; the browser of the person is let knock again, too."""
    Visit.ban(room, str(bob.pk), ["guest-x"], "Bob", alice, for_good=True)
    assert "put out for good by Alice Test" in client.get(page).content.decode()
    visit = Visit.objects.get(identity=str(bob.pk))
    client.post(f"/rooms/{room.slug}/bans/{visit.pk}/lift/")
    assert not Visit.objects.exists()
