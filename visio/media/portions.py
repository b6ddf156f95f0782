"""Which tracks a participant gets where a room has more than one connection can carry sections for; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from visio.media.sections import Kind


class Claim(NamedTuple):
    """A track that somebody wants. Who spoke last comes first among equals, then who has waited longest."""

    track: str
    kind: Kind
    priority: int
    spoke_at: float


class Portion(NamedTuple):
    """How many tracks of each kind there are places for."""

    sounds: int
    pictures: int

    def served(self, claims: Sequence[Claim]) -> set[str]:
        """Name the tracks that get a place; `claims` go from old to new."""
        return {claim.track for kind, places in self._by_kind() for claim in _ranked(_of(claims, kind))[:places]}

    def _by_kind(self) -> tuple[tuple[Kind, int], ...]:
        return ("audio", self.sounds), ("video", self.pictures)


def _of(claims: Sequence[Claim], kind: Kind) -> list[Claim]:
    return [claim for claim in claims if claim.kind == kind]


def _ranked(claims: Sequence[Claim]) -> list[Claim]:
    return sorted(claims, key=lambda claim: (-claim.priority, -claim.spoke_at))
