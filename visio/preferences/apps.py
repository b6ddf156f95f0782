"""Django's name for this folder."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PreferencesConfig(AppConfig):
    """The `preferences` application."""

    name = "visio.preferences"
    verbose_name = _("Preferences")
