"""Keeps what passes through a media worker, a few inputs of each shape, as the corpus of the fuzz targets."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from google.protobuf import json_format
from livekit.protocol import models, rtc

from tests.media import streams_of
from visio import wire
from visio.media import codecs, data, dependency, framing, rtcp, rtp, sctp_guard, sdp
from visio.media.backchannel import Backchannel
from visio.media.extensions import ONE_BYTE_PROFILE
from visio.media.feedback import TRANSPORT, TRANSPORT_WIDE
from visio.media.line import Line
from visio.media.mux import Mux
from visio.media.peer import Peer
from visio.media.rooms import Rooms
from visio.media.rtp import Packet
from visio.media.tcp import TcpPath
from visio.media.up_leg import UpLeg

EACH_SHAPE = 2
EACH_TARGET = 24
BODY_BYTES = 64
"""What is kept of a payload: descriptor and frame header, not the picture."""
STREAM_PACKETS = 40
STREAM_BYTES = 12_000
PASSWORD = re.compile(r"(a=ice-pwd:)\S+")
SOUND = (109, 111, 63)
"""Payload types of Opus and its redundancy in the clients that are recorded."""


class Recorder:
    """Takes the place of the functions through which everything passes, and calls them."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[object, list[bytes]]] = defaultdict(lambda: defaultdict(list))
        self._undo: list[Callable[[], None]] = []
        self._streams: dict[str, list[bytes]] = defaultdict(list)

    def __enter__(self) -> Recorder:
        self._listen(Mux, "_on_stun", lambda _mux, packet, _path: self.add("stun", packet, len(packet)))
        self._listen(UpLeg, "receive_rtp", lambda leg, packet, _now: self._rtp(leg, packet))
        self._listen(Peer, "on_rtcp", lambda peer, packet, _now: self._rtcp(peer.up, packet))
        self._listen(Backchannel, "send", self._feedback)
        self._listen(TcpPath, "data_received", lambda path, piece: self._stream(f"tcp {id(path)}", piece))
        self._listen(Rooms, "connect", lambda _rooms, order: self._connect(order))
        self._listen(Rooms, "signal", lambda _rooms, order: self._signal(order))
        self._listen(Line, "send", lambda _line, frame: self._response(frame))
        self._listen(sdp, "parse", self._sdp)
        self._listen(sctp_guard, "acceptable", lambda packet: self.add("sctp", packet, (packet[12], len(packet) // 64)))
        self._listen(data, "relay", lambda _room, _who, _label, message, _now: self._data(message))
        for mime, codec in codecs._BY_MIME.items():
            self._listen(type(codec), "inspect", lambda _codec, packet, mime=mime: self._codec(mime, packet))
        return self

    def __exit__(self, *failure: object) -> None:
        for undo in reversed(self._undo):
            undo()

    def _listen(self, owner: Any, name: str, hear: Callable[..., object]) -> None:
        true = getattr(owner, name)

        def passing(*values: Any, **named: Any) -> Any:
            hear(*values, **named)
            return true(*values, **named)

        setattr(owner, name, passing)
        self._undo.append(lambda: setattr(owner, name, true))

    def add(self, target: str, content: bytes, shape: object = None) -> None:
        """Keep an input, unless there are enough of its shape."""
        alike = self._kept[target][shape]
        if len(alike) < EACH_SHAPE and content not in alike:
            alike.append(content)

    def save(self, folder: Path) -> dict[str, int]:
        """Write everything; give the number of files by target."""
        for key, pieces in self._streams.items():
            self.add("framing" if key.startswith("tcp") else key.split()[0], b"".join(pieces)[:STREAM_BYTES], key)
        written = {}
        for target, shapes in self._kept.items():
            (folder / target).mkdir(parents=True, exist_ok=True)
            inputs = [content for alike in shapes.values() for content in alike][:EACH_TARGET]
            for content in inputs:
                (folder / target / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)
            written[target] = len(inputs)
        return written

    # --- packets ----------------------------------------------------------------------------------------

    def _rtp(self, leg: object, packet: bytes) -> None:
        read = rtp.parse(packet, 0.0)
        if read is None:
            return
        shape = (read.payload_type, tuple(read.elements), bool(read.marker), len(read.payload) // 256)
        kept = packet[: len(packet) - len(read.payload) + BODY_BYTES]
        self.add("rtp", kept, shape)
        if packet[0] & 0x10:
            start = 12 + 4 * (packet[0] & 0x0F)
            words = int.from_bytes(packet[start + 2 : start + 4], "big")
            profile = ONE_BYTE_PROFILE.to_bytes(2, "big")
            self.add("extensions", profile + packet[start + 4 : start + 4 + 4 * words], tuple(read.elements))
        self._stream(f"legs {id(leg)}", framing.frame(_as_in_target(read)))

    def _rtcp(self, leg: object, packet: bytes) -> None:
        items = list(rtcp.read(packet))
        shape = tuple((item.kind, item.count) for item in items)
        for target in ("rtcp", "feedback"):
            self.add(target, packet, shape)
        if any((item.kind, item.count) == (TRANSPORT, TRANSPORT_WIDE) for item in items):
            self.add("transport_feedback", packet, len(packet))
        self._stream(f"legs {id(leg)}", framing.frame(packet))

    def _feedback(self, leg: object, *parts: bytes) -> None:
        for packet in rtcp.bundle(parts):
            self._rtcp(leg, packet)

    def _codec(self, mime: str, packet: Packet) -> None:
        payload = packet.payload[:BODY_BYTES]
        for element in packet.elements.values():
            said = dependency.read(element, None) if mime == "video/av1" else None
            if said is not None:
                self.add("dependency", element, (said.template, said.structure is not None, said.active))
        if payload:
            shape = (payload[0], payload[1:2], packet.marker, len(packet.payload) // 256)
            target = f"codec_{mime.replace('/', '_')}"
            self.add(target, bytes((len(payload),)) + payload + payload, shape)

    def _stream(self, key: str, piece: bytes) -> None:
        pieces = self._streams[key]
        if len(pieces) < STREAM_PACKETS:
            pieces.append(piece)

    # --- signalling -------------------------------------------------------------------------------------

    def _connect(self, order: wire.Connect) -> None:
        join = _without_passwords(order.join)
        self.add("join", join, (order.single, len(join) > BODY_BYTES))
        self.add("join", gzip.compress(join, mtime=0), (order.single, "packed"))

    def _signal(self, order: wire.Signal) -> None:
        frame = _without_passwords(order.frame)
        request = rtc.SignalRequest.FromString(frame)
        kind = request.WhichOneof("message")
        self.add("frame", frame, kind)
        self.add("text_frame", json_format.MessageToJson(request, indent=None).encode(), kind)
        self._stream(f"conversation {order.channel}", len(frame).to_bytes(2, "big") + frame)

    def _response(self, frame: bytes) -> None:
        self.add("response", _without_passwords(frame), rtc.SignalResponse.FromString(frame).WhichOneof("message"))

    def _sdp(self, text: str) -> None:
        kept = PASSWORD.sub(r"\g<1>" + "p" * 24, text)
        self.add("sdp", kept.encode(), (kept.count("\nm="), kept.count("a=msid"), kept.count("a=rid")))

    def _data(self, message: bytes) -> None:
        packet = models.DataPacket.FromString(message)
        if len(message) < STREAM_BYTES:
            self.add("data", message, (packet.WhichOneof("value"), len(packet.destination_identities)))


def _as_in_target(packet: Packet) -> bytes:
    """Give a recorded packet under the numbers that the target's sections have."""
    sound = packet.payload_type in SOUND
    return streams_of.packet(
        packet.payload[:BODY_BYTES],
        payload_type=streams_of.OPUS if sound else streams_of.VP8,
        sequence=packet.sequence,
        timestamp=packet.timestamp,
        ssrc=500 if sound else 600,
        marker=bool(packet.marker),
    )


def _without_passwords(frame: bytes) -> bytes:
    """Give a frame with the ICE passwords of its descriptions replaced, in their own length."""
    return re.sub(rb"(a=ice-pwd:)([^\r\n]+)", lambda found: found[1] + b"p" * len(found[2]), frame)
