"""What a client receives: which tracks, at what size, and who may receive its own."""

from __future__ import annotations

from livekit.protocol import rtc

from visio.media import dynacast, limits
from visio.media.errors import CloseCode, SignalError
from visio.media.participant import Participant, Permits
from visio.media.room import Room
from visio.media.signals.handler import Handler, count_change


def subscription(room: Room, who: Participant, message: rtc.UpdateSubscription, now: float) -> None:  # noqa: ARG001
    """Begin or end the delivery of tracks."""
    sids = [*message.track_sids, *(sid for item in message.participant_tracks for sid in item.track_sids)]
    _check(len(sids))
    for sid in sids:
        item = who.subscriptions.get(sid)
        if item is not None:
            item.wanted = message.subscribe
    who.refresh()


def track_setting(room: Room, who: Participant, message: rtc.UpdateTrackSettings, now: float) -> None:
    """Pause tracks, or choose their size, their priority and how many frames a second are enough.

    Who wants more waits for no tick.
    """
    _check(len(message.track_sids))
    for sid in message.track_sids:
        item = who.subscriptions.get(sid)
        if item is not None:
            item.disabled, item.quality = message.disabled, message.quality
            item.width, item.fps, item.priority = message.width, message.fps, message.priority
            item.apply(now)
    if message.priority and who.lacks(message.track_sids):
        who.refresh()
    for sid in {item.publication.publisher for sid in message.track_sids if (item := who.subscriptions.get(sid))}:
        publisher = room.participants.get(sid)
        if publisher is not None:
            dynacast.tell(publisher, list(room.others(publisher)), more=True)


def subscription_permission(room: Room, who: Participant, message: rtc.SubscriptionPermission, now: float) -> None:
    """Put in force whom a publisher allows to receive its tracks, and tell those for whom it changes something."""
    _check(len(message.track_permissions) + sum(len(item.track_sids) for item in message.track_permissions))
    count_change(who, now)
    who.permits = Permits(message)
    for other in room.others(who):
        changed = False
        for publication in who.publishing:
            item = other.subscriptions.get(publication.sid)
            allowed = who.permits.allow(other, publication.sid)
            if item is not None and item.permitted != allowed:
                item.permitted, changed = allowed, True
                update = rtc.SubscriptionPermissionUpdate(
                    participant_sid=who.sid, track_sid=publication.sid, allowed=allowed
                )
                other.send(rtc.SignalResponse(subscription_permission_update=update))
        if changed:
            other.refresh()


def _check(count: int) -> None:
    if count > limits.LISTED_TRACKS:
        raise SignalError(CloseCode.POLICY, "too many tracks in one message")


HANDLERS: dict[str, Handler] = {
    "subscription": subscription,
    "track_setting": track_setting,
    "subscription_permission": subscription_permission,
}
