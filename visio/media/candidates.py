"""The ICE candidates of a worker: every announced address by UDP, and by TCP where UDP is blocked (RFC 8445, 6544)."""

from __future__ import annotations

from collections.abc import Sequence

UDP_PREFERENCE = 126  # RFC 8445 section 5.1.2.2: a host candidate
TCP_PREFERENCE = 90  # below every UDP candidate, so that TCP is the last resort
LOCAL_PREFERENCE = 65_535
PASSIVE_PREFERENCE = 2 << 13  # RFC 6544 section 4.2: the direction, for host candidates


def lines(hosts: Sequence[str], udp_port: int, tcp_port: int) -> tuple[str, ...]:
    """Return the values of the `candidate` attributes, the preferred address first."""
    by_udp = [
        f"candidate:{place} 1 udp {_priority(UDP_PREFERENCE, LOCAL_PREFERENCE - place)} {host} {udp_port} typ host"
        for place, host in enumerate(hosts, start=1)
    ]
    by_tcp = [
        f"candidate:{place} 1 tcp {_priority(TCP_PREFERENCE, PASSIVE_PREFERENCE + 8191 - place)} {host} {tcp_port} "
        "typ host tcptype passive"
        for place, host in enumerate(hosts, start=len(hosts) + 1)
    ]
    return (*by_udp, *by_tcp)


def is_tcp(line: str) -> bool:
    """Tell whether a value of a `candidate` attribute is for TCP."""
    return line.split(" ", 3)[2] == "tcp"


def _priority(kind: int, local: int) -> int:
    return kind << 24 | local << 8 | 255
