"""What this folder tells the others, once it is in the database."""

from __future__ import annotations

from django.dispatch import Signal

access_changed = Signal()
"""Sent with `room` when who may enter it, or a member's role, has changed: look again at who is inside.

`identities` are those whom it concerns; without them, everybody.
"""

room_closed = Signal()
"""Sent with `room_id` when a room exists no more: put everybody out."""
