"""Candidates beside the description."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from livekit.protocol import rtc

from tests.media.hall import Guest, Hall
from visio.media import sdp, trickle

CANDIDATES = (
    "candidate:1 1 udp 5 192.0.2.1 7882 typ host",
    "candidate:2 1 tcp 4 192.0.2.1 7881 typ host tcptype passive",
)
OFFER = (Path(__file__).parent / "sdp" / "chromium_single.txt").read_text(encoding="utf-8")


def test_it_works() -> None:
    """Each candidate names its section; the last one is marked."""
    sections = [sdp.Section(kind="audio", mid="a", port=0), sdp.Section(kind="audio", mid="b", candidates=CANDIDATES)]
    found = [
        message.trickle for message in trickle.messages(sdp.SessionDescription(sections), trickle.Target.PUBLISHER)
    ]
    assert [json.loads(one.candidateInit) for one in found] == [
        {"candidate": candidate, "sdpMid": "b", "sdpMLineIndex": 1} for candidate in CANDIDATES
    ]
    assert [one.final for one in found] == [False, True]
    assert {one.target for one in found} == {rtc.SignalTarget.PUBLISHER}


def offer(guest: Guest, text: str = OFFER) -> None:
    """Let a guest offer."""
    guest.say(offer=rtc.SessionDescription(type="offer", sdp=text, id=1))


@pytest.fixture
def hall() -> Hall:
    """Give rooms whose worker has candidates."""
    hall = Hall()
    hall.mux.candidates = CANDIDATES
    return hall


async def test_with_one_connection_they_follow_the_first_answer(hall: Hall) -> None:
    """And not the next one, which changes nothing about ICE."""
    alice = hall.enter("alice", single=True)
    offer(alice)
    offer(alice)
    assert [one.target for one in alice.responses("trickle")] == [rtc.SignalTarget.PUBLISHER] * 2
    order = [one.WhichOneof("message") for one in alice.responses()]
    assert order.index("answer") < order.index("trickle")


async def test_with_two_connections_each_has_its_own(hall: Hall) -> None:
    """The server's offer comes at once, the answer when the client publishes."""
    alice = hall.enter("alice")
    assert [one.target for one in alice.responses("trickle")] == [rtc.SignalTarget.SUBSCRIBER] * 2
    offer(alice)
    assert [one.target for one in alice.responses("trickle")][2:] == [rtc.SignalTarget.PUBLISHER] * 2


async def test_an_ice_restart_sends_them_again(hall: Hall) -> None:
    """A client throws away what belonged to the old credentials."""
    alice = hall.enter("alice", single=True)
    offer(alice)
    offer(alice, OFFER.replace("a=ice-ufrag:", "a=ice-ufrag:x"))
    assert len(alice.responses("trickle")) == 4
