"""How the REST API reads what it is sent: JSON of a limited size."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.parsers import JSONParser

BODY_MAX_BYTES = 64 * 1024


class BodyTooLarge(exceptions.APIException):
    """The body of a request is larger than anything the API takes."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The request is too large.")
    default_code = "body_too_large"


class BoundedJSONParser(JSONParser):
    """Reads JSON of a limited size; nesting that Python cannot follow is malformed, not our failure."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Give what `stream` holds. Raise `BodyTooLarge` or `ParseError`."""
        body = stream.read(BODY_MAX_BYTES + 1)
        if len(body) > BODY_MAX_BYTES:
            raise BodyTooLarge
        try:
            parsed: dict[str, Any] = super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError from error
        return parsed
