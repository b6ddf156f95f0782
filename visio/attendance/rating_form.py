"""What the goodbye page asks about the meeting."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from visio.attendance.ratings import STARS, WORDS_MAX, Trouble
from visio.rooms import names


class RatingForm(forms.Form):
    """Stars, and what went wrong."""

    stars = forms.TypedChoiceField(label=_("How was the meeting?"), choices=STARS, coerce=int, widget=forms.RadioSelect)
    troubles = forms.MultipleChoiceField(
        label=_("Did something go wrong?"),
        choices=Trouble.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.CharField(
        label=_("In your words, if you like"),
        required=False,
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No names, please: what you write is kept without yours."),
    )

    def clean_words(self) -> str:
        """Give them without what cannot be seen."""
        return names.clean_lines(self.cleaned_data["words"], WORDS_MAX)
