"""The live pages of the administration."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from django.urls import reverse

from suite.identity.models import User
from tests.signalling.test_admin import browser
from tests.signalling.test_live_rooms import person
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.rooms.models import Room
from visio.signalling import registry

__all__ = ("browser",)

LIST = reverse("admin:rooms_room_live_list")


def _page(room: Room) -> str:
    return reverse("admin:rooms_room_live", args=(room.pk,))


def _report(room: Room) -> str:
    return reverse("admin:rooms_room_report", args=(room.pk,))


def test_strangers_see_nothing(room: Room, charlie: User, valkey: str) -> None:
    stranger = Client()
    stranger.force_login(charlie, "suite.identity.backend.StrictOIDCBackend")
    for address in (LIST, _page(room), _report(room)):
        assert stranger.get(address).status_code in (302, 403)


def test_nobody_is_there(browser: Client, room: Room, valkey: str) -> None:
    told = browser.get(LIST).content.decode()
    assert "Nobody is in a room." in told
    assert "No media worker is running." in told
    assert "Nobody is inside." in browser.get(_page(room)).content.decode()


def test_an_unknown_room(browser: Client, valkey: str) -> None:
    assert browser.get("/admin/rooms/room/00000000-0000-0000-0000-000000000000/live/").status_code == 404


async def _hold(worker: FakeWorker, room: Room, *people: dict[str, Any]) -> None:
    """Let a worker own a room with people in it."""
    worker.rooms = [{"name": str(room.pk), "title": "Council", "participants": list(people)}]
    async with registry.valkey() as connection:
        await connection.set(wire.room_key(worker.prefix, str(room.pk)), worker.name)


async def test_a_room_is_shown(worker: FakeWorker, browser: Client, room: Room) -> None:
    item = {"active": True, "disabled": False, "publisher": "PA_1", "source": 2, "media": {"packets": 77}}
    bob = person("PA_2", name="<b>Bob</b>", subscriptions=[item], hidden=True)
    await _hold(worker, room, person(), bob)
    get = sync_to_async(browser.get)
    told = (await get(LIST)).content.decode()
    assert "Point du lundi" in told
    assert "(and 1 hidden)" in told
    told = (await get(_page(room), {"participant": "PA_2"})).content.decode()
    assert "Alice" in told
    assert "&lt;b&gt;Bob&lt;/b&gt; (hidden)" in told
    assert "900 kbit/s" in told
    assert "<td>77</td>" in told
    fragment = (await get(_page(room), {"participant": "PA_2", "fragment": "1"})).content.decode()
    assert "<td>77</td>" in fragment
    assert "<html" not in fragment


async def test_in_french(worker: FakeWorker, browser: Client, room: Room) -> None:
    await _hold(worker, room, person())
    answer = await sync_to_async(browser.get)(_page(room), headers={"Accept-Language": "fr"})
    assert "Pistes publiées" in answer.content.decode()
    assert "1,0 %" in answer.content.decode()


async def test_the_report_is_a_file_without_names(worker: FakeWorker, browser: Client, room: Room) -> None:
    await _hold(worker, room, person())
    answer = await sync_to_async(browser.get)(_report(room))
    assert answer["Content-Disposition"].startswith(f'attachment; filename="room-{room.pk}-')
    assert "no-store" in answer["Cache-Control"]
    said = json.loads(answer.content)
    assert said["described"]["participants"][0]["sid"] == "PA_1"
    assert "Alice" not in answer.content.decode()


async def test_a_worker_that_does_not_answer(
    worker: FakeWorker, browser: Client, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("visio.signalling.client.DUMP_TIMEOUT_S", 0.1)
    worker.answers = False
    told = (await sync_to_async(browser.get)(LIST)).content.decode()
    assert "does not answer" in told


def test_valkey_is_away(browser: Client, room: Room, monkeypatch: pytest.MonkeyPatch, valkey: str) -> None:
    async def away(*_: object, **__: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("visio.signalling.client.survey", away)
    monkeypatch.setattr("visio.signalling.client.dump_room", away)
    assert "Valkey does not answer" in browser.get(LIST).content.decode()
    assert "The media worker does not answer." in browser.get(_page(room)).content.decode()
    assert browser.get(_report(room)).status_code == 503
