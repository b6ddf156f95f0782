"""Django's name for this folder."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoomsConfig(AppConfig):
    """The `rooms` application."""

    name = "visio.rooms"
    verbose_name = _("Rooms")

    def ready(self) -> None:
        """Connect the receivers of this folder's signals. Raise `SettingError` for a policy that cannot be read."""
        import_module("visio.rooms.receivers")
        import_module("visio.rooms.standing").check_settings()
