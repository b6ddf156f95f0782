"""Fuzz targets for what arrives in datagrams: STUN, RTP and its extensions, RTCP, payload formats, framing."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import replace

from visio.media import codecs, dependency, feedback, rtcp, rtp, sctp_guard, stun, transport_feedback
from visio.media.extensions import read_elements
from visio.media.framing import FRAME_MAX_BYTES, Deframer, FramingError, frame
from visio.media.ice import IceAgent
from visio.media.rtcp import Item
from visio.media.rtp import Packet
from visio.media.serial import low16, low32

PASSWORD = "p" * 32
ELEMENT_ID = 3
NUMBERS = range(2, 1000)


class _Nowhere:
    """A path that nothing may be sent to."""

    address = ("192.0.2.1", 9)

    def send(self, packet: bytes) -> None:  # noqa: ARG002  (a `Path`)
        raise AssertionError("sent to a stranger")

    def send_train(self, packets: memoryview, size: int) -> None:  # noqa: ARG002  (a `Path`)
        raise AssertionError("sent to a stranger")


def read_stun(data: bytes) -> None:
    """A request is bounded by its datagram, proves nothing by itself, and everything when it is signed."""
    request = stun.parse_request(data)
    if request is None:
        return
    assert len(request.covered) <= len(data) + stun.INTEGRITY_BYTES
    assert not stun.is_genuine(request, PASSWORD)
    assert IceAgent(0.0, lambda _path: None).check(request, _Nowhere(), 1.0) is None
    signed = replace(request, integrity=hmac.digest(PASSWORD.encode(), request.covered, "sha1"))
    assert stun.is_genuine(signed, PASSWORD)
    assert stun.parse_request(stun.success(request.transaction, _Nowhere.address, PASSWORD)) is None


def read_rtp(data: bytes) -> None:
    """What is read of a packet lies within it, and a header written anew carries the same payload."""
    packet = rtp.parse(data, 1.0)
    if packet is None:
        return
    assert packet.payload in data
    assert sum(map(len, packet.elements.values())) <= len(data)
    assert all(0 < number < 256 for number in packet.elements)
    second = packet.marker | packet.payload_type
    for head in (
        rtp.header(second, packet.sequence, packet.timestamp, packet.ssrc),
        rtp.numbered_header(
            second, packet.sequence, packet.timestamp, packet.ssrc, rtp.number_element(ELEMENT_ID), packet.sequence
        ),
    ):
        _same_packet(packet, rtp.parse(head + packet.payload, 1.0))
    payload, sequence = packet.payload, packet.sequence
    if rtp.restore(packet):
        assert rtp.original_number(packet.sequence) + packet.payload == payload
    else:
        assert (packet.payload, packet.sequence) == (payload, sequence)


def _same_packet(one: Packet, other: Packet | None) -> None:
    assert other is not None
    names = ("payload", "sequence", "timestamp", "ssrc", "marker", "payload_type")
    assert [getattr(one, name) for name in names] == [getattr(other, name) for name in names]
    assert set(other.elements) <= {ELEMENT_ID}


def read_extensions(data: bytes) -> None:
    """Elements lie within their block, whatever the profile says."""
    profile, block = int.from_bytes(data[:2], "big"), data[2:]
    for number, element in read_elements(profile, block).items():
        assert 0 < number < 256
        assert element in block


def read_rtcp(data: bytes) -> None:
    """Every packet of a compound lies within it; reports that were read can be written and read again."""
    total = 0
    for item in rtcp.read(data):
        total += 4 + len(item.body)
        _same_items(item)
        _same_reports(item)
        assert len(rtcp.read_goodbye(item)) <= item.count
    assert total <= len(data)
    assert all(len(one) <= max(rtcp.MAX_BYTES, len(data)) for one in rtcp.bundle([data, data, data]))


def _same_items(item: Item) -> None:
    (again,) = rtcp.read(rtcp.write(item.kind, item.count, item.body))
    assert (again.kind, again.count) == (item.kind, item.count)
    assert again.body.startswith(item.body)


def _same_reports(item: Item) -> None:
    blocks = rtcp.read_blocks(item)
    assert len(blocks) <= item.count
    (again,) = rtcp.read(rtcp.write_receiver_report(1, blocks))
    assert rtcp.read_blocks(again) == blocks
    report = rtcp.read_sender_report(item)
    if report is not None:
        (again,) = rtcp.read(rtcp.write_sender_report(report))
        assert rtcp.read_sender_report(again) == report


def read_feedback(data: bytes) -> None:
    """Requests that were read can be written and read again; none names more packets than its size allows."""
    for item in rtcp.read(data):
        lost = list(feedback.read_nack(item, near=70_000))
        assert len(lost) <= 17 * feedback.MAX_PAIRS
        (again,) = rtcp.read(feedback.write_nack(1, 2, sorted(set(lost))[: 17 * feedback.MAX_PAIRS]))
        assert len(list(feedback.read_nack(again, near=70_000))) <= len(lost)
        assert set(map(low16, feedback.read_nack(again, near=70_000))) <= set(map(low16, lost))
        assert len(feedback.read_fir(item)) * 8 <= len(item.body)
        source = feedback.media_source(item)
        assert source is None or 0 <= source < 2**32


def read_transport_feedback(data: bytes) -> None:
    """Arrival times that were read can be written and read again."""
    for item in rtcp.read(data):
        arrived = transport_feedback.read_feedback(item)
        if arrived is None:
            continue
        assert len(arrived.arrivals) <= transport_feedback.MAX_STATUSES
        written, count = transport_feedback.write_feedback(1, 2, arrived)
        assert count == len(arrived.arrivals)
        (again,) = rtcp.read(written)
        same = transport_feedback.read_feedback(again)
        assert same is not None
        assert (same.base, same.count) == (arrived.base, arrived.count)
        assert [_low(tick) for tick in same.arrivals] == [_low(tick) for tick in arrived.arrivals]


def _low(tick: int | None) -> int | None:
    return None if tick is None else low32(tick)


def read_dependency(data: bytes) -> None:
    """A descriptor that was read stays the same with another number and fewer targets, with or without a structure."""
    first = dependency.read(data, None)
    known = first.structure if first is not None else None
    for structure in (None, known):
        said = dependency.read(data, structure)
        if said is None:
            continue
        for written in (dependency.with_active(data, structure, 0b101), dependency.numbered(data, 7)):
            again = dependency.read(written, structure)
            assert again is not None
            assert (again.template, again.structure, again.indications) == (
                said.template,
                said.structure,
                said.indications,
            )
        if said.structure is not None:
            layout = dependency.layout(said.structure)
            assert all(layout.nested(target, target) for target in range(len(layout.targets)))


def read_framing(data: bytes) -> None:
    """A stream gives the same packets however it is cut, never more than it was fed, and keeps one packet at most."""
    whole = _deframed([data])
    size = data[0] % 50 + 1 if data else 1
    cut = [data[start : start + size] for start in range(0, len(data), size)]
    packets = _deframed(cut)
    assert packets[: len(whole)] == whole
    assert sum(len(frame(packet)) for packet in packets) <= len(data)
    assert all(0 < len(packet) <= FRAME_MAX_BYTES for packet in packets)


def _deframed(pieces: list[bytes]) -> list[bytes]:
    deframer, packets = Deframer(), []
    for piece in pieces:
        try:
            packets += deframer.feed(piece)
        except FramingError:
            break
        assert len(deframer._rest) <= 2 + FRAME_MAX_BYTES
    return packets


def guard_sctp(data: bytes) -> None:
    """The guard judges any packet."""
    assert sctp_guard.acceptable(data) in (True, False)


def codec_target(codec: codecs.Codec) -> Callable[[bytes], None]:
    """Give the target of a payload format: what it rewrites keeps size and meaning, and without a shift every byte."""

    def read_codec(data: bytes) -> None:
        cut = data[0] if data else 0
        first, second = _payload(data[1 + cut :]), _payload(data[1 : 1 + cut])
        for packet in (first, second):
            codec.inspect(packet)
            assert codec.rewrite(packet, codecs.UNSHIFTED) == packet.payload
        shift = codec.shift(first, codecs.UNSHIFTED, second)
        shift = codec.shift(second, shift, first)
        _shifted(codec, first, shift)

    return read_codec


def _shifted(codec: codecs.Codec, packet: Packet, shift: codecs.Shift) -> None:
    again = _payload(codec.rewrite(packet, shift))
    codec.inspect(again)
    assert len(again.payload) == len(packet.payload)
    assert again.switch_point == packet.switch_point
    assert (again.numbers is None) == (packet.numbers is None)
    back = (-shift[0], -shift[1])
    assert codec.rewrite(again, back) == packet.payload


def _payload(payload: bytes) -> Packet:
    packet = rtp.parse(rtp.header(96, 1, 1, 1) + payload, 1.0)
    assert packet is not None
    return packet


def codec_targets() -> dict[str, Callable[[bytes], None]]:
    """Give a target for every payload format that the server knows."""
    known = {mime.replace("/", "_"): codec for mime, codec in codecs._BY_MIME.items()}
    return {f"codec_{name}": codec_target(codec) for name, codec in known.items()}
