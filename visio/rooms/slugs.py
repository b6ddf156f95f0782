"""Unguessable room links such as `abc-defg-hij`."""

from __future__ import annotations

import re
import secrets
import string

PATTERN = "[a-z]{3}-[a-z]{4}-[a-z]{3}"
PATTERN_IN_ANY_CASE = "[A-Za-z]{3}-[A-Za-z]{4}-[A-Za-z]{3}"
TEST_PREFIX = "test-"
_FULL = re.compile(PATTERN)


def generate() -> str:
    """Give a new link of ten random letters (47 bits)."""
    letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(10))
    return f"{letters[:3]}-{letters[3:7]}-{letters[7:]}"


def generate_for_test() -> str:
    """Give the name of a connection test's room: of no link's form, so that no page and no API finds it."""
    return TEST_PREFIX + "".join(secrets.choice(string.ascii_lowercase) for _ in range(7))


def is_slug(text: str) -> bool:
    """Say whether `text` has the form of a room link."""
    return _FULL.fullmatch(text) is not None
