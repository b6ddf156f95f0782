"""Input of the theme's switches."""

from __future__ import annotations

from django import forms

from suite.theme.looks import Look


class LookForm(forms.Form):
    """The look that a person chose."""

    look = forms.TypedChoiceField(choices=Look.choices, coerce=Look)
