"""Assurance levels (`acr`) in ProConnect's order: which are good enough when one is asked for. Pure."""

from __future__ import annotations

LEVELS = ("eidas0", "eidas0-mfa", "eidas1", "eidas1-mfa", "eidas2", "eidas3")
"""Weakest first. A provider's other levels have no order: each is good enough for itself only."""


def at_least(level: str) -> list[str]:
    """Give every level that is good enough where `level` is asked for."""
    return list(LEVELS[LEVELS.index(level) :]) if level in LEVELS else [level]


def is_weaker(level: str, other: str) -> bool:
    """Say whether `level` is known to be weaker than `other`."""
    return level in LEVELS and other in LEVELS and LEVELS.index(level) < LEVELS.index(other)
