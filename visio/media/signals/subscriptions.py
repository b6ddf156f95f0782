"""What a client receives: which tracks, at what size, and who may receive its own."""

from __future__ import annotations

from collections.abc import Sequence

from livekit.protocol import rtc

from visio.media import dynacast, limits
from visio.media.errors import CloseCode, SignalError
from visio.media.participant import Participant, Permits
from visio.media.room import Room
from visio.media.signals.handler import Handler, count_change
from visio.media.subscription import Subscription


def subscription(room: Room, who: Participant, message: rtc.UpdateSubscription, now: float) -> None:  # noqa: ARG001
    """Begin or end the delivery of tracks."""
    sids = [*message.track_sids, *(sid for item in message.participant_tracks for sid in item.track_sids)]
    changed = [item for item in _known(who, sids) if item.wanted != message.subscribe]
    if changed:
        _count_wishes(who, limits.REFRESH_WISHES + len(changed), now)
        for item in changed:
            item.wanted = message.subscribe
        who.refresh()


def track_setting(room: Room, who: Participant, message: rtc.UpdateTrackSettings, now: float) -> None:
    """Pause tracks, or choose their size, their priority and how many frames a second are enough.

    Who wants more waits for no tick.
    """
    items = _known(who, message.track_sids)
    _count_wishes(who, len(items), now)
    for item in items:
        item.disabled, item.quality = message.disabled, message.quality
        item.width, item.fps, item.priority = message.width, message.fps, message.priority
        item.apply(now)
    if message.priority and who.lacks(message.track_sids):
        who.refresh()
    for sid in {item.publication.publisher for item in items}:
        publisher = room.participants.get(sid)
        if publisher is not None:
            dynacast.tell(publisher, list(room.others(publisher)), more=True)


def subscription_permission(room: Room, who: Participant, message: rtc.SubscriptionPermission, now: float) -> None:
    """Put in force whom a publisher allows to receive its tracks, and tell those for whom it changes something."""
    _check(len(message.track_permissions) + sum(len(item.track_sids) for item in message.track_permissions))
    permits = Permits(message)
    changed = [(other, items) for other in room.others(who) if (items := _changed(who, other, permits))]
    count_change(who, now, 1 + len(changed))
    who.permits = permits
    for other, items in changed:
        for item in items:
            item.permitted = not item.permitted
            update = rtc.SubscriptionPermissionUpdate(
                participant_sid=who.sid, track_sid=item.publication.sid, allowed=item.permitted
            )
            other.send(rtc.SignalResponse(subscription_permission_update=update))
        other.refresh()


def _changed(who: Participant, other: Participant, permits: Permits) -> list[Subscription]:
    """Give the subscriptions of somebody for which a publisher's word changes something."""
    found = (other.subscriptions.get(publication.sid) for publication in who.publishing)
    return [item for item in found if item is not None and item.permitted != permits.allow(other, item.publication.sid)]


def _known(who: Participant, sids: Sequence[str]) -> list[Subscription]:
    """Give the subscriptions that a message names, each once. Raise `SignalError` when it names too many."""
    _check(len(sids))
    return [item for sid in dict.fromkeys(sids) if (item := who.subscriptions.get(sid)) is not None]


def _count_wishes(who: Participant, number: int, now: float) -> None:
    if not who.may.wishes.take(number, now):
        raise SignalError(CloseCode.POLICY, "too many subscription changes")


def _check(count: int) -> None:
    if count > limits.LISTED_TRACKS:
        raise SignalError(CloseCode.POLICY, "too many tracks in one message")


HANDLERS: dict[str, Handler] = {
    "subscription": subscription,
    "track_setting": track_setting,
    "subscription_permission": subscription_permission,
}
