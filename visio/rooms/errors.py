"""What can go wrong with rooms: each error has a stable code and a sentence in the person's language."""

from __future__ import annotations


class RoomsError(Exception):
    """An error with a stable `code` for programs and a `message` for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


class TicketError(RoomsError):
    """A text that was shown as a ticket opens nothing."""


class UnderwayError(RoomsError):
    """The change would hold for some of those in a meeting and not for others."""


class LastOwnerError(RoomsError):
    """The change would leave a room without an owner."""


class AlreadyMemberError(RoomsError):
    """The person who is to become a member is one."""


class PersonUnknownError(RoomsError):
    """No account, or more than one, fits what was said of a person."""
