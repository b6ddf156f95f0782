"""The announced candidates."""

from __future__ import annotations

from aioice import Candidate

from visio.media import candidates


def test_it_works() -> None:
    """Every address is announced by UDP and by passive TCP."""
    found = candidates.lines(["10.0.0.7", "127.0.0.1"], 7882, 7881)
    read = [Candidate.from_sdp(line.removeprefix("candidate:")) for line in found]
    assert [(one.transport, one.host, one.port, one.tcptype) for one in read] == [
        ("udp", "10.0.0.7", 7882, None),
        ("udp", "127.0.0.1", 7882, None),
        ("tcp", "10.0.0.7", 7881, "passive"),
        ("tcp", "127.0.0.1", 7881, "passive"),
    ]
    assert {one.type for one in read} == {"host"}
    assert len({one.foundation for one in read}) == 4


def test_the_order_is_in_the_priorities() -> None:
    """UDP goes before TCP, an earlier address before a later one, and none is out of range."""
    found = candidates.lines(["10.0.0.7", "127.0.0.1"], 1, 2)
    priorities = [Candidate.from_sdp(line.removeprefix("candidate:")).priority for line in found]
    assert priorities == sorted(priorities, reverse=True)
    assert all(0 < priority < 2**31 for priority in priorities)


def test_ipv6() -> None:
    """Written without brackets (RFC 8839 section 5.1)."""
    first, *_ = candidates.lines(["2001:db8::7"], 7882, 7881)
    assert " 2001:db8::7 7882 typ host" in first
