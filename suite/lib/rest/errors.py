"""What an error of the REST API looks like: a stable code and a sentence in the person's language."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from suite.lib.outages import AWAY

logger = logging.getLogger("suite.rest")
RETRY_AFTER_S = 10


class Unavailable(exceptions.APIException):
    """Something behind us is away for a moment."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = gettext_lazy("The service is not available for a moment. Please try again.")
    default_code = "unavailable"
    wait = RETRY_AFTER_S


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Give the answer to an error: a stable `code`, a sentence in `detail`, and the fields that are wrong."""
    known = _known(error)
    response = exception_handler(known, context)
    if response is not None and isinstance(known, exceptions.APIException):
        response.data = body(known)
    return response


def _known(error: Exception) -> Exception:
    """Turn what Django and the database raise into errors of the API, without their English or inner details."""
    if isinstance(error, Http404 | ObjectDoesNotExist):
        return exceptions.NotFound()
    if isinstance(error, exceptions.ParseError):
        return exceptions.ParseError(_("The request is not well-formed JSON."))
    if isinstance(error, AWAY):
        logger.exception("a service behind us is away")
        return Unavailable()
    return error


def body(error: exceptions.APIException) -> dict[str, Any]:
    """Give the JSON of an error; `extra` of the error, when it has one, adds to it."""
    extra: dict[str, Any] = getattr(error, "extra", {})
    if isinstance(error.detail, dict):
        return {"code": "invalid", "detail": _("Please check what you entered."), **error.detail}
    if isinstance(error.detail, list):
        return {"code": "invalid", "detail": " ".join(str(detail) for detail in error.detail)}
    return {"code": error.detail.code, "detail": str(error.detail), **extra}
