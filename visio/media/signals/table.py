"""Every signalling message that a client may send, with the one function that handles it."""

from __future__ import annotations

from visio.media.signals import metadata, negotiation, presence, resume, simulation, subscriptions, tracks
from visio.media.signals.handler import Handler

HANDLERS: dict[str, Handler] = {
    **negotiation.HANDLERS,
    **tracks.HANDLERS,
    **subscriptions.HANDLERS,
    **presence.HANDLERS,
    **metadata.HANDLERS,
    **resume.HANDLERS,
    **simulation.HANDLERS,
}
