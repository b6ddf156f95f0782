"""Lines of chat in data packets: read whole whatever their form, refused where the policy says no, said to clients."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest
from livekit.protocol import models

from tests.media.hall import Hall
from tests.media.test_relay import Listener, send
from visio import wire
from visio.media import chat, data
from visio.media.chat import Chat, Line

Packet = models.DataPacket
Stream = models.DataStream


def header(identity: str = "s1", **fields: Any) -> Packet:
    """Begin a line as a stream."""
    given: dict[str, Any] = {"stream_id": identity, "topic": chat.TOPIC, "text_header": Stream.TextHeader(), **fields}
    return Packet(stream_header=Stream.Header(**given))


def chunk(content: bytes, identity: str = "s1") -> Packet:
    """Go on with it."""
    return Packet(stream_chunk=Stream.Chunk(stream_id=identity, content=content))


def trailer(identity: str = "s1", reason: str = "") -> Packet:
    """End it."""
    return Packet(stream_trailer=Stream.Trailer(stream_id=identity, reason=reason))


def old_json(**said: object) -> Packet:
    """A line as applications sent it before there were streams."""
    return Packet(user=models.UserPacket(topic=chat.OLD_TOPIC, payload=json.dumps(said).encode()))


def deflated(text: str) -> bytes:
    """Pack as clients do."""
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(text.encode()) + packing.flush()


DEFLATE = Stream.CompressionType.DEFLATE_RAW
LINES: dict[str, tuple[list[Packet], Line | None]] = {
    "chunks": ([header(), chunk("né".encode()[:2]), chunk("né".encode()[2:]), trailer()], Line("s1", "né")),
    "inline": ([header(inline_content=b"hello")], Line("s1", "hello")),
    "deflated": ([header(inline_content=deflated("hello " * 9), compression=DEFLATE)], Line("s1", "hello " * 9)),
    "answer": (
        [header(inline_content=b"yes", text_header=Stream.TextHeader(reply_to_stream_id="q"))],
        Line("s1", "yes", reply_to="q"),
    ),
    "message": ([Packet(chat_message=models.ChatMessage(id="m", message="hi"))], Line("m", "hi")),
    "edited": (
        [Packet(chat_message=models.ChatMessage(id="m", message="ho", edit_timestamp=7))],
        Line("m", "ho", edited=True),
    ),
    "deleted": ([Packet(chat_message=models.ChatMessage(id="m", deleted=True))], Line("m", "", deleted=True)),
    "json": ([old_json(id="j", message="hi")], Line("j", "hi")),
    "json beside a stream": ([old_json(id="j", message="hi", ignoreLegacy=True)], None),
    "no json": ([Packet(user=models.UserPacket(topic=chat.OLD_TOPIC, payload=b"[" * 9000))], None),
    "a list": ([Packet(user=models.UserPacket(topic=chat.OLD_TOPIC, payload=b"[1]"))], None),
    "half a character": ([old_json(id="j", message="\ud800")], None),
    "half a name": ([old_json(id="\udfff", message="hi")], None),
    "nothing in a name": ([old_json(id="j\0", message="hi")], None),
    "long name": ([header("s" * 65, inline_content=b"x")], None),
    "answer to a long name": (
        [header(inline_content=b"x", text_header=Stream.TextHeader(reply_to_stream_id="q" * 65))],
        None,
    ),
    "long reader": (
        [Packet(chat_message=models.ChatMessage(id="m"), destination_identities=["i" * 256])],
        None,
    ),
    "other topic": ([header(topic="notes", inline_content=b"x")], None),
    "file": ([Packet(stream_header=Stream.Header(stream_id="s1", topic=chat.TOPIC, inline_content=b"x"))], None),
    "encrypted": ([header(encryption_type=models.Encryption.GCM, inline_content=b"x")], None),
    "no text": ([header(inline_content=b"\xff")], None),
    "no deflate": ([header(inline_content=b"\xff\xff", compression=DEFLATE)], None),
    "bomb": ([header(inline_content=deflated("a" * 10_000_000), compression=DEFLATE)], None),
    "too long": ([header(), chunk(b"a" * chat.LINE_BYTES), chunk(b"a"), trailer()], None),
    "broken off": ([header(), chunk(b"a"), trailer(reason="gone")], None),
    "without beginning": ([chunk(b"a"), trailer()], None),
}


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_read_whole_or_not_at_all(name: str) -> None:
    packets, line = LINES[name]
    room_chat = Chat()
    taken = [room_chat.take("PA_1", packet) for packet in packets]
    assert [one for one in taken if one] == ([line] if line else [])


def test_somebody_has_few_lines_on_their_way() -> None:
    room_chat = Chat()
    for number in range(chat.STREAMS + 1):
        room_chat.take("PA_1", header(str(number)))
    assert room_chat.take("PA_1", trailer("0")) is None
    assert room_chat.take("PA_1", trailer("1")) == Line("1", "")
    room_chat.forget("PA_1")
    assert room_chat.take("PA_1", trailer("2")) is None


async def test_django_hears_who_said_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the other clients get it as it was."""
    hall = Hall()
    alice, bob = hall.enter("alice"), hall.enter("bob")
    listener = Listener(bob, monkeypatch)
    send(hall, alice, header(inline_content=b"hello"))
    assert hall.spoken == [("session-of-alice", Line("s1", "hello"))]
    assert [packet.participant_identity for _, packet in listener.packets] == ["alice"]


async def test_private_lines_need_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """A modified client cannot evade it: the worker passes nothing on."""
    hall = Hall()
    alice, mallory, bob = hall.enter("alice"), hall.enter("mallory", private_chat=False), hall.enter("bob")
    listener = Listener(bob, monkeypatch)
    for sender in (alice, mallory):
        whisper = header(inline_content=b"psst")
        whisper.destination_identities.append("bob")
        send(hall, sender, whisper)
    nested = models.UserPacket(topic=chat.OLD_TOPIC, payload=b"{}", destination_identities=["bob"])
    room = send(hall, mallory, Packet(user=nested))
    assert hall.spoken == [("session-of-alice", Line("s1", "psst", ("bob",)))]
    assert len(listener.packets) == 1
    assert room.counters["data refused: not allowed"] == 2


DIRECTED = (
    Packet(user=models.UserPacket(topic="notes", payload=b"psst"), destination_identities=["bob"]),
    Packet(user=models.UserPacket(topic="notes", payload=b"psst", destination_identities=["bob"])),
    Packet(stream_header=Stream.Header(stream_id="s", text_header=Stream.TextHeader()), destination_identities=["bob"]),
    Packet(stream_chunk=Stream.Chunk(stream_id="s", content=b"psst"), destination_identities=["bob"]),
    Packet(rpc_request=models.RpcRequest(id="r", method="whisper", payload="psst"), destination_identities=["bob"]),
)


@pytest.mark.parametrize("packet", DIRECTED, ids=range(len(DIRECTED)))
async def test_nothing_else_is_private_either(packet: Packet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another topic, or another kind of packet, is no way around."""
    hall = Hall()
    mallory, bob = hall.enter("mallory", private_chat=False), hall.enter("bob")
    listener = Listener(bob, monkeypatch)
    room = send(hall, mallory, packet)
    assert (listener.packets, room.counters["data refused: not allowed"]) == ([], 1)


async def test_files_need_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream of bytes is a file, whatever its topic."""
    hall = Hall()
    alice, mallory, bob = hall.enter("alice"), hall.enter("mallory", files=False), hall.enter("bob")
    listener = Listener(bob, monkeypatch)
    file = Packet(stream_header=Stream.Header(stream_id="f", topic="any", byte_header=Stream.ByteHeader(name="x.exe")))
    for sender in (mallory, alice):
        send(hall, sender, file)
    assert [packet.participant_identity for _, packet in listener.packets] == ["alice"]


async def test_a_closed_chat_lets_nothing_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall()
    mallory, bob = hall.enter("mallory", can_publish_data=False), hall.enter("bob")
    listener = Listener(bob, monkeypatch)
    for packet in (header(inline_content=b"x"), Packet(chat_message=models.ChatMessage(id="m", message="x"))):
        send(hall, mallory, packet)
    assert (listener.packets, hall.spoken) == ([], [])


async def test_a_flood_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall()
    alice, bob = hall.enter("alice"), hall.enter("bob")
    listener = Listener(bob, monkeypatch)
    for number in range(50):
        room = send(hall, alice, header(str(number), inline_content=b"x"))
    assert len(hall.spoken) == len(listener.packets) == 10
    assert room.counters["data refused: too fast"] == 40


async def test_a_line_of_django_is_said_in_the_name_of_its_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a stream to everybody else, and as an older message to those who speak so; a change only as such."""
    hall = Hall()
    alice, bob, carol = hall.enter("alice"), hall.enter("bob"), hall.enter("carol")
    send(hall, carol, Packet(chat_message=models.ChatMessage(id="m", message="hi")))
    to_alice, to_bob, to_carol = (Listener(one, monkeypatch) for one in (alice, bob, carol))
    room = hall.rooms.rooms["room"]
    room.say_line(wire.Chat("room", "alice", "l1", "Bonjour à tous", 5))
    kinds = ["stream_header", "stream_chunk", "stream_trailer"]
    assert to_alice.packets == []
    assert [packet.WhichOneof("value") for _, packet in to_bob.packets] == kinds
    assert [packet.WhichOneof("value") for _, packet in to_carol.packets] == [*kinds, "chat_message"]
    sent = to_bob.packets[0][1]
    assert (sent.participant_identity, sent.participant_sid) == ("alice", alice.participant.sid)
    reader = Chat()
    assert [reader.take("", packet) for _, packet in to_bob.packets][-1] == Line("l1", "Bonjour à tous")
    room.say_line(wire.Chat("room", "alice", "l1", "", 5, deleted=True))
    assert to_bob.packets[-1][1].chat_message.deleted
    room.say_line(wire.Chat("room", "alice", "l2", "Between us", 5, to=("carol",)))
    assert len(to_bob.packets) == 4
    assert to_carol.packets[-1][1].chat_message.message == "Between us"


async def test_encrypted_rooms_have_a_chat_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall()
    alice, bob = hall.enter("alice"), hall.enter("bob")
    listener = Listener(bob, monkeypatch)
    room = hall.rooms.rooms["room"]
    monkeypatch.setattr(type(room), "is_encrypted", True)
    send(hall, alice, header(inline_content=b"hello"))
    room.say_line(wire.Chat("room", "alice", "l1", "Hello", 5))
    assert (len(listener.packets), hall.spoken) == (1, [])
    assert listener.packets[0][0] == data.RELIABLE
