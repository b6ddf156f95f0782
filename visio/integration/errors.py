"""What Twirp answers instead of a result (https://twitchtv.github.io/twirp/docs/errors.html)."""

from __future__ import annotations

from http import HTTPStatus

STATUSES = {
    "canceled": 408,
    "unknown": 500,
    "invalid_argument": 400,
    "malformed": 400,
    "deadline_exceeded": 408,
    "not_found": 404,
    "bad_route": 404,
    "already_exists": 409,
    "permission_denied": 403,
    "unauthenticated": 401,
    "resource_exhausted": 429,
    "failed_precondition": 412,
    "aborted": 409,
    "out_of_range": 400,
    "unimplemented": 501,
    "internal": 500,
    "unavailable": 503,
    "dataloss": 503,
}


class TwirpError(Exception):
    """An error with one of Twirp's codes, a message for the program's author and more about it in `meta`."""

    def __init__(self, code: str, message: str, meta: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.meta = meta or {}

    @property
    def status(self) -> int:
        """Give the HTTP status."""
        return STATUSES.get(self.code, HTTPStatus.INTERNAL_SERVER_ERROR)


def not_found(what: str) -> TwirpError:
    """Say that what the request names is not there, or not for this key."""
    return TwirpError("not_found", f"{what} does not exist")


def invalid(message: str) -> TwirpError:
    """Say that the request asks for what cannot be."""
    return TwirpError("invalid_argument", message)
