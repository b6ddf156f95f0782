"""Why a sign-in stops: each reason has a stable code, which the page, the address and the log show."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 (a refusal is an answer to a person, not a fault of the program)
    """A sign-in that goes no further; `code` names the page that explains it, `detail` is for the log only."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class TokenError(Exception):
    """A signed token that proves nothing; `reason` is one word."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
