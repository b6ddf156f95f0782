"""`…/validate`: the socket's checks over HTTP, without using the ticket."""

from __future__ import annotations

import pytest
from django.test import AsyncClient

from tests.signalling.client import DUAL, SINGLE
from tests.signalling.client import Client as Socket
from tests.signalling.conftest import Tickets
from tests.signalling.worker import FakeWorker
from visio.rooms.models import Room

PATHS = [("/rtc/validate", DUAL), ("/rtc/v1/validate", SINGLE)]


@pytest.mark.parametrize(("path", "parameters"), PATHS)
async def test_it_works_and_uses_nothing(
    worker: FakeWorker, ticket: Tickets, path: str, parameters: dict[str, str]
) -> None:
    token = ticket()
    for _ in range(2):
        answer = await AsyncClient().get(path, {**parameters, "access_token": token})
        assert (answer.status_code, answer.content) == (200, b"success")
    socket = Socket(token)
    assert await socket.connect() == 101
    await socket.leave()


async def test_a_bearer_token_is_taken(worker: FakeWorker, ticket: Tickets) -> None:
    answer = await AsyncClient().get("/rtc/validate", headers={"Authorization": f"Bearer {ticket()}"})
    assert answer.status_code == 200


async def test_every_refusal_is_for_all_origins(worker: FakeWorker, ticket: Tickets, room: Room) -> None:
    token = ticket()
    asked = [
        (401, "/rtc/validate", {}),
        (403, "/rtc/validate", {"access_token": ticket(login=None)}),
        (400, "/rtc/v1/validate", {"access_token": token}),
    ]
    for status, path, parameters in asked:
        answer = await AsyncClient().get(path, parameters)
        assert answer.status_code == status
        assert answer["Access-Control-Allow-Origin"] == "*"
    await room.adelete()
    answer = await AsyncClient().get("/rtc/validate", {"access_token": token})
    assert answer.status_code == 404
    assert b"requested room does not exist" in answer.content


async def test_no_worker(layer: None, ticket: Tickets) -> None:
    answer = await AsyncClient().get("/rtc/validate", {"access_token": ticket()})
    assert answer.status_code == 503


async def test_clients_of_every_origin_warm_up(transactional_db: None) -> None:
    answer = await AsyncClient().head("/")
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in (await AsyncClient().get("/")).headers
