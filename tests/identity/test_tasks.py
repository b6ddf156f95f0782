"""What time ends: logins after their twelve hours, and old rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from suite.celery import app
from suite.identity import tasks
from suite.identity.models import Login
from tests.identity.people import make_user, sign_in

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=91)


def test_a_login_ends_by_itself(client: Client) -> None:
    over, lasting = sign_in(client, make_user("alice")), sign_in(Client(), make_user("bob"))
    Login.objects.filter(pk=over.pk).update(expires_at=timezone.now())
    tasks.end_expired_logins()
    over.refresh_from_db()
    lasting.refresh_from_db()
    assert over.ended_at is not None
    assert "_auth_user_id" not in client.session
    assert lasting.is_live


def test_old_rows_are_deleted(client: Client) -> None:
    old, recent, live = (sign_in(Client(), make_user(name)) for name in ("alice", "bob", "charlie"))
    Login.objects.filter(pk=old.pk).update(ended_at=LONG_AGO)
    Login.objects.filter(pk=recent.pk).update(ended_at=timezone.now())
    Session.objects.filter(pk=old.session_key).update(expire_date=LONG_AGO)
    tasks.purge_logins()
    assert set(Login.objects.values_list("pk", flat=True)) == {recent.pk, live.pk}
    assert set(Session.objects.values_list("pk", flat=True)) == {recent.session_key, live.session_key}


def test_the_clock_knows_every_task_that_it_starts() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
