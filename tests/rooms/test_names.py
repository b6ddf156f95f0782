"""Names that are fit to be shown."""

from __future__ import annotations

import pytest

from visio.rooms.names import clean


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Team", "Team"),
        ("  Comité\tde \n direction ", "Comité de direction"),
        ("e\u0301", "é"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("\u2066\u200b\ufeff", ""),
        ("\ud800", ""),
        ("Z" + "\u0363" * 50 + "oe", "Z" + "\u0363" * 4 + "oe"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_it_works(typed: str, shown: str) -> None:
    assert clean(typed, 255) == shown


def test_long_names_are_cut() -> None:
    assert clean("a " * 300, 5) == "a a a"
