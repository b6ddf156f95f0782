"""Reading the query of a join, and how much one client may send: pure."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from livekit.protocol import models, rtc

from tests.signalling.client import wrapped
from visio.signalling import joining
from visio.signalling.errors import RefusedError
from visio.signalling.rate import Bucket

OFFER = rtc.JoinRequest(publisher_offer=rtc.SessionDescription(type="offer", sdp="v=0" * 9_000, id=3))


def test_every_parameter_of_two_connections() -> None:
    attributes = base64.urlsafe_b64encode(json.dumps({"color": "blue"}).encode()).decode()
    query = "sdk=js&version=2.1&protocol=17&client_protocol=2&os=Linux&browser=Chrome&auto_subscribe=0"
    query += f"&adaptive_stream=1&reconnect=1&reconnect_reason=2&sid=PA_x&attributes={attributes}"
    query += "&capabilities=CAP_PACKET_TRAILER,CAP_NEW&subscriber_allow_pause=1"
    join = joining.dual(joining.parse_query(query.encode()))
    assert join.client_info.sdk == models.ClientInfo.JS
    assert (join.client_info.protocol, join.client_info.client_protocol) == (17, 2)
    assert list(join.client_info.capabilities) == [models.ClientInfo.CAP_PACKET_TRAILER]
    assert (join.client_info.os, join.client_info.browser) == ("Linux", "Chrome")
    assert not join.connection_settings.auto_subscribe
    assert join.connection_settings.adaptive_stream
    assert join.connection_settings.subscriber_allow_pause
    assert (join.reconnect, join.reconnect_reason, join.participant_sid) == (True, 2, "PA_x")
    assert dict(join.participant_attributes) == {"color": "blue"}


def test_no_parameter_means_the_usual() -> None:
    join = joining.dual({})
    assert join.connection_settings.auto_subscribe
    assert not join.reconnect


@pytest.mark.parametrize("packed", [True, False])
def test_a_wrapped_request(*, packed: bool) -> None:
    assert joining.single({"join_request": wrapped(OFFER, packed=packed)}) == OFFER


def test_the_other_alphabet_and_padding() -> None:
    other = wrapped(OFFER).replace("-", "+").replace("_", "/")
    assert joining.single({"join_request": other + "=" * (-len(other) % 4)}) == OFFER


def test_a_truncated_gzip_is_refused() -> None:
    half = gzip.compress(OFFER.SerializeToString())[:-9]
    inner = rtc.WrappedJoinRequest(compression=rtc.WrappedJoinRequest.GZIP, join_request=half)
    with pytest.raises(RefusedError) as refusal:
        joining.single({"join_request": base64.urlsafe_b64encode(inner.SerializeToString()).decode()})
    assert refusal.value.status == 400


@pytest.mark.parametrize("query", [b"a=1&" * 101, b"\xff=1"])
def test_a_query_that_cannot_be_read(query: bytes) -> None:
    with pytest.raises(RefusedError) as refusal:
        joining.parse_query(query)
    assert refusal.value.status == 400


@pytest.mark.parametrize("text", ["[]", '{"a": 1}', '{"a": "\\ud800"}', "[" * 20_000])
def test_attributes_that_are_no_texts(text: str) -> None:
    with pytest.raises(RefusedError):
        joining.dual({"attributes": base64.urlsafe_b64encode(text.encode()).decode()})


def test_attributes_that_are_no_base64() -> None:
    with pytest.raises(RefusedError):
        joining.dual({"attributes": "!"})


def test_the_first_of_two_tokens_counts() -> None:
    assert joining.parse_query(b"access_token=a&access_token=b") == {"access_token": "a"}


def test_a_bucket_empties_and_fills() -> None:
    bucket = Bucket(per_second=2, burst=3, now=0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.take(0.5)
    assert not bucket.take(0.6)
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]
