"""What ends a conversation, or never lets it begin: each error says whose fault it is."""

from __future__ import annotations

from http import HTTPStatus

from django.utils.translation import gettext as _


class SignallingError(Exception):
    """Any error of this package."""


class NoWorkerError(SignallingError):
    """No media worker is there to take a room."""


class ApiTokenError(SignallingError):
    """A text that was shown as an integrator's token proves nothing; the message says why, in words for programs."""


class BadNameError(SignallingError):
    """A text that cannot be the name of an integrator's room."""


class TooManyRoomsError(SignallingError):
    """An integrator has as many rooms as one may have."""


class UnansweredError(SignallingError):
    """A question that no worker answered, or answered with an error; see `wire.Answer`."""

    def __init__(self, code: str, reason: str, rpc: int = 0) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.rpc = rpc


class RefusedError(SignallingError):
    """A join that is not let in: an HTTP `status`, a stable `code` for the log, a `message` for the person."""

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message


class FrameError(SignallingError):
    """A frame that the client should not have sent; `close` is the WebSocket close code that tells it so."""

    def __init__(self, close: int, reason: str) -> None:
        super().__init__(reason)
        self.close = close
        self.reason = reason


def unavailable() -> RefusedError:
    """Say that a part of ours is away for the moment."""
    message = _("The meeting service is not ready. Please try again in a moment.")
    return RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", message)


def bad_request(code: str) -> RefusedError:
    """Say that the client program asked for something that cannot be read."""
    return RefusedError(HTTPStatus.BAD_REQUEST, code, _("This request to join cannot be read."))


def too_large() -> RefusedError:
    """Say that the request unpacks to more than we take."""
    return RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "join_too_large", _("This request to join is too large."))


def not_authenticated(code: str, message: str) -> RefusedError:
    """Say that the ticket opens nothing (any more)."""
    return RefusedError(HTTPStatus.UNAUTHORIZED, code, message)
