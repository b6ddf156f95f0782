"""The small pieces of the pages' look."""

from __future__ import annotations

import pytest
from django import forms

from suite.theme.templatetags.theme import field, icon, initials


class OneField(forms.Form):
    """A form for these tests."""

    name = forms.CharField(help_text="Help")


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Alice Martin", "AM"), ("alice", "A"), ("Anne-Marie de la Tour", "AT"), ("(?)", "?"), ("", "?")],
)
def test_initials(name: str, letters: str) -> None:
    """First and last word, or what there is."""
    assert initials(name) == letters


def test_an_icon_is_only_decoration() -> None:
    """Screen readers pass over it."""
    assert 'aria-hidden="true"' in icon("mic")
    assert "icons.svg#mic" in icon("mic")


def test_a_field_points_to_its_help_and_errors() -> None:
    """A screen reader that reads the field also reads both."""
    widget = field(OneField({})["name"])["widget"]
    assert 'aria-describedby="id_name_errors id_name_help"' in widget
    assert 'aria-invalid="true"' in widget
    assert "aria-invalid" not in field(OneField()["name"])["widget"]
