"""The notes of a gathering in one web process: one document for all its sockets, filled from the database."""

from __future__ import annotations

import uuid
from typing import Any
from weakref import WeakValueDictionary

from pycrdt import Doc

from visio.live.models.notes import Notes, NotesUpdate


class SharedNotes:
    """One gathering's document. Only the event loop touches it, as the library asks; the database is read elsewhere."""

    _known: WeakValueDictionary[uuid.UUID, SharedNotes] = WeakValueDictionary()

    def __init__(self, gathering: uuid.UUID) -> None:
        self.gathering = gathering
        self.document: Doc[Any] = Doc()
        self._seen = 0
        self._packed = b""

    @classmethod
    def of(cls, gathering: uuid.UUID) -> SharedNotes:
        """Give the document of a gathering; it lives while a socket of this process holds it."""
        found = cls._known.get(gathering)
        if found is None:
            found = cls._known[gathering] = cls(gathering)
        return found

    def unseen(self) -> tuple[list[bytes], int, bytes]:
        """Read what the database has and the document may lack; in the database's thread."""
        notes = Notes.objects.filter(gathering=self.gathering).first()
        packed = bytes(notes.packed) if notes else b""
        news = NotesUpdate.objects.filter(notes=self.gathering, pk__gt=self._seen).values_list("pk", "content")
        rows = [(number, bytes(content)) for number, content in news]
        updates = [content for _number, content in rows]
        seen = max((number for number, _content in rows), default=self._seen)
        return ([packed] if packed != self._packed else []) + updates, seen, packed

    def take(self, found: tuple[list[bytes], int, bytes]) -> None:
        """Put what was read into the document; what it has already changes nothing."""
        updates, seen, self._packed = found
        for update in updates:
            self.document.apply_update(update)
        self._seen = max(self._seen, seen)

    def add(self, update: bytes) -> None:
        """Put a checked update into the document."""
        self.document.apply_update(update)

    def missing(self, state: bytes) -> bytes:
        """Give what a browser with this checked state vector lacks."""
        return bytes(self.document.get_update(state))

    def state(self) -> bytes:
        """Give the document's own state vector."""
        return bytes(self.document.get_state())
