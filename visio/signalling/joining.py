"""Reading what a client asks for when it connects: the query of `/rtc` and `/rtc/v1` to one `livekit.JoinRequest`."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qsl

from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from visio.signalling.errors import bad_request, too_large

JOIN_MAX_BYTES = 1024 * 1024
"""Largest join request after decompression, as in LiveKit's server."""
PROTOCOL_MIN = 12
"""The first protocol whose clients know `LeaveRequest.action`; older ones would not come back after a restart."""
TRUE = ("1", "true")
SDKS = frozenset(models.ClientInfo.SDK.keys())
CAPABILITIES = frozenset(models.ClientInfo.Capability.keys())
CLIENT_TEXTS = ("version", "os", "os_version", "device_model", "browser", "browser_version", "network")
GZIP_WINDOW = 31  # zlib: a gzip header and the largest window

Query = Mapping[str, str]


def parse_query(query_string: bytes) -> dict[str, str]:
    """Give the parameters of a query; the first counts of those with one name. Raise `RefusedError` for too many."""
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, max_num_fields=100)
    except ValueError as error:
        raise bad_request("query_malformed") from error
    return dict(reversed(pairs))


def dual(query: Query) -> rtc.JoinRequest:
    """Give what the parameters of `/rtc` (two peer connections) ask for. Raise `RefusedError` when unreadable."""
    reason = _number(query, "reconnect_reason")
    return _modern(
        rtc.JoinRequest(
            client_info=_client(query),
            connection_settings=_settings(query),
            participant_attributes=_attributes(query.get("attributes", "")),
            reconnect=query.get("reconnect", "") in TRUE,
            reconnect_reason=reason if reason in models.ReconnectReason.values() else 0,  # type: ignore[arg-type]
            participant_sid=query.get("sid", ""),
        )
    )


def single(query: Query) -> rtc.JoinRequest:
    """Give the `join_request` parameter of `/rtc/v1` (one peer connection). Raise `RefusedError` when unreadable."""
    try:
        wrapped = rtc.WrappedJoinRequest.FromString(_base64(query.get("join_request", "")))
        if wrapped.compression == rtc.WrappedJoinRequest.GZIP:
            plain = _gunzip(wrapped.join_request)
        else:
            plain = wrapped.join_request
        if not plain:
            raise bad_request("join_missing")
        return _modern(rtc.JoinRequest.FromString(plain))
    except (DecodeError, ValueError, zlib.error) as error:
        raise bad_request("join_malformed") from error


def _modern(join: rtc.JoinRequest) -> rtc.JoinRequest:
    if 0 < join.client_info.protocol < PROTOCOL_MIN:
        raise bad_request("client_too_old")
    return join


def _base64(text: str) -> bytes:
    """Decode base64 in either alphabet, with or without padding. Raise `ValueError` for any other character."""
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("base64") from error


def _gunzip(packed: bytes) -> bytes:
    """Decompress at most JOIN_MAX_BYTES, whatever `packed` would become. Raise `RefusedError` for more."""
    stream = zlib.decompressobj(GZIP_WINDOW)
    plain = stream.decompress(packed, JOIN_MAX_BYTES + 1)
    if len(plain) > JOIN_MAX_BYTES:
        raise too_large()
    if not stream.eof:
        raise ValueError("truncated")
    return plain


def _client(query: Query) -> models.ClientInfo:
    sdk = query.get("sdk", "").upper()
    names = query.get("capabilities", "").split(",")
    return models.ClientInfo(
        sdk=sdk if sdk in SDKS else models.ClientInfo.SDK.UNKNOWN,
        protocol=_number(query, "protocol"),
        client_protocol=_number(query, "client_protocol"),
        capabilities=[name for name in names if name in CAPABILITIES],
        **{name: query.get(name, "") for name in CLIENT_TEXTS},
    )


def _settings(query: Query) -> rtc.ConnectionSettings:
    settings = rtc.ConnectionSettings(
        auto_subscribe=query.get("auto_subscribe", "1") in TRUE,
        adaptive_stream=query.get("adaptive_stream", "") in TRUE,
        disable_ice_lite=query.get("disable_ice_lite", "") in TRUE,
    )
    for name in ("subscriber_allow_pause", "auto_subscribe_data_track"):
        if name in query:
            setattr(settings, name, query[name] in TRUE)
    return settings


def _number(query: Query, name: str) -> int:
    text = query.get(name) or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise bad_request(f"{name}_malformed")
    return int(text)


def _attributes(text: str) -> dict[str, str]:
    if not text:
        return {}
    try:
        values = json.loads(_base64(text))
        json.dumps(values, ensure_ascii=False).encode()  # JSON can spell half a sign, protobuf cannot
    except (ValueError, RecursionError) as error:
        raise bad_request("attributes_malformed") from error
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise bad_request("attributes_malformed")
    return values
