"""What a client says after it came back on a new socket: what it has, what it wants, what it missed."""

from __future__ import annotations

from livekit.protocol import rtc

from visio.media import limits
from visio.media.data import ANNOUNCED, SERVER, catch_up
from visio.media.errors import CloseCode, SignalError
from visio.media.participant import Participant, Reason
from visio.media.room import Action, Room
from visio.media.signals import subscriptions
from visio.media.signals.handler import Handler


def sync_state(room: Room, who: Participant, message: rtc.SyncState, now: float) -> None:
    """Bring both sides to the same state; a client that publishes what the server does not know joins anew.

    Clients tell their state once for each resume; what they say again changes nothing.
    """
    if not who.resumed:
        raise SignalError(CloseCode.PROTOCOL_ERROR, "sync_state without a resume")
    if who.synced:
        return
    who.synced = True
    if len(message.publish_tracks) > room.services.limits.participant_tracks:
        raise SignalError(CloseCode.POLICY, "sync_state: too many tracks")
    if any(who.publishing.find(published.track.sid) is None for published in message.publish_tracks):
        room.remove(who, Reason.STATE_MISMATCH, Action.RECONNECT)
        return
    subscriptions.subscription(room, who, message.subscription, now)
    for sid in dict.fromkeys(message.track_sids_disabled[: limits.LISTED_TRACKS]):
        item = who.subscriptions.get(sid)
        if item is not None:
            item.disabled = True
            item.apply(now)
    _replay(room, who, message)


def _replay(room: Room, who: Participant, message: rtc.SyncState) -> None:
    """Send again the reliable packets that did not arrive; only clients that count them can tell."""
    if message.datachannel_receive_states:
        received = {state.publisher_sid: state.last_seq for state in message.datachannel_receive_states}
        received[SERVER] = ANNOUNCED
        catch_up(room, who, received)


HANDLERS: dict[str, Handler] = {"sync_state": sync_state}
