"""The ICE-lite agent: whose checks count and which path is used."""

from __future__ import annotations

from aioice import stun as reference

from visio.media import stun
from visio.media.ice import GENERATIONS_MAX, OUTGOING_CREDENTIALS_S, PATHS_MAX, STALE_S, Credentials, IceAgent, Path


class Way:
    """A path that remembers what was sent on it."""

    def __init__(self, port: int) -> None:
        self.address = ("192.0.2.1", port)
        self.sent: list[bytes] = []

    def send(self, packet: bytes) -> None:
        self.sent.append(packet)

    def send_train(self, packets: memoryview, size: int) -> None:
        self.sent += [bytes(packets[start : start + size]) for start in range(0, len(packets), size)]


def check(credentials: Credentials, *, nominate: bool = False, password: str = "") -> stun.Request:
    attributes: dict[str, object] = {"USERNAME": f"{credentials.ufrag}:theirs", "PRIORITY": 1}
    if nominate:
        attributes["USE-CANDIDATE"] = None
    message = reference.Message(reference.Method.BINDING, reference.Class.REQUEST, bytes(12), attributes)
    message.add_message_integrity((password or credentials.password).encode())
    request = stun.parse_request(bytes(message))
    assert request is not None
    return request


def agent() -> tuple[IceAgent, list[Path]]:
    forgotten: list[Path] = []
    return IceAgent(0.0, forgotten.append), forgotten


def test_it_works() -> None:
    """The first genuine check gives a provisional path, a nomination replaces it."""
    ice, _ = agent()
    first, second = Way(1), Way(2)
    assert ice.check(check(ice.local), first, 1.0)
    assert ice.path is first
    assert ice.check(check(ice.local), second, 1.1)
    assert ice.path is first
    assert ice.check(check(ice.local, nominate=True), second, 1.2)
    assert ice.path is second
    assert ice.heard == 1.2


def test_a_forged_check_changes_nothing() -> None:
    """A sender without the password gets no answer and no path."""
    ice, _ = agent()
    assert ice.check(check(ice.local, nominate=True, password="guess"), Way(1), 1.0) is None
    assert (ice.path, ice.paths, ice.heard) == (None, (), 0.0)


def test_credentials_are_long_enough() -> None:
    """RFC 8445 asks for 24 bits in the name and 128 in the password; two agents never share them."""
    one, other = Credentials.fresh(), Credentials.fresh()
    assert len(one.ufrag) >= 4
    assert len(one.password) >= 22
    assert one != other


def test_a_silent_path_gives_way() -> None:
    """After some seconds without checks the path that has them is used, even without a nomination."""
    ice, _ = agent()
    first, second = Way(1), Way(2)
    ice.check(check(ice.local, nominate=True), first, 0.0)
    ice.check(check(ice.local), second, STALE_S - 1)
    assert ice.path is first
    ice.check(check(ice.local), second, STALE_S + 1)
    assert ice.path is second


def test_a_restart_keeps_the_path_until_the_new_one_is_nominated() -> None:
    """Old credentials go on, checks with the new ones count, their nomination decides."""
    ice, _ = agent()
    old, way, other = ice.local, Way(1), Way(2)
    ice.check(check(old, nominate=True), way, 0.0)
    ice.restart(1.0)
    assert ice.local != old
    assert ice.path is way
    assert ice.check(check(old), way, 1.1)
    ice.check(check(ice.local), other, 1.2)
    assert ice.path is way
    ice.check(check(ice.local, nominate=True), other, 1.3)
    assert ice.path is other
    ice.check(check(old, nominate=True), way, 1.4)
    assert ice.path is other


def test_old_credentials_end() -> None:
    """Some seconds after the nomination the replaced credentials are refused."""
    ice, _ = agent()
    old = ice.local
    ice.restart(0.0)
    ice.tick(1_000.0)
    assert old.ufrag in ice.ufrags
    ice.check(check(ice.local, nominate=True), Way(1), 1_000.0)
    ice.tick(1_000.0 + OUTGOING_CREDENTIALS_S + 1)
    assert ice.ufrags == (ice.local.ufrag,)
    assert ice.check(check(old), Way(1), 1_020.0) is None


def test_restarts_are_bounded() -> None:
    """However often ICE restarts, only the last generations are kept."""
    ice, _ = agent()
    for number in range(10):
        ice.restart(float(number))
    assert len(ice.ufrags) == GENERATIONS_MAX


def test_paths_are_bounded() -> None:
    """The oldest unused paths are forgotten, never the one in use."""
    ice, forgotten = agent()
    ways = [Way(port) for port in range(PATHS_MAX + 5)]
    for way in ways:
        ice.check(check(ice.local), way, 0.0)
    assert ice.path is ways[0]
    assert len(ice.paths) == PATHS_MAX
    assert forgotten == ways[1:6]


def test_a_lost_connection_is_replaced() -> None:
    """Another checked path takes over; without one there is none."""
    ice, _ = agent()
    first, second = Way(1), Way(2)
    ice.check(check(ice.local), first, 0.0)
    ice.check(check(ice.local), second, 0.1)
    ice.lose(first)
    assert ice.path is second
    ice.lose(second)
    assert ice.path is None
    ice.lose(second)


def test_close_forgets_everything() -> None:
    """Every path is given back."""
    ice, forgotten = agent()
    way = Way(1)
    ice.check(check(ice.local), way, 0.0)
    ice.close()
    assert forgotten == [way]
    assert ice.path is None
