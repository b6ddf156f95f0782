"""Input of the rooms' pages."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from visio.rooms import names, slugs
from visio.rooms.roles import AccessLevel, Role

LETTERS = re.compile(r"[a-z]{10}")


class JoinForm(forms.Form):
    """The link or the code of a meeting, as people paste or type it."""

    address = forms.CharField(
        label=_("Link or code"),
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": "abc-defg-hij", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_address(self) -> str:
        """Give the slug in what was typed: an address, a code, or a code without its hyphens."""
        typed = self.cleaned_data["address"].strip().lower()
        found = re.search(rf"(?:^|/)({slugs.PATTERN})(?:$|[/?#])", typed)
        if found:
            return found[1]
        letters = re.sub(r"[\s-]", "", typed)
        if LETTERS.fullmatch(letters):
            return f"{letters[:3]}-{letters[3:7]}-{letters[7:]}"
        raise forms.ValidationError(gettext("This is no link or code of a meeting. A code looks like abc-defg-hij."))


class RoomForm(forms.Form):
    """Name and access of a room."""

    name = forms.CharField(
        label=_("Name of the room"),
        max_length=names.ROOM_NAME_MAX,
        help_text=_("For instance the name of your team or project."),
    )
    access_level = forms.TypedChoiceField(
        label=_("Who enters without waiting"),
        choices=AccessLevel.choices,
        coerce=AccessLevel,
        initial=AccessLevel.TRUSTED,
        widget=forms.RadioSelect,
        help_text=_("Members always enter. Everybody else waits until somebody lets them in."),
    )

    def clean_name(self) -> str:
        """Give the name fit to be shown; a name of invisible signs is none."""
        name = names.clean(self.cleaned_data["name"], names.ROOM_NAME_MAX)
        if not name:
            raise forms.ValidationError(gettext("Give the room a name that people can read."))
        return name


class PasscodeForm(forms.Form):
    """The passcode of a room."""

    passcode = forms.CharField(
        label=_("Passcode"), max_length=64, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )


class RoleForm(forms.Form):
    """A role, among those that the person who asks may give."""

    role = forms.TypedChoiceField(label=_("Role"), coerce=Role, initial=Role.MEMBER)

    def __init__(self, *args: Any, roles: list[tuple[str, str | Promise]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class MemberForm(RoleForm):
    """A new member, named by e-mail address."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    field_order = ("email", "role")
