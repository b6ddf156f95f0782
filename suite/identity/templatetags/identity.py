"""What the sign-in button shows."""

from __future__ import annotations

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def sign_in_options() -> dict[str, str]:
    """Give the provider's name and the address of the page about it."""
    return {"name": settings.OIDC_PROVIDER_NAME, "help_url": settings.OIDC_PROVIDER_HELP_URL}
