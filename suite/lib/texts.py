"""Texts as files that word processors open."""

from __future__ import annotations

import io
import re

from odfdo import Document, Header, List, ListItem, Paragraph

ODT = "application/vnd.oasis.opendocument.text"
HEADING = re.compile(r"(#{1,6})\s+(.+)")
ITEM = re.compile(r"\s*[-*+]\s+(.+)")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot hold."""


def odt_of(markdown: str) -> bytes:
    """Give a text as OpenDocument; of Markdown it knows headings and lists, all else stays as it was written."""
    document = Document("text")
    document.body.clear()
    items: List | None = None
    for line in UNPRINTABLE.sub("", markdown).splitlines():
        item = ITEM.fullmatch(line)
        if item is None:
            document.body.append(_block(line))
            items = None
            continue
        if items is None:
            items = List()
            document.body.append(items)
        items.append(ListItem(item[1]))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _block(line: str) -> Header | Paragraph:
    heading = HEADING.fullmatch(line)
    return Header(len(heading[1]), heading[2]) if heading else Paragraph(line)
