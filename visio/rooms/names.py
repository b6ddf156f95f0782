"""Names of rooms and guests, made fit to be shown to others."""

from __future__ import annotations

import unicodedata

ROOM_NAME_MAX = 255
GUEST_NAME_MAX = 80
JOINERS = "\u200c\u200d"
"""Invisible but needed: they shape Persian and Indic words and compound emoji."""
MARKS_MAX = 4
"""Signs above and below one letter: more than scripts need; piles of them cover the names of others."""


def clean(text: str, limit: int) -> str:
    """Give `text` on one line, without control characters and marks that reorder what follows, cut to `limit`."""
    visible = "".join(" " if character.isspace() else character for character in text if _shows(character))
    return _without_piles(unicodedata.normalize("NFC", " ".join(visible.split())))[:limit].rstrip()


def _without_piles(text: str) -> str:
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= MARKS_MAX:
            kept.append(character)
    return "".join(kept)


def _shows(character: str) -> bool:
    return (
        character.isspace() or character in JOINERS or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Cn")
    )


def clean_lines(text: str, limit: int) -> str:
    """Give `text` with its line breaks, each line cleaned as a name is but with its spaces, cut to `limit`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    visible = ("".join(" " if one.isspace() else one for one in line if _shows(one)).rstrip() for line in lines)
    return _without_piles(unicodedata.normalize("NFC", "\n".join(visible).strip()))[:limit].rstrip()
