"""What our pages may load and where they may connect (Content-Security-Policy): ourselves, and no inline code."""

from __future__ import annotations

from collections.abc import Sequence

OURS = "'self'"
NOTHING = ["'none'"]


def content_policy(*, connect: str, post: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """Give the policy as django-csp takes it; `connect` is where media is signalled, forms may `post` there besides."""
    return {
        "DIRECTIVES": {
            "default-src": NOTHING,
            **{key: [OURS] for key in ("script-src", "style-src", "font-src", "manifest-src")},
            "img-src": [OURS, "data:", "blob:"],
            "connect-src": [OURS, connect],
            **{key: [OURS, "blob:"] for key in ("media-src", "worker-src")},
            "form-action": [OURS, *post],
            **dict.fromkeys(("frame-ancestors", "base-uri", "object-src"), NOTHING),
        }
    }
