"""`POST /rooms/{id}/invite/` and the mail that it sends."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any
from unittest.mock import Mock

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from kombu.exceptions import OperationalError

from suite.identity.models import User
from tests.rooms.callers import Caller, body_of
from visio.rooms import invitations
from visio.rooms.models import Room
from visio.rooms.roles import EncryptionMode
from visio.rooms.tasks import send_invitation

pytestmark = pytest.mark.usefixtures("valkey")

ASKED = {"emails": ["erin@other.example", "Frank@other.example"]}


@pytest.fixture(autouse=True)
def _mail_server(empty_cache: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_EMAIL_HOST", "mail.example")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Give the arguments with which the task was asked for."""
    found: list[tuple[Any, ...]] = []
    monkeypatch.setattr(send_invitation, "delay", lambda *given: found.append(given))
    return found


def invite(caller: Caller, room: Room, body: Any = None) -> tuple[int, dict[str, Any]]:
    """Ask for invitations to a room; give the status and the body of the answer."""
    response = caller.post(f"/rooms/{room.slug}/invite/", ASKED if body is None else body)
    return response.status_code, body_of(response)


@pytest.mark.django_db(transaction=True)
def test_it_works(bob: Caller, bob_user: User, room: Room, sent: list[tuple[Any, ...]]) -> None:
    """A member may; each address gets one mail, however often it is asked for."""
    assert invite(bob, room) == (202, {"already": 0})
    assert [given[-1] for given in sent] == ["erin@other.example", "Frank@other.example"]
    assert invite(bob, room, {"emails": ["ERIN@other.example", "grace@other.example"]}) == (202, {"already": 1})
    assert [given[-1] for given in sent[2:]] == ["grace@other.example"]
    for given in sent:
        send_invitation(*given)
    assert [message.to for message in mail.outbox] == [[given[-1]] for given in sent]
    message = mail.outbox[0]
    assert message.subject == "Bob Test invites you to a meeting"
    assert "meeting room “Team”" in str(message.body)
    assert message.reply_to == [bob_user.email]
    assert f"/{room.slug}/" in str(message.body) or f"/{room.slug}\n" in str(message.body)
    assert "passcode" not in str(message.body)


def test_the_mail_is_in_the_language_of_who_invites(bob_user: User, room: Room) -> None:
    """And tells of the passcode, without telling it."""
    room.change(passcode="Sesame1234")
    send_invitation(str(room.pk), str(bob_user.pk), "fr", "erin@other.example")
    (message,) = mail.outbox
    assert "vous invite" in message.subject
    assert "code" in str(message.body)
    assert "Sesame1234" not in str(message.body)


def test_names_add_no_headers(bob_user: User, room: Room) -> None:
    User.objects.filter(pk=bob_user.pk).update(given_name="Bob\r\nBcc: all@other.example")
    send_invitation(str(room.pk), str(bob_user.pk), "en", "erin@other.example")
    assert mail.outbox[0].subject.startswith("Bob Bcc: all@other.example")
    assert mail.outbox[0].recipients() == ["erin@other.example"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Point 12.5 with J.-P., v2.0", "Point 12.5 with J.-P., v2.0"),
        ("Sign in at https://evil.example/now please", "Sign in at please"),
        ("WWW.evil.example again", "again"),
        ("go evil.example/login", "go"),
        ("hxxp://evil", ""),
    ],
)
def test_the_name_of_a_room_leads_nowhere(bob_user: User, room: Room, name: str, shown: str) -> None:
    """A mail of the service is trusted: the only links in it are its own."""
    Room.objects.filter(pk=room.pk).update(name=name)
    send_invitation(str(room.pk), str(bob_user.pk), "en", "erin@other.example")
    message = mail.outbox[0]
    assert f"meeting room “{shown or room.slug}”" in str(message.body)
    assert "evil" not in message.subject


def test_a_room_that_was_deleted_meanwhile(bob_user: User, room: Room) -> None:
    pk = str(room.pk)
    room.delete()
    send_invitation(pk, str(bob_user.pk), "en", "erin@other.example")
    assert mail.outbox == []


def test_who_is_no_member(charlie: Caller, room: Room, sent: list[tuple[Any, ...]]) -> None:
    status, body = invite(charlie, room)
    assert (status, body["code"], sent) == (403, "members_only", [])


def test_a_guest(dave: Caller, room: Room) -> None:
    assert invite(dave, room)[0] == 401


def test_an_unknown_room(bob: Caller) -> None:
    assert bob.post("/rooms/abc-defg-hij/invite/", ASKED).status_code == 404


def test_without_a_mail_server(bob: Caller, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is off is not there."""
    monkeypatch.delenv("DJANGO_EMAIL_HOST")
    assert invite(bob, room)[0] == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"emails": []},
        {"emails": "erin@other.example"},
        {"emails": ["erin"]},
        {"emails": ["erin@other.example\nBcc: all@other.example"]},
        {"emails": [f"p{number}@other.example" for number in range(invitations.AT_ONCE + 1)]},
    ],
)
def test_what_is_no_list_of_addresses(bob: Caller, room: Room, body: Any, sent: list[tuple[Any, ...]]) -> None:
    status, answer = invite(bob, room, body)
    assert (status, answer["code"], sent) == (400, "invalid", [])


@pytest.mark.django_db(transaction=True)
def test_too_many(bob: Caller, alice: Caller, room: Room, sent: list[tuple[Any, ...]], monkeypatch: Any) -> None:
    """The whole request is refused; another person, and another hour, have their own count."""
    monkeypatch.setattr(invitations, "PER_ROOM", 3)
    assert invite(bob, room)[0] == 202
    status, body = invite(bob, room, {"emails": ["grace@other.example", "heidi@other.example"]})
    assert (status, body["code"], len(sent)) == (429, "too_many_invitations", 2)
    assert invite(alice, room, {"emails": ["grace@other.example"]}) == (202, {"already": 0})


@pytest.mark.django_db(transaction=True)
def test_a_refusal_uses_nothing_up(bob: Caller, room: Room, sent: list[tuple[Any, ...]], monkeypatch: Any) -> None:
    monkeypatch.setattr(invitations, "PER_ROOM", 3)
    many = {"emails": [f"p{number}@other.example" for number in range(4)]}
    assert [invite(bob, room, many)[0] for _ in range(3)] == [429, 429, 429]
    assert invite(bob, room, {"emails": many["emails"][:3]}) == (202, {"already": 0})
    assert len(sent) == 3


@pytest.mark.django_db(transaction=True)
def test_one_mailbox_gets_few_whoever_sends(
    bob: Caller, alice: Caller, alice_user: User, room: Room, sent: list[tuple[Any, ...]], monkeypatch: Any
) -> None:
    """About whatever room; other people are written to."""
    monkeypatch.setattr(invitations, "PER_RECIPIENT", 2)
    rooms = [room, *(Room.create(alice_user, f"Room {number}") for number in range(2))]
    erin = {"emails": ["Erin@other.example"]}
    assert [invite(bob, room, erin)[0], invite(alice, rooms[1], erin)[0]] == [202, 202]
    status, body = invite(alice, rooms[2], ASKED)
    assert (status, body["code"], len(sent)) == (429, "invited_too_often", 2)
    assert invite(alice, rooms[2], {"emails": ["Frank@other.example"]}) == (202, {"already": 0})


@pytest.mark.django_db(transaction=True)
def test_what_was_not_handed_on_may_be_asked_for_again(bob: Caller, room: Room, monkeypatch: Any) -> None:
    """The broker was away in the middle: only who was handed on counts."""
    monkeypatch.setattr(invitations, "PER_ROOM", 2)
    handed: list[str] = []

    def delay(*given: str) -> None:
        if handed:
            raise OperationalError
        handed.append(given[-1])

    monkeypatch.setattr(send_invitation, "delay", delay)
    assert invite(bob, room)[0] == 503
    monkeypatch.setattr(send_invitation, "delay", lambda *given: handed.append(given[-1]))
    assert invite(bob, room) == (202, {"already": 1})
    assert handed == ASKED["emails"]


def test_an_encrypted_room(bob: Caller, charlie: Caller, room: Room, sent: list[tuple[Any, ...]]) -> None:
    """The service has no key to send along."""
    room.change(encryption_mode=EncryptionMode.BASIC)
    assert invite(bob, room)[1]["code"] == "invite_encrypted"
    assert (invite(charlie, room)[1]["code"], sent) == ("members_only", [])


REFUSED = {"erin@other.example": (550, b"erin@other.example unknown")}
GREYLISTED = {"erin@other.example": (450, b"try later")}


@pytest.mark.parametrize(
    "error",
    [
        SMTPServerDisconnected("erin@other.example"),
        ConnectionRefusedError("erin@other.example"),
        SMTPRecipientsRefused(GREYLISTED),
    ],
)
def test_a_mail_that_may_be_sent_later(
    bob_user: User, room: Room, error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is tried nine times, and what is logged of it names nobody."""
    send = Mock(side_effect=error)
    monkeypatch.setattr(EmailMessage, "send", send)
    send_invitation.apply((str(room.pk), str(bob_user.pk), "en", "erin@other.example"))
    assert send.call_count == 9
    assert f"NotSentError('{type(error).__name__}')" in caplog.text
    assert "erin@" not in caplog.text


def test_a_mail_that_is_refused_for_ever(
    bob_user: User, room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is not sent again; one line says so, without the address."""
    send = Mock(side_effect=SMTPRecipientsRefused(REFUSED))
    monkeypatch.setattr(EmailMessage, "send", send)
    send_invitation.apply((str(room.pk), str(bob_user.pk), "en", "erin@other.example"), throw=True)
    assert (send.call_count, caplog.text.count("the mail server refuses its recipient")) == (1, 1)
    assert "erin@" not in caplog.text
