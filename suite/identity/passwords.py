"""Break-glass: local accounts enter the administration with a password, only while ADMIN_PASSWORD_LOGIN is on."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.backends import ModelBackend
from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from suite.identity.models import LOCAL_ISSUER, User
from suite.lib.client_address import client_address

MAX_FAILURES, WINDOW_S = 5, 900
failures = LocMemCache("break-glass", {})
"""In this process's memory: the glass is broken when other services are down, and counting must not need them."""


class BreakGlassBackend(ModelBackend):
    """Checks the password of a local staff account, and of nobody else."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Give the local account with that name and password, if it is staff."""
        user = super().authenticate(request, username=username, password=password, **kwargs)
        return user if isinstance(user, User) and user.issuer == LOCAL_ISSUER and user.is_staff else None


def _address(request: HttpRequest) -> str:
    peer, forwarded = request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
    return client_address(peer, forwarded, settings.TRUSTED_PROXIES)


class RateLimitedForm(AdminAuthenticationForm):
    """The password form; after some failures for one name or from one address it refuses without looking."""

    def clean(self) -> dict[str, Any]:
        """Check name and password. Raise `ValidationError` when they are wrong or were so too often."""
        keys = self._counters()
        if any(failures.get(key, 0) >= MAX_FAILURES for key in keys):
            raise forms.ValidationError(_("Too many failures. Wait a quarter of an hour."), code="rate_limited")
        try:
            return super().clean()
        except forms.ValidationError:
            for key in keys:
                failures.add(key, 0, WINDOW_S)
                failures.incr(key)
            raise

    def _counters(self) -> list[str]:
        name = str(self.cleaned_data.get("username", "")).casefold()
        address = _address(self.request) if self.request else ""
        return [f"break-glass:{hashlib.sha256(part.encode()).hexdigest()}" for part in (f"n{name}", f"a{address}")]
