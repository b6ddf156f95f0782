"""One connection of one person to a room: who it is, what it may do, its tracks in both directions, its state."""

from __future__ import annotations

import enum
import logging
import time
from collections.abc import Iterable

from livekit.protocol import models, rtc

from visio import wire
from visio.media.allowance import Allowances
from visio.media.detours import Detour
from visio.media.downlink import Downlink
from visio.media.errors import CloseCode
from visio.media.limits import CAPABILITIES, DEFAULT, SOUNDS_RECEIVED, Limits
from visio.media.line import Line
from visio.media.peer import Peer
from visio.media.permissions import permission
from visio.media.portions import Portion
from visio.media.publication import Publication, new_sid
from visio.media.publishing import Publishing
from visio.media.subscription import Subscription

logger = logging.getLogger("visio.media")

Reason = models.DisconnectReason
DEPARTURE_S = 20.0
"""How long a participant without a socket is kept (wire protocol 2.11)."""
DEPARTURE_WITH_MEDIA_S = 60.0
"""The same while its media connection lives: web is away, and clients come back to it every seven seconds."""
JOIN_S = 30.0
SILENCE_S = 20.0
"""A client says something every 5 s; past this its socket is gone without web having told."""
FAILURE_S = 2.0
"""Time for a goodbye to arrive when the media connection was closed first."""


class State(enum.IntEnum):
    """The states of `ParticipantInfo`."""

    JOINING = 0
    JOINED = 1
    ACTIVE = 2
    DISCONNECTED = 3


class Permits:
    """Whom a publisher allows to have its tracks; everybody unless it says otherwise."""

    def __init__(self, said: rtc.SubscriptionPermission | None = None) -> None:
        self._everybody = said is None or said.all_participants
        self._all: set[tuple[str, str]] = set()
        self._tracks: dict[tuple[str, str], set[str]] = {}
        for item in said.track_permissions if said is not None else ():
            for name in (("sid", item.participant_sid), ("identity", item.participant_identity)):
                if item.all_tracks:
                    self._all.add(name)
                self._tracks.setdefault(name, set()).update(item.track_sids)

    def allow(self, subscriber: Participant, track: str) -> bool:
        """Tell whether `subscriber` may have the track."""
        names = (("sid", subscriber.sid), ("identity", subscriber.identity))
        return self._everybody or any(name in self._all or track in self._tracks.get(name, ()) for name in names)


class Participant:
    """What the room knows of one participant; handlers of signals change it."""

    def __init__(
        self, order: wire.Connect, request: rtc.JoinRequest, line: Line, now: float, limits: Limits = DEFAULT
    ) -> None:
        self.session = order.session
        self.identity = order.grant.identity
        self.sid = new_sid("PA_")
        self.grant = order.grant
        self.name = order.grant.name
        self.metadata = order.grant.metadata
        self.attributes = dict(order.grant.attributes)
        self.single = order.single
        self.detour = Detour.NONE
        self.client = request.client_info
        self.capabilities = sorted(set(request.client_info.capabilities))[:CAPABILITIES]
        self.auto_subscribe = request.connection_settings.auto_subscribe
        self.line = line
        self.state = State.JOINING
        self.version = 0
        self.joined_at = now
        self.joined_ms = time.time_ns() // 1_000_000
        self.active_at: float | None = None
        self.reason = 0
        """The `DisconnectReason` of its end."""
        self.lost_at: float | None = None
        self.excused_at = now
        self.failed_at: float | None = None
        self.resumed = False
        self.synced = False
        """Whether it has told its state since it came back."""
        self.publishing = Publishing()
        self.permits = Permits()
        self.subscriptions: dict[str, Subscription] = {}
        self.lacking: set[str] = set()
        """The picture formats that it cannot decode, as far as its descriptions have shown."""
        self.publisher: Peer | None = None
        self.downlink: Downlink | None = None
        self.last_sequence = 0
        self.signalling_rtt_s = 0.0
        """What its client has measured over the socket."""
        self.may = Allowances(limits, now)
        self.portion = Portion(SOUNDS_RECEIVED, limits.pictures_received)

    # --- description ------------------------------------------------------------------------------------

    def info(self, reason: int = 0) -> models.ParticipantInfo:
        """Describe it as clients see it; `client_protocol` and `capabilities` mirrored (trap T30)."""
        tracks = [item.info for item in self.publishing]
        return models.ParticipantInfo(
            sid=self.sid,
            identity=self.identity,
            state=models.ParticipantInfo.State.Name(self.state),
            tracks=tracks,
            name=self.name,
            metadata=self.metadata,
            attributes=self.attributes,
            joined_at=self.joined_ms // 1000,
            joined_at_ms=self.joined_ms,
            version=self.version,
            permission=permission(self.grant),
            is_publisher=bool(tracks),
            disconnect_reason=Reason.Name(reason),
            client_protocol=self.client.client_protocol,
            capabilities=self.capabilities,
        )

    def move(self, state: State) -> None:
        """Change the state."""
        logger.info("%s: %s to %s", self.sid, self.state.name, state.name)
        self.state = state
        self.changed()

    def changed(self) -> None:
        """Count a change of what others see."""
        self.version += 1

    def overdue(self, now: float) -> int | None:
        """Give the `DisconnectReason` for which it must go now."""
        if self.lost_at is not None and now - max(self.lost_at, self.excused_at) > self._kept_s(now):
            return Reason.SIGNAL_CLOSE
        if self.failed_at is not None and now - self.failed_at > FAILURE_S:
            return Reason.MEDIA_FAILURE
        if self.active_at is None and now - self.joined_at > JOIN_S:
            return Reason.CONNECTION_TIMEOUT
        return None

    # --- socket -----------------------------------------------------------------------------------------

    def send(self, response: rtc.SignalResponse) -> None:
        """Send a signalling message while there is a socket."""
        self.line.send(response.SerializeToString())

    def complain(self, text: str) -> None:
        """Tell the client that it asks for more than it may."""
        refusal = rtc.RequestResponse(reason=rtc.RequestResponse.Reason.LIMIT_EXCEEDED, message=text)
        self.send(rtc.SignalResponse(request_response=refusal))

    def lose(self, now: float) -> None:
        """Note that the socket is gone; the client may come back on another one."""
        self.line.is_open = False
        self.lost_at = now

    def silent(self, now: float) -> bool:
        """Tell whether an open socket has said nothing for too long."""
        return self.line.is_open and now - max(self.line.heard, self.excused_at) > SILENCE_S

    def excuse(self, now: float) -> None:
        """Do not count it as silence that nothing can be heard until `now`: Valkey is away."""
        self.excused_at = now

    def _kept_s(self, now: float) -> float:
        has_media = any(peer.transport.is_heard(now) for peer in self.peers())
        return DEPARTURE_WITH_MEDIA_S if has_media else DEPARTURE_S

    def take_leave(self, reason: int, action: int | None) -> None:
        """Say goodbye, with what the client is to do next unless it left by itself, and close its socket."""
        if action is not None:
            self.say_goodbye(reason, action)
        self.line.close(CloseCode.NORMAL, Reason.Name(reason))

    def say_goodbye(self, reason: int, action: int) -> None:
        """Tell the client why its stay is over, and what to do next."""
        leave = rtc.LeaveRequest(
            reason=Reason.Name(reason),
            action=rtc.LeaveRequest.Action.Name(action),
            can_reconnect=action == rtc.LeaveRequest.Action.RECONNECT,
        )
        self.send(rtc.SignalResponse(leave=leave))

    # --- tracks -----------------------------------------------------------------------------------------

    def peers(self) -> list[Peer]:
        """Give its peer connections, one or two."""
        down = [self.downlink.delivery.peer] if self.downlink is not None else []
        return down if self.publisher is None or self.publisher in down else [*down, self.publisher]

    def part(self) -> list[Peer]:
        """Give its peer connections away, for good: they refer to it, and a cycle would outlive it."""
        peers, self.publisher, self.downlink = self.peers(), None, None
        return peers

    def active_subscriptions(self) -> dict[str, Subscription]:
        """Give the subscriptions that are to be delivered, by track."""
        if not self.grant.can_subscribe:
            return {}
        served = self.portion.served([item.claim() for item in self.subscriptions.values() if item.active])
        return {sid: item for sid, item in self.subscriptions.items() if sid in served}

    def lacks(self, tracks: Iterable[str]) -> bool:
        """Tell whether it does not get one of these tracks yet, though it may: for want of a place, or of time."""
        found = (self.subscriptions.get(sid) for sid in tracks)
        return any(item is not None and item.active and item.down is None for item in found)

    def subscribe(self, publication: Publication, publisher: Participant) -> None:
        """Take note of another participant's track."""
        permitted = publisher.permits.allow(self, publication.sid)
        self.subscriptions[publication.sid] = Subscription(publication, self.auto_subscribe, self.lacking, permitted)

    def refresh(self) -> None:
        """Stop what is not active any more and negotiate what is."""
        if self.downlink is None:
            return
        active = self.active_subscriptions()
        for sid, item in self.subscriptions.items():
            if sid not in active:
                self.downlink.delivery.stop(item)
        self.downlink.refresh(active)

    def unsubscribe(self, track: str) -> bool:
        """Forget a track that is no longer published; tell whether it was known."""
        item = self.subscriptions.pop(track, None)
        if item is not None and self.downlink is not None:
            self.downlink.delivery.stop(item)
        return item is not None

    def send_data(self, label: str, data: bytes) -> bool:
        """Send on the data channel `label`; tell whether it was taken."""
        return self.downlink is not None and self.downlink.delivery.peer.transport.send_data(label, data)
