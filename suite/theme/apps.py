"""Django's name for this folder."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class ThemeConfig(AppConfig):
    """The `theme` application."""

    name = "suite.theme"

    def ready(self) -> None:
        """Raise `SettingError` for an audit that cannot be read."""
        import_module("suite.theme.accessibility").audit_of(settings.ACCESSIBILITY_AUDIT)
