"""Django's name for this folder."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttendanceConfig(AppConfig):
    """The `attendance` application."""

    name = "visio.attendance"
    verbose_name = _("Attendance")
