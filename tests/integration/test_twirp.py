"""The door of the server API without an installation behind it: off, too fast, nobody at home."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import AsyncClient
from livekit import api
from pytest_django import Settings

LIST = "/twirp/livekit.RoomService/ListRooms"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _on(settings: Settings) -> None:
    settings.LIVEKIT_API_ENABLED = True


async def _call(settings: Settings, path: str = LIST, *, body: bytes = b"{}", **extra: Any) -> tuple[int, Any]:
    token = api.AccessToken(settings.LIVEKIT_API_KEY, settings.LIVEKIT_API_SECRET)
    bearer = token.with_grants(api.VideoGrants(room_list=True)).to_jwt()
    headers = {"Authorization": f"Bearer {bearer}"}
    answer = await AsyncClient().post(path, body, content_type="application/json", headers=headers, **extra)
    return answer.status_code, answer.json() if answer["Content-Type"] == "application/json" else None


async def test_it_works(settings: Settings, valkey: str) -> None:
    assert await _call(settings) == (200, {"rooms": []})


async def test_off_means_not_there(settings: Settings) -> None:
    settings.LIVEKIT_API_ENABLED = False
    assert (await _call(settings))[0] == 404


async def test_only_posts_are_answered(settings: Settings) -> None:
    answer = await AsyncClient().get(LIST)
    assert (answer.status_code, answer.json()["code"]) == (404, "bad_route")


async def test_too_many_requests_of_one_key_are_refused(settings: Settings, valkey: str) -> None:
    settings.LIVEKIT_API_THROTTLE_RATES = "2/hour"
    settings.LIVEKIT_API_KEYS = {"throttled": "x" * 40}
    settings.LIVEKIT_API_KEY, settings.LIVEKIT_API_SECRET = "throttled", "x" * 40
    answers = [await _call(settings) for _ in range(3)]
    assert [status for status, _ in answers] == [200, 200, 429]
    assert answers[-1][1]["code"] == "resource_exhausted"


async def test_without_valkey_one_is_asked_to_try_again(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1"
    status, answer = await _call(settings)
    assert (status, answer["code"]) == (503, "unavailable")


async def test_too_many_names_are_refused(settings: Settings, valkey: str) -> None:
    names = b",".join(b'"%d"' % number for number in range(201))
    status, answer = await _call(settings, body=b'{"names": [' + names + b"]}")
    assert (status, answer["code"]) == (400, "invalid_argument")
