"""What others may want to know of gatherings."""

from __future__ import annotations

from django.dispatch import Signal

gathering_ended = Signal()
"""Sent with `gathering` after the last person left; what is kept for one gathering only goes now."""
participations_changed = Signal()
"""Sent with the `ids` of participations that have begun, ended or changed otherwise."""
