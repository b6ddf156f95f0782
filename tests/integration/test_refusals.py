"""What the server API refuses, and how: Twirp's codes, for the library and for hostile callers."""

from __future__ import annotations

import base64
import json
from typing import Any

import aiohttp
import jwt
import pytest
from livekit import api
from livekit.protocol import models
from livekit.protocol import room as messages

from tests.integration.callers import join_token, post, token
from tests.integration.receiver import CITY, CITY_SECRET, KEY, SECRET
from tests.media_live.people import Person
from tests.stack import Stack

pytestmark = pytest.mark.live
PROTOBUF = "application/protobuf"


async def test_a_wrong_key_or_secret_is_nobody(open_stack: Stack) -> None:
    for key, secret in (("stranger", CITY_SECRET), (CITY, "x" * 40), (KEY, CITY_SECRET)):
        async with api.LiveKitAPI(open_stack.url, key, secret, failover=False) as client:
            with pytest.raises(api.TwirpError) as refusal:
                await client.room.list_rooms(messages.ListRoomsRequest())
            assert (refusal.value.code, refusal.value.status) == ("unauthenticated", 401)


async def test_tokens_out_of_their_time_are_nobodys(open_stack: Stack) -> None:
    for ttl_s in (-60, -3600):
        status, answer = await post(open_stack, "ListRooms", {}, token(CITY, ttl_s=ttl_s, room_list=True))
        assert (status, answer["code"]) == (401, "unauthenticated")
    early = {"iss": CITY, "nbf": 2**33, "exp": 2**34, "video": {"roomList": True}}
    assert (await post(open_stack, "ListRooms", {}, _sign(early)))[0] == 401
    endless = {"iss": CITY, "video": {"roomList": True}}
    assert (await post(open_stack, "ListRooms", {}, _sign(endless)))[0] == 401


async def test_forged_tokens_are_nobodys(open_stack: Stack) -> None:
    claims = {"iss": CITY, "exp": 2**33, "video": {"roomList": True}}
    unsigned = jwt.encode(claims, "", algorithm="none")
    asymmetric = jwt.encode(claims, CITY_SECRET * 2, algorithm="HS512")
    header, _, signature = _sign(claims).split(".")
    changed = base64.urlsafe_b64encode(json.dumps({**claims, "iss": KEY}).encode()).decode().rstrip("=")
    odd = [_sign({**claims, "iss": value}) for value in ("", "visio")]
    strange = [_sign({**claims, "exp": value}) for value in ("soon", 10**30, True)]
    for bearer in (unsigned, asymmetric, f"{header}.{changed}.{signature}", "a.b.c", "", "x" * 100_000, *odd, *strange):
        status, answer = await post(open_stack, "ListRooms", {}, bearer[:7000])
        assert (status, answer["code"]) == (401, "unauthenticated"), bearer[:60]


async def test_missing_grants_are_named(open_stack: Stack, city: api.LiveKitAPI, name: str) -> None:
    await city.room.create_room(messages.CreateRoomRequest(name=name))
    admin = {"room": name, "identity": "alice"}
    cases: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        ("CreateRoom", {"name": "x"}, {"room_list": True, "room_admin": True, "room": "x"}),
        ("ListRooms", {}, {"room_create": True}),
        ("DeleteRoom", {"room": name}, {"room_admin": True, "room": name}),
        ("UpdateRoomMetadata", {"room": name}, {"room_create": True, "room": name}),
        ("ListParticipants", {"room": name}, {"room_admin": True, "room": "another"}),
        ("ListParticipants", {"room": name}, {"room_admin": True}),
        ("ListParticipants", {"room": ""}, {"room_admin": True}),
        ("GetParticipant", admin, {"room_join": True, "room": name, "identity": "a"}),
        ("RemoveParticipant", admin, {}),
        ("MutePublishedTrack", admin, {"room_list": True}),
        ("UpdateParticipant", admin, {"room_list": True}),
        ("UpdateSubscriptions", admin, {"room_list": True}),
        ("SendData", {"room": name, "data": ""}, {"room_list": True}),
        ("PerformRpc", {"room": name}, {"room_list": True}),
        ("ForwardParticipant", admin, {"room_admin": True, "room": name, "destination_room": "here"}),
    ]
    for method, body, grants in cases:
        status, answer = await post(open_stack, method, body, token(CITY, **grants))
        assert (status, answer["code"]) == (403, "permission_denied"), method


async def test_a_ticket_of_a_client_is_no_key(open_stack: Stack, slug: str) -> None:
    """Neither its ticket nor a join token administers anything."""
    _, ticket = open_stack.ticket(slug, "alice")
    for bearer in (ticket, join_token(KEY, slug, "alice")):
        for method, body in (("ListRooms", {}), ("ListParticipants", {"room": slug})):
            assert (await post(open_stack, method, body, bearer))[0] in (401, 403)


async def test_an_integrators_key_makes_no_tickets(open_stack: Stack, slug: str) -> None:
    """Visio's private claim is worth nothing under another key, and a link leads to no room of people."""
    _, ticket = open_stack.ticket(slug, "alice")
    claims = jwt.decode(ticket, SECRET, algorithms=["HS256"])
    for claimed in (claims, {**claims, "iss": CITY}):
        assert (await _validate(open_stack, jwt.encode(claimed, CITY_SECRET, algorithm="HS256")))[0] == 401
    stripped = {name: value for name, value in claims.items() if name != "visio"} | {"iss": CITY}
    stripped["video"] = {**claims["video"], "room": slug}
    bearer = jwt.encode(stripped, CITY_SECRET, algorithm="HS256")
    alice, mallory = Person("alice", single=True), Person("mallory", single=True)
    await alice.connect(open_stack.ws_url, ticket)
    await mallory.connect(open_stack.ws_url, bearer)  # a room of its own that happens to have this name
    assert await mallory.room.sid != await alice.room.sid
    assert not mallory.others()
    await alice.leave()
    await mallory.leave()


async def test_integrators_do_not_meet(
    open_stack: Stack, city: api.LiveKitAPI, village: api.LiveKitAPI, name: str
) -> None:
    """A room of another has the same name and is another; what only the other has is not there."""
    ours = await city.room.create_room(messages.CreateRoomRequest(name=name, metadata="ours"))
    with pytest.raises(api.TwirpError) as refusal:
        await village.room.update_room_metadata(messages.UpdateRoomMetadataRequest(room=name, metadata="mine"))
    assert refusal.value.code == "not_found"
    theirs = await village.room.create_room(messages.CreateRoomRequest(name=name))
    assert theirs.sid != ours.sid
    await village.room.delete_room(messages.DeleteRoomRequest(room=name))
    assert (await city.room.list_rooms(messages.ListRoomsRequest(names=[name]))).rooms[0].metadata == "ours"


async def test_bodies_in_both_forms(open_stack: Stack, name: str) -> None:
    """Protobuf and JSON; fields of newer versions are passed over; what cannot be read is malformed."""
    bearer = token(CITY, room_create=True)
    request = messages.CreateRoomRequest(name=name, metadata="é")
    status, answer = await post(open_stack, "CreateRoom", request.SerializeToString(), bearer, kind=PROTOBUF)
    assert (status, models.Room.FromString(answer).metadata) == (200, "é")
    body = {"name": name, "departure_timeout": 30, "emptyTimeout": 40, "invented": [1]}
    status, answer = await post(open_stack, "CreateRoom", body, bearer)
    assert (status, answer["name"], answer["metadata"]) == (200, name, "é")
    assert (answer["departure_timeout"], answer["empty_timeout"], answer["num_participants"]) == (30, 40, 0)
    deep = b'{"a":' * 5000 + b"1" + b"}" * 5000
    for kind, broken in ((PROTOBUF, b"\xff\xff\xff"), ("application/json", b"{"), ("application/json", deep)):
        status, answer = await post(open_stack, "CreateRoom", broken, bearer, kind=kind)
        assert (status, answer["code"]) == (400, "malformed")


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "x" * 257},
        {"name": "line\nbreak"},
        {"name": "nul\0"},
        {"name": "x", "metadata": "m" * 64_001},
        {"name": "x", "metadata": "\0"},
        {"name": "x", "empty_timeout": 2**32 - 1},
    ],
)
async def test_rooms_that_cannot_be(open_stack: Stack, body: dict[str, Any]) -> None:
    status, answer = await post(open_stack, "CreateRoom", body, token(CITY, room_create=True))
    assert (status, answer["code"]) == (400, "invalid_argument")


async def test_what_one_deployment_cannot_do_is_said(open_stack: Stack, city: api.LiveKitAPI, name: str) -> None:
    await city.room.create_room(messages.CreateRoomRequest(name=name))
    for call in (
        city.room.move_participant(messages.MoveParticipantRequest(room=name, identity="a", destination_room="b")),
        city.room.forward_participant(
            messages.ForwardParticipantRequest(room=name, identity="a", destination_room="b")
        ),
        city.egress.list_egress(api.ListEgressRequest()),
        city.room.create_room(
            messages.CreateRoomRequest(name=name, egress=messages.RoomEgress(tracks=api.AutoTrackEgress()))
        ),
    ):
        with pytest.raises(api.TwirpError) as refusal:
            await call
        assert (refusal.value.code, refusal.value.status) == ("unimplemented", 501)


async def test_wrong_roads(open_stack: Stack) -> None:
    bearer = token(CITY, room_list=True)
    for method, kind in (
        ("livekit.RoomService/Invented", "application/json"),
        ("livekit.Invented/ListRooms", "application/json"),
        ("ListRooms", "text/plain"),
    ):
        status, answer = await post(open_stack, method, b"{}", bearer, kind=kind)
        assert (status, answer["code"]) == (404, "bad_route")
    status, answer = await post(open_stack, "ListRooms", b" " * (256 * 1024 + 1), bearer)
    assert (status, answer["code"]) == (400, "invalid_argument")


async def test_off_means_not_there(stack: Stack) -> None:
    """The default: no API, and only Visio makes tickets."""
    status, _ = await post(stack, "ListRooms", {}, token(CITY, room_list=True))
    assert status == 404
    assert (await _validate(stack, join_token(CITY, "room", "alice")))[0] == 401


async def _validate(stack: Stack, bearer: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{stack.url}/rtc/validate", params={"access_token": bearer}) as answer,
    ):
        return answer.status, await answer.text()


def _sign(claims: dict[str, Any], secret: str = CITY_SECRET) -> str:
    return jwt.encode(claims, secret, algorithm="HS256")
