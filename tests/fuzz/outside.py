"""Fuzz targets for what integrators and the channel layer bring: tokens, bodies of the server API, wire messages."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import jwt
import msgpack  # type: ignore[import-untyped]
from django.conf import settings
from google.protobuf.message import Message

from visio import wire
from visio.integration.errors import TwirpError
from visio.integration.methods import ROOM_SERVICE
from visio.integration.twirp import JSON, PROTOBUF, read, write
from visio.signalling import api_tokens, integrators, outside
from visio.signalling.errors import ApiTokenError

NOW = datetime(2026, 11, 28, tzinfo=UTC)
LATER = 2**33


def read_token(data: bytes) -> None:
    """No text is a token; claims that are signed become a grant that can be stored and sent, or are refused."""
    text = data.decode("utf-8", "replace")
    api_tokens.is_foreign(text)
    try:
        api_tokens.read(text, NOW)
    except ApiTokenError:
        with suppress(ValueError, RecursionError):
            _read_claims(json.loads(data))
        return
    raise AssertionError("a text that nobody signed was taken")


def _read_claims(claims: Any) -> None:
    if not isinstance(claims, dict):
        return
    try:
        signed = {"exp": LATER, **claims, "iss": settings.LIVEKIT_API_KEY}
        token = jwt.encode(signed, settings.LIVEKIT_API_SECRET, algorithm="HS256")
    except TypeError:  # what the library does not sign
        return
    try:
        grant = integrators.grant_of(api_tokens.read(token, NOW))
    except ApiTokenError:
        return
    assert grant.identity.strip()
    assert outside.are_attributes(grant.attributes)
    assert outside.is_text(grant.metadata, integrators.TEXT_MAX_BYTES)
    packed = msgpack.packb(wire.encode(wire.Permit("room", "session", grant)))
    assert wire.decode(msgpack.unpackb(packed)) == wire.Permit("room", "session", grant)


def read_body(data: bytes) -> None:
    """A body is read as its method's request and written again in both forms, or refused."""
    for method in ROOM_SERVICE.values():
        for kind in (PROTOBUF, JSON):
            _read_one(data, kind, method.request)


def _read_one(data: bytes, kind: str, request: type[Message]) -> None:
    try:
        message = read(data, kind, request)
    except TwirpError:
        return
    assert read(write(message, PROTOBUF), PROTOBUF, request) == message
    written = read(write(message, JSON), JSON, request)
    message.DiscardUnknownFields()
    assert written == message


def read_wire(data: bytes) -> None:
    """What came over the channel layer is a message, or refused."""
    try:
        payload = msgpack.unpackb(data)
    except (ValueError, RecursionError, msgpack.exceptions.UnpackException):
        return
    if not isinstance(payload, dict):
        return
    for kind in ("", *wire.MESSAGES):
        with suppress(wire.WireError):
            wire.decode({**payload, "v": wire.VERSION, "type": kind} if kind else payload)
