"""Fuzz targets for what arrives as text or protobuf: SDP, signalling frames, join requests, data packets."""

from __future__ import annotations

import base64
from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from visio import wire
from visio.media import data as packets
from visio.media import negotiation, sdp
from visio.media.allowance import Allowances
from visio.media.calls import Calls
from visio.media.chat import Chat
from visio.media.data import Audience
from visio.media.formats import Format
from visio.media.limits import DEFAULT
from visio.media.negotiation import LocalParameters, Sending, Slot
from visio.media.participant import Participant
from visio.media.replay import Replay
from visio.signalling import frames, joining
from visio.signalling.errors import FrameError, RefusedError

LOCAL = LocalParameters("u" * 16, "p" * 32, "sha-256 00:11", ("candidate:1 1 udp 1 192.0.2.1 7 typ host",))
SLOTS = (Slot("0", "audio"), Slot("1", "video"))


def read_sdp(data: bytes) -> None:
    """What was read can be written and read again; an answer to it is well formed; a wrong one is an `SdpError`."""
    try:
        description = sdp.parse(data.decode("utf-8", "replace"))
    except sdp.SdpError:
        return
    text = description.text()
    assert sdp.parse(text).text() == text
    _answer(description)
    _take_answer(description)


def write_sdp(data: bytes) -> None:
    """Whatever a track or its payload format is called, a description has no line more for it, or is not written."""
    stream, _, parameters = data.decode("utf-8", "replace").partition("\0")
    usual = _offered("camera", "").splitlines()
    try:
        text = _offered(stream, parameters)
    except sdp.SdpError:
        return
    assert len(text.splitlines()) == len(usual)
    assert sdp.parse(text).sections[1].direction == "sendonly"


def _offered(stream: str, parameters: str) -> str:
    track = Sending(f"PA_a|{stream}", "TR_a", 1111, "PA_a", 2222, Format("vp9", parameters))
    description, _ = negotiation.offer(LOCAL, [Slot("0", "video", track)])
    return description.text()


def _answer(offer: sdp.SessionDescription) -> None:
    try:
        negotiation.remote_parameters(offer)
    except sdp.SdpError:
        return
    answered, settled = negotiation.answer(offer, LOCAL)
    again = sdp.parse(answered.text())
    assert [section.mid for section in again.sections] == [section.mid for section in offer.sections]
    assert [_gist(section) for section in again.sections] == [_gist(section) for section in answered.sections]
    assert len(settled) <= len(offer.sections)
    assert {one.mid for one in settled} <= {section.mid for section in offer.sections}


def _gist(section: sdp.Section) -> tuple[object, ...]:
    """Give what a peer reads of a section, without candidates and ice-lite; data channels have no direction."""
    codecs = [(codec.payload_type, codec.name, codec.clock_rate) for codec in section.codecs.values() if codec.name]
    direction = section.direction if section.kind != "application" else ""
    return section.mid, section.kind, section.port, direction, section.rids, codecs


def _take_answer(answer: sdp.SessionDescription) -> None:
    offered, proposed = negotiation.offer(LOCAL, SLOTS)
    try:
        assert len(negotiation.accepted(offered, answer, proposed)) <= len(proposed)
    except sdp.SdpError:
        return


def read_frame(data: bytes) -> None:
    """A binary frame is read as it was written, or refused."""
    try:
        request = frames.read(data)
    except FrameError:
        return
    assert frames.read(request.SerializeToString()) == request or _has_nan(request)


def _has_nan(request: rtc.SignalRequest) -> bool:
    """Tell whether a message is unlike itself."""
    return request != rtc.SignalRequest.FromString(request.SerializeToString())


def read_text_frame(data: bytes) -> None:
    """A text frame is read, or refused."""
    try:
        request = frames.read(data.decode("utf-8", "replace"))
    except FrameError:
        return
    assert frames.read(request.SerializeToString()).WhichOneof("message") == request.WhichOneof("message")


def read_join(data: bytes) -> None:
    """The parameters of both paths are read, or refused; what is unpacked has a limit."""
    _joined(data)
    for compression in ("NONE", "GZIP"):
        wrapped = rtc.WrappedJoinRequest(compression=compression, join_request=data)
        _single(base64.urlsafe_b64encode(wrapped.SerializeToString()).decode())


def _joined(query_string: bytes) -> None:
    try:
        query = joining.parse_query(query_string)
        _bounded(joining.dual(query))
    except RefusedError:
        return
    _single(query.get("join_request", ""))


def _single(parameter: str) -> None:
    try:
        _bounded(joining.single({"join_request": parameter}))
    except RefusedError:
        return


def _bounded(join: rtc.JoinRequest) -> None:
    assert len(join.SerializeToString()) <= 2 * joining.JOIN_MAX_BYTES


def read_response(data: bytes) -> None:
    """What reads a worker's frames for the log and for text sockets takes any that protobuf takes."""
    try:
        response = rtc.SignalResponse.FromString(data)
    except DecodeError:
        return
    assert frames.kind(data) == response.WhichOneof("message")


class _Listener(SimpleNamespace):
    """Somebody in the room, as far as data is concerned."""

    def complain(self, _text: str) -> None:
        """Be told of a refusal."""

    def send_data(self, _label: str, frame: bytes) -> bool:
        self.got.append(frame)
        return True


def _somebody(name: str) -> _Listener:
    return _Listener(
        identity=name,
        sid=f"PA_{name}",
        grant=wire.Grant(name),
        got=[],
        joined_at=0.0,
        last_sequence=0,
        may=Allowances(DEFAULT, 0.0),
    )


def read_data(data: bytes) -> None:
    """Whatever a data packet claims, its receivers learn the true sender; only those meant get it, and never twice."""
    mallory, alice, bob = (_somebody(name) for name in ("mallory", "alice", "bob"))
    people = {who.sid: who for who in (mallory, alice, bob)}
    said: list[_Listener] = []
    room = SimpleNamespace(
        services=SimpleNamespace(limits=DEFAULT),
        participants=people,
        replay=Replay(),
        counters=Counter(),
        calls=Calls(),
        chat=Chat(),
        spoken=lambda who, _line: said.append(who),
    )
    for label in (packets.RELIABLE, packets.LOSSY):
        packets.relay(cast(Audience, room), cast(Participant, mallory), label, data, 1.0)
    assert not mallory.got
    assert all(who is mallory for who in said)
    for who in (alice, bob):
        for frame in who.got:
            _true_sender(models.DataPacket.FromString(frame), who)


def _true_sender(packet: models.DataPacket, receiver: Any) -> None:
    assert (packet.participant_identity, packet.participant_sid) == ("mallory", "PA_mallory")
    assert packet.WhichOneof("value") not in packets.WITHHELD
    assert not packet.destination_identities or receiver.identity in packet.destination_identities
    if packet.WhichOneof("value") == "user":
        assert (packet.user.participant_identity, packet.user.participant_sid) == ("mallory", "PA_mallory")
