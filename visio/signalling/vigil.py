"""When a worker counts as dead: a judgement on what Valkey says, at which time, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass

from visio import wire

PERIOD_S = 0.25
"""How often one looks."""
GRACE_S = 8 * wire.HEARTBEAT_MS / 1000
"""How long after its last sighting a heartbeat is waited for while the worker still listens for orders.

The machine may be overloaded: to move everybody then makes it worse. Or Valkey has lost its memory and the worker is
about to write it again.
"""
CALM_GRACE_S = 1.5 * wire.HEARTBEAT_MS / 1000
"""The same where nothing was late lately: only a worker that hangs, or is gone with its machine, is silent then."""
LATE_S = 0.1
"""So late comes who has too much to do: this process to its look, or a worker to the ticks of its clock."""
CALM_S = 5.0
"""After something was late, until all is calm again."""
BLIND_S = 1.0
"""Who has not looked for so long has missed what happened."""
SETTLING_S = 4 * wire.HEARTBEAT_MS / 1000
"""After an absence or a start of Valkey, until every living worker has registered and listens again."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What Valkey says of some workers: by how many seconds those with a heartbeat are late; who else listens."""

    alive: Mapping[str, float]
    listening: Set[str] = frozenset()


class Vigil:
    """Takes observations and a clock; names the dead.

    A killed process leaves its heartbeat (WORKER_TTL_MS) and no listener: it is noticed after 1.5 to 2.25 s. A worker
    that hangs or a machine that is gone leaves both: at most 3 s, or 7 s where there was too much to do before.
    """

    def __init__(self) -> None:
        self._seen_at: dict[str, float] = {}
        self._late_at: dict[str, float] = {}
        self._looked_at: float | None = None
        self._looked_late_at = float("-inf")
        self._patient_until = 0.0

    def look(self, workers: Collection[str], signs: Signs, now: float) -> list[str]:
        """Give those of the `workers` that are dead."""
        self._note_own_delay(now)
        alive = signs.alive
        self._seen_at = {name: now if name in alive else self._seen_at.get(name, now) for name in workers}
        late = {name: now for name, late_s in alive.items() if late_s > LATE_S}
        self._late_at = {name: at for name, at in (self._late_at | late).items() if name in workers}
        if now < self._patient_until:
            return []
        return [name for name in workers if name not in alive and self._is_given_up(name, signs.listening, now)]

    def be_patient(self, now: float) -> None:
        """Take note that Valkey did not answer: workers may not have reached it either."""
        self._patient_until = now + SETTLING_S

    def rest(self) -> None:
        """Stop looking for a while without having missed anything that matters."""
        self._looked_at = None

    def _note_own_delay(self, now: float) -> None:
        since_s = now - self._looked_at if self._looked_at is not None else 0.0
        self._looked_at = now
        if since_s > BLIND_S:
            self.be_patient(now)
        if since_s > PERIOD_S + LATE_S:
            self._looked_late_at = now

    def _is_given_up(self, name: str, listening: Set[str], now: float) -> bool:
        return name not in listening or now - self._seen_at[name] >= self._grace_s(name)

    def _grace_s(self, name: str) -> float:
        late_at = max(self._looked_late_at, self._late_at.get(name, float("-inf")))
        return CALM_GRACE_S if self._seen_at[name] - late_at > CALM_S else GRACE_S
