"""Browser sessions in the database (`SESSION_ENGINE`), found only by keys of the form that we give out."""

from __future__ import annotations

from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    """A store to which any other key, such as one with a NUL that PostgreSQL would refuse, is no key at all."""

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and len(key) == 32 and set(key) <= set(VALID_KEY_CHARS)
