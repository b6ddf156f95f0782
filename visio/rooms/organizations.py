"""What organisations ask of their rooms: written by administrators, one row per organisation and class of rooms."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from visio.rooms import terms
from visio.rooms.policy import Layer, Level, Source
from visio.rooms.roles import Sensitivity

SIREN_LENGTH = 9


def check_terms(said: Any) -> None:
    """Raise `ValidationError` unless `said` can be read as terms."""
    try:
        terms.read(said)
    except terms.TermsError as error:
        raise ValidationError(_("This cannot be read: %(error)s."), params={"error": error}) from error


class OrganizationPolicy(models.Model):
    """What one organisation asks of its rooms, or of those of one class."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(
        _("SIRET or SIREN"),
        max_length=14,
        validators=[RegexValidator(r"^(\d{9}|\d{14})$", _("14 digits for one establishment, 9 for the whole unit."))],
    )
    name = models.CharField(_("name of the organisation"), max_length=255)
    contact = models.CharField(
        _("contact"), max_length=255, blank=True, help_text=_("Shown to people to whom a rule says no.")
    )
    sensitivity = models.CharField(
        _("class"), max_length=16, choices=Sensitivity.choices, blank=True, help_text=_("Empty for rooms of any class.")
    )
    terms = models.JSONField(
        _("terms"), default=dict, blank=True, validators=[check_terms], help_text=_("See docs/policy.md.")
    )

    class Meta:
        verbose_name = _("policy of an organisation")
        verbose_name_plural = _("policies of organisations")
        ordering = ("name", "sensitivity")
        constraints = (models.UniqueConstraint(fields=("code", "sensitivity"), name="organization_policy_once"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.get_sensitivity_display() or _('any class')})"


def rows(siret: str) -> list[OrganizationPolicy]:
    """Give what the organisation with this SIRET asks of its rooms, the widest first."""
    if not siret:
        return []
    mine = OrganizationPolicy.objects.filter(code__in=(siret, siret[:SIREN_LENGTH]))
    return sorted(mine, key=lambda each: (len(each.code), each.sensitivity))


def layers(rows_of_all: Iterable[OrganizationPolicy], sensitivity: Sensitivity) -> Iterator[Layer]:
    """Give those levels among `rows_of_all` that are about rooms of this class."""
    for row in rows_of_all:
        if row.sensitivity not in ("", sensitivity):
            continue
        of_class = Sensitivity(row.sensitivity) if row.sensitivity else None
        yield Layer(Source(Level.ORGANIZATION, row.name, row.contact, of_class), terms.read(row.terms))
