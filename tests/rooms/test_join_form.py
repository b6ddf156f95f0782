"""What people type to join."""

from __future__ import annotations

import pytest

from visio.rooms.forms import JoinForm


@pytest.mark.parametrize(
    "typed",
    [
        "abc-defg-hij",
        " ABC-DEFG-HIJ ",
        "abcdefghij",
        "abc defg hij",
        "https://visio.example/abc-defg-hij",
        "https://visio.example/abc-defg-hij?x=1",
        "visio.example/abc-defg-hij/",
    ],
)
def test_it_finds_the_code(typed: str) -> None:
    """In a link, with and without hyphens, in capitals."""
    form = JoinForm({"address": typed})
    assert form.is_valid()
    assert form.cleaned_data["address"] == "abc-defg-hij"


@pytest.mark.parametrize("typed", ["", "hello", "abc-defg", "xabc-defg-hij", "https://visio.example/", "1bc-defg-hij"])
def test_it_refuses_what_is_no_code(typed: str) -> None:
    """With a sentence that shows what a code looks like."""
    assert not JoinForm({"address": typed}).is_valid()
