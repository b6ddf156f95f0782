"""LiveKit's chat: whole lines read out of data packets for Django, and packets made of the lines that Django sends."""

from __future__ import annotations

import json
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from livekit.protocol import models

from visio import wire

TOPIC = "lk.chat"
OLD_TOPIC = "lk-chat-topic"
"""Of the JSON packets that applications sent before there were streams, and send beside them still."""
LINE_BYTES = 16 * 1024
"""Longer lines pass, but Django does not get them: the chat's longest line is a quarter of that."""
STREAMS = 8
"""Lines that one participant can have on their way at once."""
ID_MAX = 64
IDENTITY_MAX = 255
"""As long as Django keeps names of lines and of people."""
CHUNK_BYTES = 15_000
"""As LiveKit's clients cut their streams."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of chat that a client has said; `id` is the client's own, `to` the identities of its only readers."""

    id: str
    text: str
    to: tuple[str, ...] = ()
    reply_to: str = ""
    edited: bool = False
    deleted: bool = False


@dataclass(slots=True)
class _Stream:
    header: models.DataStream.Header
    to: tuple[str, ...]
    content: bytearray = field(default_factory=bytearray)


class Chat:
    """What one room knows of its chat: streams that have begun, and who speaks the older kind of message."""

    def __init__(self) -> None:
        self.old_speakers: set[str] = set()
        self._streams: dict[str, OrderedDict[str, _Stream]] = {}

    def take(self, sid: str, packet: models.DataPacket) -> Line | None:
        """Give the line that `packet` of the participant `sid` completes, if any."""
        kind = packet.WhichOneof("value")
        line = self.KINDS[kind](self, sid, packet) if kind in self.KINDS else None
        return line if line is not None and _can_be_kept(line) else None

    def forget(self, sid: str) -> None:
        """Drop what somebody who is gone had begun."""
        self._streams.pop(sid, None)
        self.old_speakers.discard(sid)

    def _message(self, sid: str, packet: models.DataPacket) -> Line | None:
        said = packet.chat_message
        self.old_speakers.add(sid)
        to = tuple(packet.destination_identities)
        return Line(said.id, said.message, to, edited=said.edit_timestamp > 0, deleted=said.deleted)

    def _user(self, _sid: str, packet: models.DataPacket) -> Line | None:
        if packet.user.topic != OLD_TOPIC:
            return None
        try:
            said = json.loads(packet.user.payload)
            if said.get("ignoreLegacy"):
                return None  # the same line comes as a stream
            return Line(str(said["id"]), str(said["message"]), tuple(packet.destination_identities))
        except (ValueError, KeyError, AttributeError, RecursionError):
            return None

    def _header(self, sid: str, packet: models.DataPacket) -> Line | None:
        header = packet.stream_header
        if not _is_chat(header):
            return None
        stream = _Stream(header, tuple(packet.destination_identities))
        if header.HasField("inline_content"):
            stream.content += header.inline_content
            return _finished(stream)
        streams = self._streams.setdefault(sid, OrderedDict())
        streams[header.stream_id] = stream
        if len(streams) > STREAMS:
            streams.popitem(last=False)
        return None

    def _chunk(self, sid: str, packet: models.DataPacket) -> Line | None:
        chunk = packet.stream_chunk
        streams: dict[str, _Stream] = self._streams.get(sid, OrderedDict())
        stream = streams.get(chunk.stream_id)
        if stream is not None:
            stream.content += chunk.content
            if len(stream.content) > LINE_BYTES:
                del streams[chunk.stream_id]
        return None

    def _trailer(self, sid: str, packet: models.DataPacket) -> Line | None:
        stream = self._streams.get(sid, OrderedDict()).pop(packet.stream_trailer.stream_id, None)
        return _finished(stream) if stream is not None and not packet.stream_trailer.reason else None

    KINDS: ClassVar[dict[str | None, Callable[[Chat, str, models.DataPacket], Line | None]]] = {
        "chat_message": _message,
        "user": _user,
        "stream_header": _header,
        "stream_chunk": _chunk,
        "stream_trailer": _trailer,
    }


def begins_line(packet: models.DataPacket) -> bool:
    """Say whether `packet` is a line of chat, or the beginning of one."""
    kind = packet.WhichOneof("value")
    if kind == "stream_header":
        return packet.stream_header.topic == TOPIC
    return kind == "chat_message" or (kind == "user" and packet.user.topic == OLD_TOPIC)


def _can_be_kept(line: Line) -> bool:
    """Say whether Django can write down what `line` and those that it names are called, and its text."""
    names = _is_name(line.id, ID_MAX) and _is_name(line.reply_to, ID_MAX)
    return names and all(_is_name(identity, IDENTITY_MAX) for identity in line.to) and _is_unicode(line.text)


def _is_name(text: str, length_max: int) -> bool:
    return len(text) <= length_max and "\0" not in text and _is_unicode(text)


def _is_unicode(text: str) -> bool:
    """Say whether `text` is without halves of characters, which JSON lets pass."""
    return not any(0xD800 <= ord(character) < 0xE000 for character in text)


def _is_chat(header: models.DataStream.Header) -> bool:
    is_text = header.WhichOneof("content_header") == "text_header"
    return header.topic == TOPIC and is_text and not header.encryption_type


def _finished(stream: _Stream) -> Line | None:
    content = bytes(stream.content)
    try:
        if stream.header.compression == models.DataStream.CompressionType.DEFLATE_RAW:
            unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
            content = unpacking.decompress(content, LINE_BYTES + 1)
        text = content.decode()
    except (zlib.error, UnicodeDecodeError):
        return None
    said = stream.header
    if len(content) > LINE_BYTES:
        return None
    return Line(said.stream_id, text, stream.to, said.text_header.reply_to_stream_id)


def packets(order: wire.Chat, *, is_old_speaker: bool) -> Iterator[models.DataPacket]:
    """Give the packets that tell one client a line that was said in our chat.

    A new line is a text stream, and an older message besides for those who say such themselves; streams know no
    change that clients understand, so what was edited or deleted is such a message for everybody.
    """
    is_new = not (order.edited or order.deleted)
    if is_new:
        yield from _stream(order)
    if is_old_speaker or not is_new:
        changed_ms = time.time_ns() // 1_000_000 if not is_new else 0
        yield models.DataPacket(
            chat_message=models.ChatMessage(
                id=order.id,
                timestamp=order.at_ms,
                edit_timestamp=changed_ms,
                message=order.text,
                deleted=order.deleted,
            )
        )


def _stream(order: wire.Chat) -> Iterator[models.DataPacket]:
    content = order.text.encode()
    yield models.DataPacket(
        stream_header=models.DataStream.Header(
            stream_id=order.id,
            timestamp=order.at_ms,
            topic=TOPIC,
            mime_type="text/plain",
            total_length=len(content),
            text_header=models.DataStream.TextHeader(reply_to_stream_id=order.reply_to),
        )
    )
    for number, start in enumerate(range(0, len(content), CHUNK_BYTES)):
        piece = content[start : start + CHUNK_BYTES]
        chunk = models.DataStream.Chunk(stream_id=order.id, chunk_index=number, content=piece)
        yield models.DataPacket(stream_chunk=chunk)
    yield models.DataPacket(stream_trailer=models.DataStream.Trailer(stream_id=order.id))
