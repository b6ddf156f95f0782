"""The rules of a room as a form: what the room itself asks, on top of what its organisation and the service ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from visio.rooms import terms
from visio.rooms.policy import Level, Policy, Source
from visio.rooms.roles import AccessLevel, Audience, EncryptionMode, Outsiders, Sensitivity
from visio.rooms.terms import AUDIENCES, CONDITIONS, TermsError

if TYPE_CHECKING:
    from visio.rooms.models import Room

DAYS = list(WEEKDAYS.items())
LABELS = {
    "access_level": _("Who enters without waiting"),
    "sensitivity": _("Class of the room"),
    "outsiders": _("Those who may not enter directly"),
    "guests": _("Guests"),
    "passcode": _("Passcode"),
    "sirets": _("Organisations (SIRET)"),
    "domains": _("E-mail domains"),
    "providers": _("Identity sources"),
    "assurances": _("Assurance levels (acr)"),
    "claim_roles": _("Roles given by the identity provider"),
    "hours": _("Opening hours"),
    "expires_at": _("The link ends"),
    "people_max": _("Most people at once"),
    "late_minutes": _("Who comes later than so many minutes waits"),
    "microphone": _("Microphone"),
    "camera": _("Camera"),
    "screen": _("Screen sharing"),
    "chat": _("Chat"),
    "private_chat": _("Messages to one person"),
    "chat_files": _("Files in the chat"),
    "chat_days": _("The chat is kept for so many days"),
    "notes": _("Shared notes"),
    "record": _("Recording"),
    "transcribe": _("Transcription"),
    "people_shown": _("Who sees before entering who is inside"),
    "imposed_names": _("Names come from sign-on"),
    "encryption_mode": _("Encryption of meetings"),
    "attendance_days": _("Days for which reports of attendance are kept"),
}
WORD_HINT = _("With commas between. Only these people enter directly, of those who are signed in.")


def _weekday(value: str) -> int:
    return int(value) + 1  # Django counts from 0, ISO 8601 from 1


def _words(name: str) -> forms.CharField:
    return forms.CharField(label=LABELS[name], required=False, max_length=4000, help_text=WORD_HINT)


def _audience(name: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=LABELS[name], choices=Audience.choices)


TERM_OF = {"days": "hours", "opens": "hours", "closes": "hours"}
"""Terms that have several fields, or another name than theirs."""
SECRETS = ("passcode", "no_passcode")
"""Nothing is shown of these."""


class PolicyForm(forms.Form):
    """What hosts ask of their room; `cleaned()` gives it as `Room.change` takes it."""

    sensitivity = forms.ChoiceField(
        label=LABELS["sensitivity"],
        choices=Sensitivity.choices,
        widget=forms.RadioSelect,
        help_text=_("Each class is a pack of locks that the service and your organisation set."),
    )
    guests = forms.BooleanField(label=_("Guests may come"), required=False)
    outsiders = forms.ChoiceField(label=LABELS["outsiders"], choices=Outsiders.choices)
    passcode = forms.CharField(
        label=_("New passcode"),
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("People who are no members must give it. Leave it empty to keep what is set."),
    )
    no_passcode = forms.BooleanField(label=_("Take the passcode away"), required=False)
    domains, sirets, providers = _words("domains"), _words("sirets"), _words("providers")
    assurances, claim_roles = _words("assurances"), _words("claim_roles")
    days = forms.TypedMultipleChoiceField(
        label=_("Days on which the room is open"),
        choices=DAYS,
        coerce=_weekday,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: always."),
    )
    opens = forms.TimeField(label=_("Opens at"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    closes = forms.TimeField(label=_("Closes at"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    expires_at = forms.DateTimeField(
        label=LABELS["expires_at"],
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    people_max = forms.IntegerField(label=LABELS["people_max"], required=False, min_value=1, max_value=10_000)
    late_minutes = forms.IntegerField(label=LABELS["late_minutes"], required=False, min_value=0, max_value=1440)
    microphone, camera, screen = _audience("microphone"), _audience("camera"), _audience("screen")
    chat, private_chat, chat_files = _audience("chat"), _audience("private_chat"), _audience("chat_files")
    chat_days = forms.IntegerField(
        label=LABELS["chat_days"],
        required=False,
        min_value=0,
        max_value=3650,
        help_text=_("Empty or 0: the chat is erased when the last person has left."),
    )
    notes = _audience("notes")
    record, transcribe, people_shown = _audience("record"), _audience("transcribe"), _audience("people_shown")
    attendance_days = forms.IntegerField(
        label=LABELS["attendance_days"],
        required=False,
        min_value=0,
        max_value=3650,
        help_text=_("0: no report is kept. Empty: as long as the service keeps them."),
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        for name, field in self.fields.items():
            field.show_hidden_initial = name not in SECRETS

    def clean(self) -> dict[str, Any]:
        """Read the fields as terms."""
        values = super().clean() or {}
        if any(values.get(name) for name in ("days", "opens", "closes")) and not self._hours(values):
            self.add_error("closes", gettext("Give the days and both times, the first before the second."))
        if self.errors:
            return values
        try:
            terms.read(self._said(values))
        except TermsError as error:
            self.add_error(error.name if error.name in self.fields else None, gettext("This cannot be read."))
        return values

    def cleaned(self) -> dict[str, Any]:
        """Give what `Room.change` takes: what is other than the page showed, for the rest may have changed since."""
        values, changed = self.cleaned_data, {TERM_OF.get(name, name) for name in self.changed_data}
        passcode = "" if values["no_passcode"] else values["passcode"] or None
        sensitivity = values["sensitivity"] if "sensitivity" in changed else None
        said = {name: value for name, value in self._said(values).items() if name in changed}
        return {"sensitivity": sensitivity, "passcode": passcode, "terms": said}

    def _said(self, values: dict[str, Any]) -> dict[str, Any]:
        expires_at = values.get("expires_at")
        return {
            "guests": None if values["guests"] else False,
            "outsiders": values["outsiders"],
            **{name: _split(values[name]) for name in CONDITIONS},
            "hours": self._hours(values),
            "expires_at": expires_at and expires_at.isoformat(),
            "people_max": values.get("people_max"),
            "late_minutes": values.get("late_minutes"),
            "chat_days": values.get("chat_days"),
            "attendance_days": values.get("attendance_days"),
            **{name: values[name] for name in AUDIENCES},
        }

    @staticmethod
    def _hours(values: dict[str, Any]) -> list[dict[str, Any]] | None:
        days, opens, closes = values.get("days"), values.get("opens"), values.get("closes")
        if not days or not opens or not closes or opens >= closes:
            return None
        return [{"days": days, "from": f"{opens:%H:%M}", "to": f"{closes:%H:%M}"}]


def _split(text: str) -> list[str] | None:
    return [word.strip() for word in text.split(",") if word.strip()] or None


def initial(room: Room) -> dict[str, Any]:
    """Give what the form shows first: what the room itself asks."""
    own = terms.read(room.terms)
    hours = own.hours[0] if own.hours else None
    return {
        "sensitivity": room.sensitivity,
        "guests": own.guests is not False,
        "outsiders": own.outsiders or Outsiders.WAIT,
        **{name: ", ".join(sorted(getattr(own, name) or ())) for name in CONDITIONS},
        "days": [day - 1 for day in sorted(hours.days)] if hours else [],
        "opens": hours and hours.opens,
        "closes": hours and hours.closes,
        "expires_at": own.expires_at and timezone.localtime(own.expires_at),
        "people_max": own.people_max,
        "late_minutes": own.late_minutes,
        "chat_days": own.chat_days,
        "attendance_days": own.attendance_days,
        **{name: getattr(own, name) or Audience.EVERYBODY for name in AUDIENCES},
    }


def locks(policy: Policy) -> list[dict[str, str]]:
    """Give what levels above the room have fixed, in words: what, how, who set it, who can change it."""
    above = [(name, source) for name, source in policy.sources.items() if source.level is not Level.ROOM]
    return [_lock(name, getattr(policy.terms, name), source) for name, source in above if name in LABELS]


def _lock(name: str, value: Any, source: Source) -> dict[str, str]:
    words = {"what": str(LABELS[name]), "how": in_words(value)}
    return {**words, "set_by": source.set_by, "changed_by": source.changed_by}


def in_words(value: Any) -> str:
    """Give the value of a term as people read it."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, AccessLevel | Audience | EncryptionMode | Outsiders | Sensitivity):
        return str(value.label)
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or gettext("nobody")
    if isinstance(value, tuple):
        return ", ".join(f"{hours.opens:%H:%M} - {hours.closes:%H:%M}" for hours in value)
    return f"{value:%Y-%m-%d %H:%M}" if hasattr(value, "year") else str(value)
