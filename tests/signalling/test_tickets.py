"""What a ticket is good for after its first use: retries, resumes, and nothing once the right is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from suite.identity import logins
from suite.identity.models import Login, User
from suite.identity.tasks import end_expired_logins
from tests.signalling.client import Client
from tests.signalling.conftest import Tickets
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel
from visio.signalling import conversation, removal, sessions, tasks
from visio.signalling.models import Ended, Session


async def test_a_retry_works_when_the_worker_did_not_answer(
    worker: FakeWorker, ticket: Tickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = ticket()
    monkeypatch.setattr(conversation, "ANSWER_S", 0.3)
    worker.answers = False
    client = Client(token, single=True)
    assert await client.connect() == 101
    assert await client.closed() == 1013
    monkeypatch.undo()
    worker.answers = True
    client = Client(token)
    assert await client.connect() == 101
    await client.joined()
    await client.leave()


async def test_a_retry_before_the_first_socket_is_noticed_gone_takes_over(worker: FakeWorker, ticket: Tickets) -> None:
    token = ticket()
    worker.answers = False
    first, second = Client(token), Client(token)
    await first.connect()
    await worker.next(wire.Connect)
    worker.answers = True
    await second.connect()
    await second.joined()
    await first.leave(1006)
    assert await Session.objects.inside().acount() == 1
    await second.leave()


async def test_a_retry_works_when_the_network_broke_at_once(worker: FakeWorker, ticket: Tickets) -> None:
    token = ticket()
    client = Client(token)
    await client.connect()
    await client.joined()
    await client.leave(1006)
    client = Client(token)
    assert await client.connect() == 101
    await client.leave()


async def _session(worker: FakeWorker, token: str) -> tuple[Client, str, Session]:
    client = Client(token)
    assert await client.connect() == 101
    fresh = await client.joined()
    order: wire.Connect = await worker.next(wire.Connect)
    return client, fresh, await Session.objects.aget(pk=order.session)


async def test_a_fresh_token_resumes(worker: FakeWorker, ticket: Tickets) -> None:
    client, fresh, session = await _session(worker, ticket())
    again = Client(fresh, reconnect="1", sid="PA_test")
    assert await again.connect() == 101
    await again.joined()
    order: wire.Connect = await worker.next(wire.Connect)
    assert order.session == str(session.pk)
    await client.leave(1006)
    await sync_to_async(tasks.participant_left)(str(session.pk), session.channel, 1)
    await session.arefresh_from_db()
    assert session.left_at is None, "a late report about the first socket counted"
    await again.leave()


async def test_a_fresh_token_joins_again_after_a_goodbye(worker: FakeWorker, ticket: Tickets) -> None:
    client, fresh, session = await _session(worker, ticket())
    await client.leave()
    await sync_to_async(tasks.participant_left)(str(session.pk), session.channel, 1)
    again = Client(fresh)
    assert await again.connect() == 101
    await again.leave()


async def test_a_fresh_token_is_dead_a_minute_after_the_goodbye(worker: FakeWorker, ticket: Tickets) -> None:
    client, fresh, session = await _session(worker, ticket())
    await client.leave()
    await Session.objects.filter(pk=session.pk).aupdate(left_at=timezone.now() - timedelta(seconds=61))
    assert await Client(fresh).connect() == 401


async def test_signing_out_ends_the_session_at_once(worker: FakeWorker, ticket: Tickets, login: Login) -> None:
    client, fresh, session = await _session(worker, ticket())
    await sync_to_async(logins.end)(login)
    assert (await worker.next(wire.Remove)).session == str(session.pk)
    await client.leave()
    assert await Client(fresh).connect() == 401


async def test_twelve_hours_end_the_session_too(worker: FakeWorker, ticket: Tickets, login: Login) -> None:
    client, fresh, session = await _session(worker, ticket())
    unused = ticket()
    await Login.objects.filter(pk=login.pk).aupdate(expires_at=timezone.now())
    assert await Client(fresh).connect() == 401
    assert await Client(unused).connect() == 401
    await sync_to_async(end_expired_logins)()
    assert (await worker.next(wire.Remove)).session == str(session.pk)
    await client.leave()


async def test_who_comes_back_with_the_first_ticket_can_still_be_put_out(
    worker: FakeWorker, ticket: Tickets, login: Login
) -> None:
    token = ticket()
    client, _, session = await _session(worker, token)
    await client.leave(1006)
    await worker.next(wire.Disconnect)
    await sync_to_async(tasks.participant_left)(str(session.pk), session.channel, 1)
    client, _, session = await _session(worker, token)
    assert session.left_at is None
    await sync_to_async(logins.end)(login)
    await worker.next(wire.Remove)
    await client.leave()


async def test_losing_the_right_ends_the_session_at_once(
    worker: FakeWorker, ticket: Tickets, charlie: User, room: Room
) -> None:
    login = await Login.objects.acreate(user=charlie)
    client, fresh, session = await _session(worker, ticket(login=login))
    room.access_level = AccessLevel.RESTRICTED
    await room.asave()
    assert (await worker.next(wire.Remove)).session == str(session.pk)
    await client.leave()
    assert await Client(fresh).connect() == 401


async def test_those_who_keep_the_right_stay(worker: FakeWorker, ticket: Tickets, room: Room) -> None:
    client, _, session = await _session(worker, ticket())
    room.access_level = AccessLevel.RESTRICTED
    await room.asave()
    await session.arefresh_from_db()
    assert session.revoked_at is None
    await client.leave()


def test_looking_again_at_many_costs_no_more_than_at_few(
    room: Room, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        login = Login.objects.create(user=User.objects.create_user("https://idp.example", f"user-{number}"))
        Session.objects.create(ticket=f"t-{number}", room=room, login=login, via="page", identity="x", grant={})
    Session.objects.create(ticket="t", room=room, login=alice.logins.create(), via="page", identity="x", grant={})
    room.access_level = AccessLevel.RESTRICTED
    with django_assert_num_queries(3):
        assert len(sessions.outlawed(room)) == 20


async def test_deleting_the_room_closes_it(worker: FakeWorker, ticket: Tickets, room: Room) -> None:
    client, fresh, _ = await _session(worker, ticket())
    async_delete = sync_to_async(room.delete)
    room_id = str(room.pk)
    await async_delete()
    assert (await worker.next(wire.CloseRoom)).room == room_id
    await client.leave()
    assert await Client(fresh).connect() == 404


async def test_removal_kills_the_tickets_from_before(worker: FakeWorker, ticket: Tickets) -> None:
    spare = ticket()
    client, fresh, session = await _session(worker, ticket())
    assert await sync_to_async(removal.put_out)([session], Ended.REMOVED) == 1
    await worker.next(wire.Remove)
    await client.leave()
    assert await Client(spare).connect() == 401
    assert await Client(fresh).connect() == 401
    later = Client(ticket())
    assert await later.connect() == 101
    await later.leave()


async def test_closing_for_everybody_kills_all_tickets_from_before(
    worker: FakeWorker, ticket: Tickets, room: Room
) -> None:
    spare = ticket("somebody", login=None, via="command")
    client, _, _ = await _session(worker, ticket())
    assert await sync_to_async(removal.close_for_everybody)(room) == 1
    await worker.next(wire.CloseRoom)
    await client.leave()
    assert await Client(spare).connect() == 401


async def test_fresh_tokens_come_until_the_session_has_ended(worker: FakeWorker, ticket: Tickets) -> None:
    with override_settings(REFRESH_TTL_S=1):
        client, fresh, session = await _session(worker, ticket())
        assert (await client.response()).refresh_token not in ("", fresh)
        assert await sync_to_async(sessions.revoke)([session], Ended.REMOVED) == [session]
        assert await sync_to_async(sessions.revoke)([session], Ended.REMOVED) == []
        assert await client.closed() == 1000
