"""Django's name for this folder."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """The `live` application."""

    name = "visio.live"

    def ready(self) -> None:
        """Connect the receivers of this folder."""
        import_module("visio.live.receivers")
