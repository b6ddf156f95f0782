"""What page templates know of preferences: those of who is signed in, and what there is to choose."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from suite.identity.models import User
from visio.preferences import schema
from visio.preferences.choices import CHOICES, Kind
from visio.preferences.shortcuts import DEFAULTS, SINGLES, Shortcut


def preferences(request: HttpRequest) -> dict[str, Any]:
    """Give `preferences`, which looks at the account when a template first uses it."""
    return {"preferences": SimpleLazyObject(lambda: _of(request))}


def _of(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    kept = schema.known(user.preferences) if isinstance(user, User) else {}
    return {
        **schema.whole(kept),
        "script": json.dumps({"kept": kept, "defaults": schema.whole({}), "usual": DEFAULTS, "singles": SINGLES}),
        "choices": {name: kind.choices for name, kind in CHOICES.items()},
        "kinds": Kind.choices,
        "keys": Shortcut.choices,
    }
