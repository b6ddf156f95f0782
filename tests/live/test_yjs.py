"""Yjs's bytes are read strictly: what passes, the library takes at once."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Map, Text

from visio.live import yjs
from visio.live.yjs import UnreadableError

EDITS = st.lists(st.tuples(st.booleans(), st.integers(0, 40), st.text("abé😀\n", min_size=1, max_size=5)), max_size=20)
PATIENCE_S = 5


def _written(edits: list[tuple[bool, int, str]]) -> list[bytes]:
    """Give the updates of two people who write and delete at once."""
    documents: list[Doc[Any]] = [Doc(client_id=1), Doc(client_id=2)]
    updates = []
    for number, (deletes, place, letters) in enumerate(edits):
        document = documents[number % 2]
        text = document.get("notes", type=Text)
        before, length = document.get_state(), len(str(text).encode())
        if deletes and length:
            del text[0:length]
        else:
            text.insert(min(place, length) if str(text).isascii() else 0, letters)
        updates.append(document.get_update(before))
        if number % 3 == 0:
            documents[1 - number % 2].apply_update(updates[-1])
    return [*updates, *(document.get_update() for document in documents)]


@given(EDITS)
def test_what_people_write_passes(edits: list[tuple[bool, int, str]]) -> None:
    for update in _written(edits):
        yjs.check_update(update, "notes")
    document: Doc[Any] = Doc()
    document.apply_update(_written(edits)[-1])
    yjs.check_state(document.get_state())


@given(EDITS.filter(len), st.data())
def test_what_passes_does_no_harm(edits: list[tuple[bool, int, str]], data: st.DataObject) -> None:
    """Bytes are changed; the library takes what is still read, quickly and without a panic."""
    update = bytearray(data.draw(st.sampled_from(_written(edits))))
    for _change in range(data.draw(st.integers(1, 3))):
        update[data.draw(st.integers(0, len(update) - 1))] = data.draw(st.integers(0, 255))
    _harmless(bytes(update))


@given(st.binary(max_size=60))
def test_any_bytes_do_no_harm(update: bytes) -> None:
    _harmless(update)


def _harmless(update: bytes) -> None:
    began = time.monotonic()
    try:
        yjs.check_update(update, "notes")
    except UnreadableError:
        return
    document: Doc[Any] = Doc()
    document.apply_update(update)
    str(document.get("notes", type=Text))
    document.get_update()
    assert time.monotonic() - began < PATIENCE_S


def test_other_things_than_the_text_are_refused() -> None:
    document: Doc[Any] = Doc()
    document.get("other", type=Text).insert(0, "x")
    with pytest.raises(UnreadableError):
        yjs.check_update(document.get_update(), "notes")
    document = Doc()
    document.get("notes", type=Map)["key"] = 1
    with pytest.raises(UnreadableError):
        yjs.check_update(document.get_update(), "notes")
