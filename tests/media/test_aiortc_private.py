"""The contract with aiortc's private names."""

from __future__ import annotations

import asyncio

import pytest
from aiortc.rtcdtlstransport import SRTP_AEAD_AES_128_GCM, RTCDtlsTransport

from visio.media import aiortc_private
from visio.media.aiortc_private import WAITING_MAX, Certificate, IncompatibleLibraryError, Pipe


def test_it_works() -> None:
    """The installed version has everything that is needed."""
    aiortc_private.check()


def test_a_missing_name_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what is gone."""
    monkeypatch.delattr(RTCDtlsTransport, "_send_data")
    with pytest.raises(IncompatibleLibraryError, match=r"RTCDtlsTransport\._send_data"):
        aiortc_private.check()


def test_the_cheapest_cipher_is_preferred() -> None:
    """AES-128-GCM is asked for first."""
    assert aiortc_private.PROFILES[0] is SRTP_AEAD_AES_128_GCM


def test_the_fingerprint() -> None:
    """A certificate has a fingerprint as SDP writes it, and it is its own."""
    one, other = Certificate.generate(), Certificate.generate()
    algorithm, value = one.fingerprint.split()
    assert algorithm == "sha-256"
    assert len(value.split(":")) == 32
    assert one.fingerprint != other.fingerprint


async def test_the_pipe_is_bounded() -> None:
    """Datagrams that nobody reads push out the oldest ones."""
    pipe = Pipe(lambda _: None)
    for number in range(WAITING_MAX + 1):
        pipe.feed(bytes([number]))
    assert await pipe._recv() == b"\x01"


async def test_a_closed_pipe_ends_its_reader() -> None:
    """Who waits for a datagram sees the end."""
    pipe = Pipe(lambda _: None)
    reading = asyncio.ensure_future(pipe._recv())
    await asyncio.sleep(0)
    pipe.close()
    with pytest.raises(ConnectionError):
        await reading
