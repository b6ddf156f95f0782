"""Django's name for this folder."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """The `operations` application."""

    name = "suite.operations"
