"""Telling subscribers which pictures their connection has no room for, so that clients show it."""

from __future__ import annotations

from livekit.protocol import rtc

from visio.media.participant import Participant
from visio.media.subscription import Subscription


def tell(who: Participant) -> None:
    """Send a subscriber what changed since it was last told."""
    changed = [item for item in who.subscriptions.values() if item.down is not None and _news(item, item.down.starved)]
    if changed:
        states = [_state(item) for item in changed]
        who.send(rtc.SignalResponse(stream_state_update=rtc.StreamStateUpdate(stream_states=states)))


def _news(item: Subscription, paused: bool) -> bool:
    news, item.told_paused = paused != item.told_paused, paused
    return news


def _state(item: Subscription) -> rtc.StreamStateInfo:
    name = rtc.StreamState.Name(rtc.StreamState.PAUSED if item.told_paused else rtc.StreamState.ACTIVE)
    return rtc.StreamStateInfo(participant_sid=item.publication.publisher, track_sid=item.publication.sid, state=name)
