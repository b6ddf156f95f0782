"""Django's name for this folder."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConnectionTestConfig(AppConfig):
    """The `connection_test` application."""

    name = "visio.connection_test"
    verbose_name = _("Connection test")
