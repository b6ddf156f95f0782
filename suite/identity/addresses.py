"""Addresses of the sign-in: those registered with the provider, and those a person may be sent to afterwards."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def callback_url() -> str:
    """Give the redirect URI registered with the provider: always under PUBLIC_URL, whatever the Host header says."""
    return f"{settings.PUBLIC_URL}{reverse('oidc_authentication_callback')}"


def logout_callback_url() -> str:
    """Give the post-logout redirect URI registered with the provider."""
    return f"{settings.PUBLIC_URL}{reverse('oidc_logout_callback')}"


def public_host() -> str:
    """Give the host and port of PUBLIC_URL."""
    return urlsplit(settings.PUBLIC_URL).netloc


def own_path(address: str | None, *hosts: str) -> str:
    """Give the path of `address` when it is on our own site, "/" otherwise; sign-in addresses would go in circles."""
    if not address or not url_has_allowed_host_and_scheme(address, allowed_hosts={public_host(), *hosts}):
        return "/"
    parts = urlsplit(address)
    path = parts._replace(scheme="", netloc="").geturl()
    safe = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if safe and not parts.path.startswith("/oidc/") else "/"


def sign_in_url(next_path: str, **options: str) -> str:
    """Give the address that starts a sign-in and comes back to `next_path`."""
    return f"{reverse('oidc_authentication_init')}?{urlencode({'next': next_path, **options})}"


def refused_url(code: str, next_path: str) -> str:
    """Give the address of the page that explains a refusal."""
    query = urlencode({"next": next_path}) if next_path != "/" else ""
    return reverse("oidc_refused", args=[code]) + (f"?{query}" if query else "")
