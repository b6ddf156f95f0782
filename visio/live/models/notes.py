"""Shared notes: one text document (Yjs) for each gathering, kept update by update and packed now and then."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from pycrdt import Doc, Text

from visio.attendance.models import Gathering

ROOT = "notes"
"""The document's one text; browsers know it by this name."""
PACK_AFTER = 200
DOCUMENT_MAX_BYTES = 512 * 1024


class TooLargeError(Exception):
    """The document is full."""


class Notes(models.Model):
    """The document: `packed` and, after it, the updates that have come since."""

    gathering = models.OneToOneField(Gathering, on_delete=models.CASCADE, primary_key=True, related_name="notes")
    packed = models.BinaryField(_("document"), default=bytes)

    class Meta:
        verbose_name = _("shared notes")
        verbose_name_plural = _("shared notes")

    def __str__(self) -> str:
        return str(self.gathering)

    @classmethod
    def add(cls, gathering: uuid.UUID, update: bytes) -> int:
        """Keep an update and give its number. Raise `TooLargeError` when the document would become too large."""
        with transaction.atomic():
            cls.objects.get_or_create(gathering_id=gathering)
            notes = cls.objects.select_for_update().get(pk=gathering)
            waiting = list(notes.updates.values_list("content", flat=True))
            if len(waiting) >= PACK_AFTER or _size(notes.packed, waiting) + len(update) > DOCUMENT_MAX_BYTES:
                notes.pack()
                if len(notes.packed) + len(update) > DOCUMENT_MAX_BYTES and not notes.shrinks(update):
                    raise TooLargeError
            return NotesUpdate.objects.create(notes=notes, content=update).pk

    def pack(self) -> None:
        """Write the whole as one."""
        self.packed = bytes(self.document().get_update())
        self.save(update_fields=["packed"])
        self.updates.all().delete()

    def shrinks(self, update: bytes) -> bool:
        """Say whether a packed document becomes smaller: text may be taken out of full notes."""
        document = self.document()
        document.apply_update(update)
        return len(document.get_update()) < len(self.packed)

    def document(self) -> Doc[Any]:
        """Give the document, for this thread only."""
        document: Doc[Any] = Doc()
        for update in (self.packed, *self.updates.values_list("content", flat=True)):
            if update:
                document.apply_update(bytes(update))
        return document

    def text(self) -> str:
        """Give what is written."""
        return str(self.document().get(ROOT, type=Text))


def _size(packed: bytes | memoryview, waiting: Iterable[bytes | memoryview]) -> int:
    return len(packed) + sum(len(update) for update in waiting)


class NotesUpdate(models.Model):
    """What a browser has changed, as Yjs encodes it; numbers count up."""

    notes = models.ForeignKey(Notes, on_delete=models.CASCADE, related_name="updates")
    content = models.BinaryField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.notes_id} {self.pk}"
