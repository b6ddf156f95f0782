"""End-to-end encryption as a choice of the room: what holds, who decided it, and the form that changes it."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from visio.rooms.abilities import Action
from visio.rooms.errors import RoomsError
from visio.rooms.find import SignedInRequest, gone_is_unknown, room_for
from visio.rooms.policy import Level, Policy
from visio.rooms.posts import posted
from visio.rooms.roles import EncryptionMode


@dataclass(frozen=True, slots=True)
class Encryption:
    """What holds in a room; `why` says who has decided above the room and who can change that."""

    mode: EncryptionMode
    why: str = ""

    @property
    def is_on(self) -> bool:
        """Say whether only those in a meeting can decrypt its media."""
        return self.mode is not EncryptionMode.NONE


class EncryptionForm(forms.Form):
    """What the hosts of a room choose."""

    encryption_mode = forms.TypedChoiceField(choices=EncryptionMode.choices, coerce=EncryptionMode)


def of(policy: Policy) -> Encryption:
    """Give what holds in a room with this policy."""
    source = policy.source("encryption_mode")
    why = "" if source.level is Level.ROOM else f"{source.set_by} {source.changed_by}"
    return Encryption(policy.encryption_mode, why)


@posted(back_to="room_settings")
def change(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take what the hosts choose; a level above the room stays as it is."""
    room, _may = room_for(request, slug, Action.UPDATE)
    form = EncryptionForm(request.POST)
    if form.is_valid():
        try:
            with gone_is_unknown():
                room.change(**form.cleaned_data)
        except RoomsError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("The settings are saved."))
    return redirect("room_settings", slug=slug)
