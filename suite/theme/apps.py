"""Django's name for this folder."""

from __future__ import annotations

from django.apps import AppConfig


class ThemeConfig(AppConfig):
    """The `theme` application."""

    name = "suite.theme"
