"""Django's names for this folder and for the administration site that it guards."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    """The `identity` application."""

    name = "suite.identity"
    verbose_name = _("Identity")
    default = True


class StaffAdminConfig(admin_apps.AdminConfig):
    """Django's administration, entered through the identity provider."""

    default_site = "suite.identity.staff_site.StaffSite"
    default = False
