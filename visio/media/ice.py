"""The ICE-lite agent of one peer connection: whose checks count, and where packets for the peer go (RFC 8445)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from visio.media import stun

STALE_S = 5.0
"""A path without checks for that long gives way to one that has them; libwebrtc checks a working pair every 2.5 s."""

OUTGOING_CREDENTIALS_S = 10.0
"""How long the credentials before an ICE restart stay valid once the new ones are in use."""

GENERATIONS_MAX = 3
PATHS_MAX = 8


class Path(Protocol):
    """One way to the peer: a UDP address or a TCP connection."""

    @property
    def address(self) -> stun.SocketAddress:
        """Where the peer's packets come from."""

    def send(self, packet: bytes) -> None:
        """Send now, or drop and count."""

    def send_train(self, packets: memoryview, size: int) -> None:
        """Send packets that lie side by side, all of one size but the last one, which may be shorter."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the peer proves its checks with."""

    ufrag: str
    password: str

    @classmethod
    def fresh(cls) -> Credentials:
        """Make credentials that nobody can guess (RFC 8445 section 5.3 asks for 24 and 128 bits)."""
        return cls(secrets.token_hex(8), secrets.token_hex(16))


@dataclass(slots=True)
class _Generation:
    credentials: Credentials
    expires: float | None = None  # set when a newer one was nominated


class IceAgent:
    """Judges the peer's checks. `forget` is told each path that no longer leads to this peer."""

    def __init__(self, now: float, forget: Callable[[Path], None]) -> None:
        self._generations = [_Generation(Credentials.fresh())]
        self._forget = forget
        self._paths: dict[Path, float] = {}  # by the time of the last genuine check
        self._nominated = False
        self.path: Path | None = None
        self.heard = now

    @property
    def local(self) -> Credentials:
        """The credentials to announce."""
        return self._generations[-1].credentials

    @property
    def ufrags(self) -> tuple[str, ...]:
        """Every name under which checks for this agent come, the oldest first."""
        return tuple(generation.credentials.ufrag for generation in self._generations)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The paths that passed a check."""
        return tuple(self._paths)

    def restart(self, now: float) -> None:
        """Make new credentials; the peer keeps its path until it nominates one with them."""
        self._generations = [*self._generations, _Generation(Credentials.fresh())][-GENERATIONS_MAX:]
        self._nominated = False
        self.heard = now

    def check(self, request: stun.Request, path: Path, now: float) -> bytes | None:
        """Return the answer to a check that came over `path`; None when its sender does not know the password."""
        generation = self._generation(request.local_ufrag)
        if generation is None or not stun.is_genuine(request, generation.credentials.password):
            return None
        self.heard = now
        self._paths.pop(path, None)
        self._paths[path] = now
        self._choose(path, generation, now, use_candidate=request.use_candidate)
        self._limit_paths()
        return stun.success(request.transaction, path.address, generation.credentials.password)

    def _generation(self, ufrag: str) -> _Generation | None:
        return next((one for one in self._generations if one.credentials.ufrag == ufrag), None)

    def _choose(self, path: Path, generation: _Generation, now: float, *, use_candidate: bool) -> None:
        newest = generation is self._generations[-1]
        if use_candidate and newest:
            self._nominate(now)
        silent = self.path is None or self._paths.get(self.path, now) < now - STALE_S
        if silent or (use_candidate and (newest or not self._nominated)):
            self.path = path

    def _nominate(self, now: float) -> None:
        self._nominated = True
        for generation in self._generations[:-1]:
            generation.expires = generation.expires or now + OUTGOING_CREDENTIALS_S

    def _limit_paths(self) -> None:
        for path in list(self._paths):
            if len(self._paths) <= PATHS_MAX:
                break
            if path is not self.path:
                self._drop(path)

    def lose(self, path: Path) -> None:
        """Take note that a connection of the peer is gone."""
        if self._paths.pop(path, None) is not None and path is self.path:
            self.path = max(self._paths, key=self._paths.__getitem__, default=None)

    def tick(self, now: float) -> None:
        """Let go of credentials that a restart replaced."""
        self._generations = [one for one in self._generations if one.expires is None or one.expires > now]

    def close(self) -> None:
        """Let go of every path, and of who was told of them."""
        for path in list(self._paths):
            self._drop(path)
        self.path = None
        self._forget = _forget_nothing

    def _drop(self, path: Path) -> None:
        del self._paths[path]
        self._forget(path)


def _forget_nothing(_path: Path) -> None:
    """Take the place of a listener that is let go of."""
