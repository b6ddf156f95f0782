"""The door of LiveKit's server API: `POST /twirp/livekit.<Service>/<Method>`, protobuf or JSON (Twirp, version 7)."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message

from visio.integration import grants
from visio.integration.errors import TwirpError
from visio.integration.methods import SERVICES, UNSERVED, Method
from visio.signalling import attempts
from visio.signalling.errors import UnansweredError
from visio.signalling.registry import VALKEY_ERRORS

logger = logging.getLogger("visio.integration")

BODY_MAX_BYTES = 256 * 1024
"""A data packet of 64 KiB and its base64, a room's metadata, a thousand track sids: nothing needs more."""
PROTOBUF, JSON = "application/protobuf", "application/json"
OURS = (DatabaseError, *VALKEY_ERRORS)


@csrf_exempt  # there is no cookie in it: a token in a header says who asks
async def serve(request: HttpRequest, service: str, method: str) -> HttpResponse:
    """Answer one call; everything but a result is JSON with a code and a message."""
    if not settings.LIVEKIT_API_ENABLED:
        raise Http404
    try:
        return await _answer(request, service, method)
    except TwirpError as error:
        logger.info("%r/%r: %s", service[:64], method[:64], error.code)
        return _refuse(error)
    except UnansweredError as error:
        return _refuse(TwirpError(error.code, error.reason, {"rpc_code": str(error.rpc)} if error.rpc else None))
    except OURS as error:
        logger.warning("%r/%r: a part of the service is away (%s)", service[:64], method[:64], type(error).__name__)
        return _refuse(TwirpError("unavailable", "a part of the service is away; please try again"))


async def _answer(request: HttpRequest, service: str, method: str) -> HttpResponse:
    called = _method(request, service, method)
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in (PROTOBUF, JSON):
        raise TwirpError("bad_route", f"the body must be {PROTOBUF} or {JSON}")
    token = grants.authenticate(request.headers.get("Authorization", ""), timezone.now())
    if not await attempts.within("api", token.key, settings.LIVEKIT_API_THROTTLE_RATES):
        raise TwirpError("resource_exhausted", "too many requests with this key; please try again later")
    answer = await called.handler(token, read(_body(request), kind, called.request))
    return HttpResponse(write(answer, kind), content_type=kind, headers={"Cache-Control": "no-store"})


def _method(request: HttpRequest, service: str, method: str) -> Method:
    if request.method != "POST":
        raise TwirpError("bad_route", "the server API only knows POST")
    if service in UNSERVED:
        raise TwirpError("unimplemented", f"this server has no {service}")
    found = SERVICES.get(service, {}).get(method)
    if found is None:
        raise TwirpError("bad_route", f"no handler for path /twirp/{service[:64]}/{method[:64]}")
    return found


def _body(request: HttpRequest) -> bytes:
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_MAX_BYTES:
        raise TwirpError("invalid_argument", f"the body is larger than {BODY_MAX_BYTES} bytes")
    body = request.body
    if len(body) > BODY_MAX_BYTES:
        raise TwirpError("invalid_argument", f"the body is larger than {BODY_MAX_BYTES} bytes")
    return body


def read(body: bytes, kind: str, request: type[Message]) -> Any:
    """Give the request that a body holds, in one of the two forms. Raise `TwirpError` when it cannot be read."""
    try:
        if kind == PROTOBUF:
            return request.FromString(body)
        return json_format.Parse(body.decode(), request(), ignore_unknown_fields=True)
    except (DecodeError, json_format.ParseError, ValueError, RecursionError) as error:
        raise TwirpError("malformed", "the body cannot be read") from error


def write(answer: Message, kind: str) -> bytes:
    """Give the body of an answer in the form of the request; JSON has every field, under its protobuf name."""
    if kind == PROTOBUF:
        return answer.SerializeToString()
    text = json_format.MessageToJson(
        answer, preserving_proto_field_name=True, always_print_fields_with_no_presence=True, indent=None
    )
    return text.encode()


def _refuse(error: TwirpError) -> HttpResponse:
    body = {"code": error.code, "msg": error.message} | ({"meta": error.meta} if error.meta else {})
    headers = {"Cache-Control": "no-store"}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return HttpResponse(json.dumps(body), status=error.status, content_type=JSON, headers=headers)
