"""Reads Yjs's bytes (encoding version 1) strictly, and only those of plain text in one root; pure.

The library believes the counts that it reads and would work for minutes on twenty hostile bytes, so nothing reaches
it that was not read here. Format: `src/utils/encoding.js`, `src/structs/Item.js` of Yjs 13.
"""

from __future__ import annotations

from collections.abc import Callable

GC, DELETED, STRING, SKIP = 0, 1, 4, 10
REF = 0x1F
HAS_PARENT_KEY, HAS_RIGHT, HAS_LEFT = 0x20, 0x40, 0x80
LENGTH_MAX = 2**24
ID_MAX = 2**53


class UnreadableError(Exception):
    """These bytes are no update of plain text, or no state vector."""


class Reader:
    """Takes numbers and texts from bytes, one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def byte(self) -> int:
        """Take one byte."""
        if self.place >= len(self.data):
            raise UnreadableError
        self.place += 1
        return self.data[self.place - 1]

    def number(self, most: int = ID_MAX) -> int:
        """Take a number of seven bits a byte, the lowest first, that is at most `most`."""
        number = shift = 0
        while True:
            part = self.byte()
            number |= (part & 0x7F) << shift
            if number > most or shift > 56:
                raise UnreadableError
            if part < 0x80:
                return number
            shift += 7

    def count(self) -> int:
        """Take the number of things that follow; each is at least one byte long."""
        return self.number(len(self.data) - self.place)

    def text(self) -> str:
        """Take a text: its length in bytes, then UTF-8."""
        length = self.count()
        start, self.place = self.place, self.place + length
        if self.place > len(self.data):
            raise UnreadableError
        try:
            return self.data[start : self.place].decode()
        except UnicodeDecodeError as error:
            raise UnreadableError from error

    def end(self) -> None:
        """Check that nothing is left."""
        if self.place != len(self.data):
            raise UnreadableError


def check_state(data: bytes) -> None:
    """Raise `UnreadableError` unless this is a state vector: a clock for each client."""
    reader = Reader(data)
    for _client in range(reader.count()):
        _id(reader)
    reader.end()


def check_update(data: bytes, root: str) -> None:
    """Raise `UnreadableError` unless this is an update of the text called `root`, and of nothing else."""
    reader = Reader(data)
    for _client in range(reader.count()):
        structs = reader.count()
        _id(reader)
        for _struct in range(structs):
            _read_struct(reader, root)
    for _client in range(reader.count()):
        reader.number()
        for _range in range(reader.count()):
            reader.number()
            reader.number(LENGTH_MAX)
    reader.end()


def _id(reader: Reader) -> None:
    reader.number()
    reader.number()


def _read_struct(reader: Reader, root: str) -> None:
    info = reader.byte()
    if info in (GC, SKIP):
        reader.number(LENGTH_MAX)
        return
    content = CONTENTS.get(info & REF)
    if content is None or info & HAS_PARENT_KEY:
        raise UnreadableError
    for bit in (HAS_LEFT, HAS_RIGHT):
        if info & bit:
            _id(reader)
    # Where it has a neighbour, the parent is the neighbour's.
    if not info & (HAS_LEFT | HAS_RIGHT) and (reader.number(1) != 1 or reader.text() != root):
        raise UnreadableError
    content(reader)


CONTENTS: dict[int, Callable[[Reader], object]] = {
    DELETED: lambda reader: reader.number(LENGTH_MAX),
    STRING: Reader.text,
}
