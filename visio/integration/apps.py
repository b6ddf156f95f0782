"""Django's name for this folder."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationConfig(AppConfig):
    """The `integration` application."""

    name = "visio.integration"
    verbose_name = _("Integration")
