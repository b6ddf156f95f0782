"""Sending of webhooks: signature, order, pauses, the end of patience, and the way back through the admin."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from suite.identity.models import User
from tests.integration.receiver import Receiver
from visio.integration import tasks, webhooks
from visio.integration.models import Delivery, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def hook(settings: Settings) -> Iterator[Receiver]:
    with Receiver(settings.LIVEKIT_API_KEY, settings.LIVEKIT_API_SECRET) as running:
        yield running


def delivery(hook: Receiver, room: uuid.UUID | None = None, event: str = "room_started") -> Delivery:
    name = f"EV_{uuid.uuid4().hex[:8]}"
    return Delivery.objects.create(
        event_id=name, url=hook.url, room=room or uuid.uuid4(), event=event, body=f'{{"event": "{event}"}}'
    )


def attempt(one: Delivery) -> int | None:
    one.refresh_from_db()
    return webhooks.attempt(one, max(timezone.now(), one.due_at))


def test_it_works(hook: Receiver, settings: Settings) -> None:
    """The receiver can verify it, and what names people is forgotten."""
    one = delivery(hook)
    assert attempt(one) == 0
    assert [event.event for event in hook.events()] == ["room_started"]
    one.refresh_from_db()
    assert (one.state, one.body) == (State.DELIVERED, "")


@pytest.mark.parametrize("status", [302, 404, 500])
def test_pauses_grow_and_patience_ends(hook: Receiver, settings: Settings, status: int) -> None:
    """A redirect is a failure like others: it could lead anywhere."""
    hook.status = status
    settings.LIVEKIT_WEBHOOK_ATTEMPTS = 4
    one = delivery(hook)
    assert [attempt(one) for _ in range(4)] == [2, 4, 8, 0]
    one.refresh_from_db()
    assert (one.state, one.attempts, one.answer) == (State.FAILED, 4, f"HTTP {status}")
    assert one.body
    assert attempt(one) is None
    assert hook.refused == 4


def test_nobody_there_is_a_failure(hook: Receiver) -> None:
    one = delivery(hook)
    one.url = "http://127.0.0.1:1/hook"
    one.save()
    assert attempt(one) == 2
    one.refresh_from_db()
    assert one.answer == "ConnectionError"


def test_one_attempt_is_made_by_one_process(hook: Receiver) -> None:
    one = delivery(hook)
    same = Delivery.objects.get(pk=one.pk)
    assert attempt(one) == 0
    assert webhooks.attempt(same, timezone.now()) is None
    assert len(hook.bodies) == 1


def test_an_attempt_of_a_process_that_died_is_made_again(hook: Receiver) -> None:
    one = delivery(hook)
    now = timezone.now()
    assert one.claim(now, now + webhooks.LEASE)
    assert webhooks.due(now) == []
    assert webhooks.due(now + webhooks.LEASE) == [one.pk]


def test_events_of_a_room_arrive_in_order(hook: Receiver, settings: Settings) -> None:
    """A later one waits for the one before, until that is given up; another room does not wait."""
    settings.LIVEKIT_WEBHOOK_ATTEMPTS = 2
    room = uuid.uuid4()
    first, second, other = delivery(hook, room), delivery(hook, room, "participant_joined"), delivery(hook)
    hook.status = 500
    assert attempt(first) == 2
    hook.status = 200
    assert attempt(second) is None
    assert attempt(other) == 0
    hook.status = 500
    assert attempt(first) == 0
    hook.status = 200
    assert webhooks.following(first) == second
    assert attempt(second) == 0
    assert [body for body, _ in hook.bodies] == [other.body, second.body]


def test_old_ones_are_forgotten(hook: Receiver) -> None:
    old, failed = delivery(hook), delivery(hook)
    Delivery.objects.filter(pk=old.pk).update(state=State.DELIVERED)
    Delivery.objects.filter(pk=failed.pk).update(state=State.FAILED)
    assert webhooks.purge(timezone.now() + timedelta(days=2)) == 1
    assert list(Delivery.objects.all()) == [failed]
    assert webhooks.purge(timezone.now() + timedelta(days=31)) == 1


def test_staff_sees_what_failed_and_sends_it_again(
    hook: Receiver, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(tasks.deliver_due, "delay", lambda: begun.append("now"))
    one = delivery(hook)
    Delivery.objects.filter(pk=one.pk).update(state=State.FAILED, attempts=12, answer="HTTP 500")
    settings.AUTHENTICATION_BACKENDS = ["suite.identity.passwords.BreakGlassBackend"]
    client.force_login(User.objects.create_superuser("root", "x"), backend=settings.AUTHENTICATION_BACKENDS[0])
    address = "/admin/integration/delivery/"
    assert "HTTP 500" in client.get(f"{address}?state__exact=failed").content.decode()
    client.post(address, {"action": "send_again", "_selected_action": [one.pk]})
    one.refresh_from_db()
    assert (one.state, one.attempts) == (State.WAITING, 0)
    assert begun == ["now"]
