"""Which addresses are announced."""

from __future__ import annotations

from pathlib import Path

from visio.media import addresses


def test_it_works() -> None:
    """This machine has addresses, and loopback is the last of them."""
    found = addresses.announced(())
    assert found[-1].startswith("127.")
    assert set(found) <= {*addresses.detected(), *addresses.detected_ipv6()}


def test_the_setting_wins() -> None:
    """What the operator names is announced as it is, each once."""
    assert addresses.announced(["203.0.113.9", "10.0.0.1", "203.0.113.9"]) == ("203.0.113.9", "10.0.0.1")


def test_the_order_of_preference() -> None:
    """Real addresses come first, link-local ones after them, loopback last, duplicates once."""
    found = ["127.0.0.1", "169.254.3.4", "192.168.1.5", "10.0.0.7", "0.0.0.0", "10.0.0.7"]  # noqa: S104
    assert addresses.ranked(found) == ("10.0.0.7", "192.168.1.5", "169.254.3.4", "127.0.0.1")


def test_a_machine_without_addresses() -> None:
    """Loopback is announced when nothing else is there."""
    assert addresses.ranked([]) == ("127.0.0.1",)


def test_the_families_take_turns() -> None:
    """The one of IPv6 first, and loopback of both behind all others."""
    found = ["127.0.0.1", "::1", "10.0.0.7", "10.0.0.8", "2001:db8::7", "2001:db8::8", "2001:db8::9", "::"]
    assert addresses.ranked(found) == (
        *("2001:db8::7", "10.0.0.7", "2001:db8::8", "10.0.0.8", "2001:db8::9"),
        *("::1", "127.0.0.1"),
    )


TABLE = """\
20010db8000000000000000000000007 02 40 00 80    eth0
20010db8000000000000000000000008 02 40 00 40    eth0
20010db8000000000000000000000009 02 40 00 20    eth0
20010db800000000000000000000000a 02 40 00 08    eth0
fe80000000000000000000fffe000001 02 40 20 80    eth0
fd000000000000000000000000000002 02 40 00 82    eth0
00000000000000000000000000000001 01 80 10 80      lo
"""


def test_ipv6_addresses_that_cannot_be_used_are_left_out(tmp_path: Path) -> None:
    """Tentative, deprecated and duplicate ones, and those of the link alone."""
    (tmp_path / "if_inet6").write_text(TABLE, encoding="ascii")
    assert addresses.detected_ipv6(tmp_path / "if_inet6") == ["2001:db8::7", "fd00::2", "::1"]


def test_a_machine_without_ipv6(tmp_path: Path) -> None:
    """It has no such table."""
    assert addresses.detected_ipv6(tmp_path / "if_inet6") == []


def test_only_what_is_listened_on_is_announced() -> None:
    """With an address of IPv4 alone, no address of IPv6 is."""
    assert addresses.announced((), "127.0.0.1") == ("127.0.0.1",)
    assert not any(":" in host for host in addresses.announced((), "0.0.0.0"))  # noqa: S104
