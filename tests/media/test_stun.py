"""STUN, by the vectors of RFC 5769."""

from __future__ import annotations

import pytest
from aioice import stun as reference

from visio.media import stun

PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt"
REQUEST = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
    "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf"
)  # section 2.1
TRANSACTION = bytes.fromhex("b7e7a701bc34d686fa87dfae")


def request(**changes: object) -> bytes:
    """Make a check as a full agent sends it."""
    attributes = {"USERNAME": "ours:theirs", "PRIORITY": 7, "ICE-CONTROLLING": 1, **changes}
    message = reference.Message(reference.Method.BINDING, reference.Class.REQUEST, TRANSACTION, attributes)
    message.add_message_integrity(b"secret")
    return bytes(message)


def test_it_works() -> None:
    """The sample request is read and its sender is believed."""
    found = stun.parse_request(REQUEST)
    assert found is not None
    assert (found.username, found.local_ufrag, found.priority) == ("evtj:h6vY", "evtj", 0x6E0001FF)
    assert found.transaction == TRANSACTION
    assert not found.use_candidate
    assert stun.is_genuine(found, PASSWORD)


def test_a_wrong_password_is_not_genuine() -> None:
    """Only who knows the password is believed."""
    found = stun.parse_request(REQUEST)
    assert found is not None
    assert not stun.is_genuine(found, "another")


def test_use_candidate() -> None:
    """The nomination is seen."""
    found = stun.parse_request(request(**{"USE-CANDIDATE": None}))
    assert found is not None
    assert found.use_candidate


def test_an_attribute_after_the_integrity_is_not_believed() -> None:
    """A nomination that somebody appended does not count."""
    signed = request()[:-8]
    forged = signed + bytes.fromhex("00250000")
    found = stun.parse_request(forged[:2] + (len(forged) - 20).to_bytes(2, "big") + forged[4:])
    assert found is not None
    assert not found.use_candidate
    assert stun.is_genuine(found, "secret")


def test_the_response_is_understood_by_another_implementation() -> None:
    """The answer carries the address seen, an integrity value and a fingerprint."""
    answer = stun.success(TRANSACTION, ("192.0.2.1", 32853), "secret")
    message = reference.parse_message(answer)
    assert message.check_message_integrity(b"secret")
    assert message.attributes["XOR-MAPPED-ADDRESS"] == ("192.0.2.1", 32853)
    assert message.message_class == reference.Class.RESPONSE
    assert message.transaction_id == TRANSACTION


def test_the_response_tells_ipv6_addresses_too() -> None:
    """The sample response of RFC 5769 section 2.3."""
    host = "2001:db8:1234:5678:11:2233:4455:6677"
    answer = stun.success(TRANSACTION, (host, 32853, 0, 0), PASSWORD)
    assert answer[20:44].hex() == "00200014" + "0002a147" + "0113a9faa5d3f179bc25f4b5bed2b9d9"
    assert reference.parse_message(answer).attributes["XOR-MAPPED-ADDRESS"] == (host, 32853)


@pytest.mark.parametrize("length", range(len(REQUEST)))
def test_a_cut_request_is_refused(length: int) -> None:
    """Every prefix of a request is refused."""
    assert stun.parse_request(REQUEST[:length]) is None


@pytest.mark.parametrize("position", range(len(REQUEST) - stun.FINGERPRINT_BYTES))
def test_a_damaged_request_is_refused(position: int) -> None:
    """A changed byte before the fingerprint is seen."""
    damaged = bytearray(REQUEST)
    damaged[position] ^= 0x41
    found = stun.parse_request(bytes(damaged))
    assert found is None or not stun.is_genuine(found, PASSWORD)


@pytest.mark.parametrize("kind", [b"\x01\x01", b"\x00\x11", b"\x01\x11", b"\x00\x03"])
def test_other_messages_are_ignored(kind: bytes) -> None:
    """Only binding requests are of use to an ICE-lite agent."""
    assert stun.parse_request(kind + REQUEST[2:]) is None


def test_a_request_without_integrity_is_ignored() -> None:
    """A check that proves nothing is none."""
    message = reference.Message(
        reference.Method.BINDING, reference.Class.REQUEST, TRANSACTION, {"USERNAME": "ours:theirs"}
    )
    assert stun.parse_request(bytes(message)) is None
