"""What every page template may use besides Django's own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import translation

from suite.theme import accessibility, looks


def theme(request: HttpRequest) -> dict[str, Any]:
    """Give the look, the looks to choose from, this page's language, and the word on accessibility below each page."""
    return {
        "look": looks.current(request),
        "looks": looks.Look,
        "language": translation.get_language() or "en",
        "here": request.get_full_path(),
        "accessibility": accessibility.current(),
    }
