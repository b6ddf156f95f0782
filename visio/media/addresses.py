"""Which addresses of this machine a media worker listens on and announces to browsers, of both families."""

from __future__ import annotations

import fcntl
import ipaddress
import socket
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

EVERY_ADDRESS = "::"
EVERY_IPV4_ADDRESS = "0.0.0.0"  # noqa: S104
SIOCGIFCONF = 0x8912  # linux/sockios.h: list the IPv4 addresses of all interfaces
ENTRY_BYTES = 40  # struct ifreq on 64-bit Linux: 16 of name, then a sockaddr padded to 24
ADDRESS_OFFSET = 20  # behind the name, the family and the port
ENTRIES_MAX = 128
IPV6_TABLE = Path("/proc/net/if_inet6")  # address, index, prefix, scope, flags, name; absent without IPv6
UNFIT = 0x08 | 0x20 | 0x40  # linux/if_addr.h: failed as a duplicate, deprecated, tentative


def announced(hosts: Sequence[str], bind: str = EVERY_ADDRESS) -> tuple[str, ...]:
    """Return the addresses to announce: those of the setting, otherwise every one that is listened on."""
    return tuple(dict.fromkeys(hosts)) or ranked(local(bind))


def local(bind: str) -> list[str]:
    """Return the addresses that a setting such as `::` (all), `0.0.0.0` (all of IPv4) or one address stands for."""
    families = {EVERY_ADDRESS: [*detected(), *detected_ipv6()], EVERY_IPV4_ADDRESS: detected()}
    return families.get(bind, [bind]) or [bind]


def listening(bind: str) -> list[str]:
    """Return the addresses on which TCP sockets listen for the setting `bind`: a wildcard for each family there is."""
    if bind != EVERY_ADDRESS:
        return [bind]
    return [EVERY_IPV4_ADDRESS, *([EVERY_ADDRESS] if detected_ipv6() else [])]


def detected() -> list[str]:
    """Return the IPv4 addresses of this machine's interfaces, without asking anybody else."""
    entries = array("B", bytes(ENTRIES_MAX * ENTRY_BYTES))
    place, _ = entries.buffer_info()
    request = array("Q", (len(entries), place))  # struct ifconf: a length, padding, a pointer
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        fcntl.ioctl(probe.fileno(), SIOCGIFCONF, request, True)
    used = request[0] & 0xFFFFFFFF
    found = entries.tobytes()[:used]
    starts = range(ADDRESS_OFFSET, used, ENTRY_BYTES)
    return [socket.inet_ntoa(found[start : start + 4]) for start in starts]


def detected_ipv6(table: Path = IPV6_TABLE) -> list[str]:
    """Return the IPv6 addresses that can be used now.

    Link-local ones are left out: they mean nothing without the name of the reader's own interface.
    """
    if not table.is_file():
        return []
    rows = [line.split() for line in table.read_text(encoding="ascii").splitlines()]
    fit = [ipaddress.IPv6Address(bytes.fromhex(row[0])) for row in rows if not int(row[4], 16) & UNFIT]
    return [str(address) for address in fit if not address.is_link_local]


def ranked(addresses: Iterable[str]) -> tuple[str, ...]:
    """Put the addresses in the order of preference: loopback last, before it link-local ones, real ones first.

    Of two of a kind the one of IPv6 goes first (RFC 8421 section 4), and the families take turns, so that neither
    has to wait for a long list of the other.
    """
    known = {ipaddress.ip_address(address) for address in addresses}
    groups: dict[tuple[bool, bool, int], list[Address]] = {}
    for one in sorted((one for one in known if not one.is_unspecified), key=lambda one: (-one.version, int(one))):
        groups.setdefault((one.is_loopback, one.is_link_local, one.version), []).append(one)
    places = {one: place for group in groups.values() for place, one in enumerate(group)}
    order = sorted(places, key=lambda one: (one.is_loopback, one.is_link_local, places[one], -one.version))
    return tuple(map(str, order)) or ("127.0.0.1",)
