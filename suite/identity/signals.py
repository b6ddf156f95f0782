"""What this folder tells the others."""

from __future__ import annotations

from django.dispatch import Signal

login_strengthened = Signal()
"""Sent with `login` once a higher assurance level of a login is in the database."""

login_ended = Signal()
"""Sent with `login` once the end of a login is in the database: close what that login opened."""
