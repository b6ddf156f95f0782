"""Django's name for this folder."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignallingConfig(AppConfig):
    """The `signalling` application."""

    name = "visio.signalling"
    verbose_name = _("Signalling")

    def ready(self) -> None:
        """Connect the receivers of other folders' signals, and add to the metrics."""
        import_module("visio.signalling.receivers")
        import_module("visio.signalling.metrics").register()
