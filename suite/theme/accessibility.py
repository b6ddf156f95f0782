"""The accessibility statement: what the law lets this service say of itself, and what our own tests found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from suite.env import SettingError

MADE_ON = date(2026, 11, 28)
"""When the statement was written, and its tests last looked through."""
AXE_VERSION = "4.14.1"
PARTIAL_PERCENT, FULL_PERCENT = 50, 100
VALID = timedelta(days=3 * 365)


class Compliance(TextChoices):
    """The three words of RGAA."""

    NONE = "none", _("not compliant")
    PARTIAL = "partial", _("partially compliant")
    FULL = "full", _("fully compliant")


@dataclass(frozen=True, slots=True)
class Audit:
    """Somebody's look at all criteria: how many per cent of those that apply are met."""

    made_on: date
    percent: int
    auditor: str

    def is_valid(self, today: date) -> bool:
        """Say whether it still counts: RGAA gives it three years."""
        return today - self.made_on < VALID


def audit_of(text: str) -> Audit | None:
    """Read the setting `ACCESSIBILITY_AUDIT`. Raise `SettingError` when it cannot be read."""
    if not text:
        return None
    try:
        made_on, percent, auditor = text.split(maxsplit=2)
        found = Audit(date.fromisoformat(made_on), int(percent.removesuffix("%")), auditor)
    except ValueError as error:
        raise SettingError("ACCESSIBILITY_AUDIT must look like 2027-01-31 82 Name of the auditor.") from error
    if not 0 <= found.percent <= FULL_PERCENT:
        raise SettingError("ACCESSIBILITY_AUDIT must name a rate from 0 to 100.")
    return found


def compliance(audit: Audit | None, today: date) -> Compliance:
    """Give the word that RGAA has for a service: without an audit that counts it is “not compliant”, whatever it is."""
    if audit is None or not audit.is_valid(today) or audit.percent < PARTIAL_PERCENT:
        return Compliance.NONE
    return Compliance.FULL if audit.percent == FULL_PERCENT else Compliance.PARTIAL


def current() -> Compliance:
    """Give the word for this installation today."""
    return compliance(audit_of(settings.ACCESSIBILITY_AUDIT), timezone.localdate())


@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    """Show the statement."""
    audit = audit_of(settings.ACCESSIBILITY_AUDIT)
    context = {
        "audit": audit,
        "counts": audit is not None and audit.is_valid(timezone.localdate()),
        "site": settings.PUBLIC_URL,
        "contact": settings.ACCESSIBILITY_CONTACT,
        "made_on": MADE_ON,
        "axe": AXE_VERSION,
    }
    return render(request, "theme/accessibility.html", context)
