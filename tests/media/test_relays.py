"""Credentials for the TURN servers; that a real coturn takes them is seen in `tests/media_live/test_relay.py`."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from suite import env
from tests.media.hall import Hall
from visio.media import config
from visio.media.relays import Relays
from visio.media.terms import Terms

URLS = ("turn:turn.example.org:3478?transport=udp", "turns:turn.example.org:443?transport=tcp")
RELAYS = Relays(URLS, "secret", 600)


def test_it_works() -> None:
    """The password proves the name, and the name says when both end."""
    (server,) = RELAYS.ice_servers(1_000.9)
    assert tuple(server.urls) == URLS
    ends, _, word = server.username.partition(":")
    assert (ends, len(word)) == ("1600", 16)
    proof = hmac.new(b"secret", server.username.encode(), hashlib.sha1).digest()
    assert server.credential == base64.b64encode(proof).decode()


def test_each_participant_has_credentials_of_its_own() -> None:
    """So that a quota of the TURN server is one participant's, and nobody is followed from call to call."""
    assert RELAYS.ice_servers(0)[0].username != RELAYS.ice_servers(0)[0].username


def test_without_a_turn_server_there_is_none() -> None:
    """The list is empty."""
    assert Relays().ice_servers(0) == []


@pytest.mark.parametrize("single", [False, True])
async def test_they_are_handed_out_at_the_join_and_anew_at_a_resume(single: bool) -> None:
    """A call that is longer than credentials last gets fresh ones when it needs the relay again."""
    hall = Hall(Terms(relays=RELAYS))
    alice = hall.enter("alice", single=single)
    (joined,) = alice.responses("join")
    assert tuple(joined.ice_servers[0].urls) == URLS
    alice.resume(alice.participant.sid)
    (resumed,) = alice.responses("reconnect")
    assert tuple(resumed.ice_servers[0].urls) == URLS
    assert resumed.ice_servers[0].username != joined.ice_servers[0].username


def test_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses, secret and life come from the environment."""
    monkeypatch.setenv("TURN_URLS", ", ".join(URLS))
    monkeypatch.setenv("TURN_SECRET", "secret")
    monkeypatch.setenv("TURN_TTL_S", "600")
    assert config.read(0).terms.relays == RELAYS


@pytest.mark.parametrize(
    "address", ["turn.example.org", "https://turn.example.org", "turn:a?transport=tls", "turn:u@h"]
)
def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """The operator reads what is expected."""
    monkeypatch.setenv("TURN_URLS", address)
    with pytest.raises(env.SettingError, match="TURN_URLS must list addresses such as turn:"):
        config.read(0)
