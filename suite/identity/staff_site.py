"""Django's administration with our own door: staff come through the identity provider."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from suite.identity import logins, passwords
from suite.identity.addresses import own_path, refused_url, sign_in_url
from suite.identity.models import User
from suite.identity.sign_out import sign_out

BREAK_GLASS = "suite.identity.passwords.BreakGlassBackend"


class StaffSite(AdminSite):
    """The site at /admin/."""

    site_header = site_title = _("Visio administration")
    login_form = passwords.RateLimitedForm

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people to the provider; with ADMIN_PASSWORD_LOGIN show the password form to those who ask for it."""
        next_path = own_path(request.GET.get("next") or "/admin/", request.get_host())
        if self.has_permission(request):
            return HttpResponseRedirect(next_path)
        if settings.ADMIN_PASSWORD_LOGIN and (request.method == "POST" or "password" in request.GET):
            return self._login_with_password(request, extra_context)
        if request.user.is_authenticated:
            return HttpResponseRedirect(refused_url("not_staff", next_path))
        return HttpResponseRedirect(sign_in_url(next_path))

    def _login_with_password(self, request: HttpRequest, extra_context: dict[str, Any] | None) -> HttpResponse:
        response = super().login(request, extra_context)
        if isinstance(request.user, User) and self.has_permission(request):
            logins.begin(request, request.user, BREAK_GLASS, {"amr": ["pwd"]})
        return response

    def logout(self, request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:  # type: ignore[override]
        """Sign out as everywhere else."""
        return sign_out(request)
