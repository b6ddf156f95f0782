"""The live state of one room: who is in it and what each change means for the others."""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from livekit.protocol import models, rtc

from visio import wire
from visio.media import data, dynacast, happenings, limits, quality, refusals, stream_states
from visio.media.aiortc_private import Certificate
from visio.media.calls import Calls
from visio.media.chat import Chat
from visio.media.chat import Line as ChatLine
from visio.media.departures import Departure, Speech
from visio.media.detours import Detour, Detours
from visio.media.downlink import DualDownlink, SingleDownlink
from visio.media.errors import CloseCode, SignalError
from visio.media.happenings import Happening
from visio.media.ledger import Ledger
from visio.media.limits import Limits
from visio.media.line import Line
from visio.media.loudest import Loudest
from visio.media.mux import Mux
from visio.media.pace import Pace
from visio.media.participant import Participant, Reason, State
from visio.media.peer import Peer, PeerHooks
from visio.media.permissions import may_publish
from visio.media.publication import Publication
from visio.media.publishing import Change
from visio.media.replay import Replay
from visio.media.speakers import Speakers
from visio.media.subscription import Subscription
from visio.media.terms import Terms
from visio.media.transport import Limits as TransportLimits
from visio.media.up_track import Priority

logger = logging.getLogger("visio.media")

Action = rtc.LeaveRequest.Action
GOODBYE_S = 0.5
"""A client that sees its media end before it has read why begins to reconnect: what it reads takes the longer way."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the rooms of a worker share."""

    mux: Mux
    certificate: Certificate
    clock: Callable[[], float]
    spawn: Callable[[Coroutine[Any, Any, None]], None]
    depart: Callable[[Departure | Speech], None]
    unplug: Callable[[Line], None]
    terms: Terms
    detours: Detours
    happen: Callable[[Happening], None]
    speak: Callable[[str, ChatLine], None]
    pace: Pace
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def limits(self) -> Limits:
        """Give how much one client may ask for."""
        return self.terms.limits


class Room:
    """One room; everything in it happens on the worker's event loop."""

    def __init__(self, name: str, title: str, services: Services, about: wire.About) -> None:
        self.name = name
        self.title = title
        self.about = about
        self.sid = wire.room_sid(name)
        self.services = services
        self.participants: dict[str, Participant] = {}
        self.speakers = Speakers()
        self.loudest = Loudest(services.terms.loudest)
        self.replay = Replay()
        self.calls = Calls()
        self.chat = Chat()
        self.left: deque[tuple[float, models.ParticipantInfo]] = deque(maxlen=limits.LEFT_KEPT)
        self.counters: Counter[str] = Counter()
        self._scores: dict[str, int] = {}

    # --- who --------------------------------------------------------------------------------------------

    def info(self) -> models.Room:
        """Describe the room as clients see it; hidden participants are not counted."""
        seen = [who for who in self.participants.values() if not who.grant.hidden]
        return models.Room(
            sid=self.sid,
            name=self.about.name or self.name,
            metadata=self.about.metadata,
            max_participants=self.about.max_participants,
            creation_time=self.about.created_ms // 1000,
            creation_time_ms=self.about.created_ms,
            num_participants=len(seen),
            num_publishers=sum(len(who.publishing) > 0 for who in seen),
        )

    def by_session(self, session: str) -> Participant | None:
        """Give the participant of a session."""
        return next((who for who in self.participants.values() if who.session == session), None)

    def is_full_for(self, order: wire.Connect) -> bool:
        """Tell whether somebody more does not fit; who comes again takes the place of the one before."""
        there = {
            who.sid
            for who in self.participants.values()
            if not (who.grant.hidden or who.identity == order.grant.identity or who.session == order.session)
        }
        places = self.services.limits.room_participants
        places = min(places, order.about.max_participants or places)
        return not order.grant.hidden and len(there) >= places

    def others(self, who: Participant) -> Iterator[Participant]:
        """Give everybody else."""
        return (other for other in list(self.participants.values()) if other is not who)

    def publications(self, who: Participant) -> Iterator[tuple[Participant, Publication]]:
        """Give the tracks that `who` may subscribe to."""
        return ((other, track) for other in self.others(who) for track in other.publishing)

    # --- chat -------------------------------------------------------------------------------------------

    @property
    def is_encrypted(self) -> bool:
        """Say whether somebody sends what the server cannot read: then it does not read or write the chat either."""
        tracks = (track for who in self.participants.values() for track in who.publishing)
        return any(track.info.encryption != models.Encryption.NONE for track in tracks)

    def spoken(self, who: Participant, line: ChatLine) -> None:
        """Tell Django a line that a client has said."""
        if not self.is_encrypted:
            self.services.speak(who.session, line)

    def say_line(self, order: wire.Chat) -> None:
        """Tell the clients a line of Django's."""
        if not self.is_encrypted:
            data.say_line(self, order)

    # --- telling ----------------------------------------------------------------------------------------

    def broadcast(self, response: rtc.SignalResponse, recipients: Iterable[Participant]) -> None:
        """Send one message to several; it is serialised once."""
        frame = response.SerializeToString()
        for who in recipients:
            who.line.send(frame)

    def tell(self, who: Participant, *, itself: bool = True, reason: int = 0) -> None:
        """Tell the others (and `who` itself) what `who` is now; nobody else hears of a hidden one."""
        update = rtc.SignalResponse(update=rtc.ParticipantUpdate(participants=[who.info(reason)]))
        if not who.grant.hidden:
            self.broadcast(update, self.others(who))
        if itself:
            who.send(update)

    def happen(self, name: str, who: Participant | None = None, publication: Publication | None = None) -> None:
        """Tell Django what happened, if anybody there wants to know."""
        if not self.services.terms.reports:
            return
        participant, session = (who.info(who.reason), who.session) if who is not None else (None, "")
        track = publication.info if publication is not None else None
        event = happenings.describe(name, self.info(), participant, track)
        self.services.happen(Happening(self.name, session, event))

    # --- coming and going -------------------------------------------------------------------------------

    def add(self, who: Participant) -> None:
        """Take in a participant; an earlier one of the same identity or session goes."""
        for other in list(self.participants.values()):
            if other.identity == who.identity or other.session == who.session:
                self.remove(other, Reason.DUPLICATE_IDENTITY, Action.DISCONNECT)
        self.participants[who.sid] = who
        self.services.ledger.joins += 1
        peer = self.open_peer(who, "down")
        way = SingleDownlink if who.single else DualDownlink
        who.downlink = way(peer, who.send, who.lacking, self.services.pace)
        if who.single:
            who.publisher = peer
        for publisher, publication in self.publications(who):
            who.subscribe(publication, publisher)

    def open_peer(self, who: Participant, name: str) -> Peer:
        """Make a peer connection for a participant."""
        hooks = PeerHooks(
            connected=partial(self._connected, who, name),
            failed=partial(self._failed, who),
            data=partial(self._data, who),
            channel=partial(self._channel, who, name),
        )
        services, limits = self.services, TransportLimits(message_bytes=self.services.limits.data_message_bytes)
        tcp_only = who.detour is Detour.TCP
        return Peer(services.mux, services.certificate, hooks, f"{who.sid}/{name}", limits=limits, tcp_only=tcp_only)

    def remove(self, who: Participant, reason: int, action: int | None) -> None:
        """Put a participant out; `action` is a `LeaveRequest.Action`, None when the client said goodbye itself."""
        if self.participants.pop(who.sid, None) is None:
            return
        publications = list(who.publishing)
        for publication in publications:
            self._silence(who, publication)
        for sid in list(who.subscriptions):
            who.unsubscribe(sid)
        who.move(State.DISCONNECTED)
        who.reason = reason
        self.calls.leave(who)
        self.chat.forget(who.sid)
        for publication in publications:
            self.happen(happenings.UNPUBLISHED, who, publication)
        self.happen(happenings.ABORTED if who.active_at is None else happenings.LEFT, who)
        who.take_leave(reason, action)
        self.services.unplug(who.line)
        self.tell(who, itself=False, reason=reason)
        if not who.grant.hidden:
            self.left.append((self.services.clock(), who.info(reason)))
        if publications:
            self._refresh(self.others(who))
        for peer in who.part():
            self.services.ledger.take(peer)
            self.services.spawn(peer.hang_up(0.0 if action is None else GOODBYE_S))
        self._scores.pop(who.sid, None)
        self.services.ledger.departures[reason] += 1
        spoken_ms = self.speakers.spoken_ms(who.sid)
        self.services.depart(Departure(who.session, who.line.channel, reason, spoken_ms))

    def fault(self, who: Participant, error: SignalError) -> None:
        """Put out a participant whose client does not speak the protocol."""
        logger.warning("%s: closed with %d, %s", who.sid, error.code, error.reason)
        if error.code == CloseCode.POLICY:  # coming back at once would end the same way
            who.say_goodbye(Reason.STATE_MISMATCH, Action.DISCONNECT)
        who.line.close(error.code, error.reason)
        self.remove(who, Reason.UNKNOWN_REASON, None)

    def close(self, reason: int, action: int) -> None:
        """Put everybody out."""
        for who in list(self.participants.values()):
            self.remove(who, reason, action)

    def _connected(self, who: Participant, name: str) -> None:
        if name == "down" and who.state == State.JOINED:
            who.active_at = self.services.clock()
            self.services.ledger.join_s.add(who.active_at - who.joined_at)
            who.move(State.ACTIVE)
            self.tell(who)
            self.happen(happenings.JOINED, who)

    def _channel(self, who: Participant, name: str, label: str) -> None:
        """Deliver what was sent between the join and the opening of the channel."""
        if name == "down" and label == data.RELIABLE and who.sid in self.participants:
            data.catch_up(self, who, {})

    def _data(self, who: Participant, label: str, message: bytes) -> None:
        if who.sid in self.participants:  # its connection is still closing
            data.relay(self, who, label, message, self.services.clock())

    def _failed(self, who: Participant, reason: str) -> None:
        logger.info("%s: media connection over, %s", who.sid, reason)
        who.failed_at = who.failed_at or self.services.clock()

    # --- tracks -----------------------------------------------------------------------------------------

    def apply(self, who: Participant, change: Change) -> None:
        """Carry out what a publisher's offer or announcement changed."""
        for publication in change.gone:
            self._silence(who, publication)
            if publication.primary is None:
                self.happen(happenings.UNPUBLISHED, who, publication)
        for publication, section in change.bound:
            if not may_publish(who.grant, publication.info.source):
                self.withdraw(who, publication)  # announced while it was allowed
            elif who.publisher is not None and section.up is not None:
                publication.bind(who.publisher.up.add(section.up), section.up, section.msid)
                self._begin(who, publication)
        if change.gone or change.bound:
            who.changed()
            self.tell(who, itself=False)
            self._refresh(self.others(who))

    def withdraw(self, who: Participant, publication: Publication) -> None:
        """End a track by order; its publisher is told."""
        who.publishing.withdraw(publication)
        unpublished = rtc.TrackUnpublishedResponse(track_sid=publication.sid)
        who.send(rtc.SignalResponse(track_unpublished=unpublished))
        versions = [publication] if publication.backup is None else [publication, publication.backup]
        self.apply(who, Change(gone=versions))

    def permit(self, who: Participant, grant: wire.Grant) -> None:
        """Put new rights in force, and what Django says of the participant."""
        vouched = {**who.attributes, **grant.attributes}
        who.attributes = {
            key: vouched[key] for key in vouched if key in grant.attributes or key not in who.grant.attributes
        }
        who.name, who.metadata = grant.name or who.name, grant.metadata or who.metadata
        self.put_in_force(who, grant)

    def put_in_force(self, who: Participant, grant: wire.Grant) -> None:
        """Put new rights in force and tell of everything that has changed; tracks that are no longer allowed end."""
        if grant.hidden and not who.grant.hidden:
            self._vanish(who)
        who.grant = grant
        for publication in list(who.publishing):
            if not may_publish(grant, publication.info.source):
                self.withdraw(who, publication)
        who.changed()
        self.tell(who)
        who.refresh()

    def _vanish(self, who: Participant) -> None:
        """Let somebody who is hidden from now on be gone for the others."""
        info = who.info(Reason.CLIENT_INITIATED)
        info.state = models.ParticipantInfo.State.DISCONNECTED
        del info.tracks[:]
        gone = rtc.SignalResponse(update=rtc.ParticipantUpdate(participants=[info]))
        self.broadcast(gone, self.others(who))

    def order_mute(self, who: Participant, publication: Publication, *, muted: bool) -> None:
        """Let the client mute its own track, so that it also stops sending."""
        who.send(rtc.SignalResponse(mute=rtc.MuteTrackRequest(sid=publication.sid, muted=muted)))

    def begun(self, who: Participant, subscriptions: Iterable[Subscription]) -> None:
        """Tell publishers of tracks that somebody receives for the first time, unless nobody may know of `who`."""
        if who.grant.hidden:
            return
        for subscription in subscriptions:
            publication = subscription.publication
            publisher = self.participants.get(publication.publisher)
            if publisher is not None and not publication.told_subscribed:
                publication.told_subscribed = True
                first = rtc.TrackSubscribed(track_sid=publication.sid)
                publisher.send(rtc.SignalResponse(track_subscribed=first))

    def _begin(self, who: Participant, publication: Publication) -> None:
        """Take in a track that arrives; a second version is news only to those who will get it."""
        primary = publication.primary or publication
        if publication is primary:
            self._sound(who, publication)
            self.happen(happenings.PUBLISHED, who, publication)
        second = who.publishing.second(primary)
        if primary.up is not None and second is not None and second.up is not None:
            primary.backup = second
            primary.prefer(primary.up.priority)

    def _sound(self, who: Participant, publication: Publication) -> None:
        if publication.up is not None and publication.info.source == models.TrackSource.SCREEN_SHARE:
            publication.up.priority = Priority.SCREEN
        if publication.up is not None and publication.kind == "audio":
            self.speakers.add(who.sid, publication.up.meter)
            if publication.info.source != models.TrackSource.SCREEN_SHARE_AUDIO:
                publication.up.voice = self.loudest.voice(who.sid)
        for other in self.others(who):
            other.subscribe(publication, who)

    def _silence(self, who: Participant, publication: Publication) -> None:
        if publication.primary is not None:
            publication.primary.backup = None
        for other in self.others(who) if publication.primary is None else ():
            other.unsubscribe(publication.sid)
        if publication.up is not None:
            self.speakers.remove(who.sid, publication.up.meter)
            if publication.up.voice is not None:
                self.loudest.leave(publication.up.voice)
            if who.publisher is not None:
                who.publisher.up.remove(publication.up)
            publication.up = None

    def _refresh(self, participants: Iterable[Participant]) -> None:
        """Bring to all of them what they may have now, or soon: who was served longest ago comes first."""
        links = [(who.downlink.turn, who) for who in participants if who.downlink is not None]
        for turn, who in sorted(links, key=lambda link: link[0].came_at):
            turn.waits = True
            if self.services.pace.is_free:
                with self.services.pace.charged():
                    turn.waits = False
                    who.refresh()

    # --- time -------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Every 50 ms: let the legs of everybody do what they do regularly."""
        self.calls.tick(now)
        for who in self.participants.values():
            for peer in who.peers():
                peer.tick(now)

    def tick_levels(self, now: float) -> None:
        """Every 400 ms: tell who speaks and which layers are watched, and remind clients of offers that they owe."""
        changes = self.speakers.update(now)
        if changes:
            speakers = [models.SpeakerInfo(sid=one.sid, level=one.level, active=one.active) for one in changes]
            told = rtc.SignalResponse(speakers_changed=rtc.SpeakersChanged(speakers=speakers))
            self.broadcast(told, self.participants.values())
            self._prefer({one.sid for one in changes if one.active}, now)
        self._refresh([who for who in self.participants.values() if who.downlink and who.downlink.turn.waits])
        for who in self.participants.values():
            dynacast.tell(who, list(self.others(who)))
            stream_states.tell(who)
            refusals.tell(who)
            if who.downlink is not None:
                who.downlink.tick(now, owed=who.publishing.is_waiting)

    def tell_speech(self) -> None:
        """Every 30 s: tell Django for how long each has spoken since the last time."""
        spoken = {who.session: self.speakers.spoken_ms(who.sid) for who in self.participants.values()}
        if any(spoken.values()):
            self.services.depart(Speech({session: ms for session, ms in spoken.items() if ms}))

    def _prefer(self, speaking: set[str], now: float) -> None:
        """Let the pictures of those who have begun to speak come before others, until somebody else does."""
        for who in self.participants.values() if speaking else ():
            for publication in who.publishing:
                if who.sid in speaking:
                    publication.spoke_at = now
                if publication.info.source == models.TrackSource.CAMERA:
                    publication.prefer(Priority.SPEAKER if who.sid in speaking else Priority.PICTURE)
        heard = [
            track.sid for sid in speaking if sid in self.participants for track in self.participants[sid].publishing
        ]
        self._refresh([who for who in self.participants.values() if who.lacks(heard)])

    def tick_presence(self, now: float, *, deaf: bool = False) -> None:
        """Every second: put out those whose time is over; it stands still while the worker is `deaf` to them."""
        for who in list(self.participants.values()):
            if deaf:
                who.excuse(now)
            if who.silent(now):
                self.services.unplug(who.line)
                who.line.close(4001, "nothing heard")
                who.lose(now)
            reason = who.overdue(now)
            if reason is not None:
                again = reason == Reason.MEDIA_FAILURE
                self.remove(who, reason, Action.RECONNECT if again else Action.DISCONNECT)

    def tick_quality(self) -> None:
        """Every 5 s: tell how good the connections are, where that changed."""
        scores = {who.sid: quality.rate(who) for who in self.participants.values() if not who.grant.hidden}
        changed = {sid: rate for sid, rate in scores.items() if self._scores.get(sid) != rate}
        self._scores = scores
        if changed:
            updates = [quality.describe(sid, rate) for sid, rate in changed.items()]
            told = rtc.SignalResponse(connection_quality=rtc.ConnectionQualityUpdate(updates=updates))
            self.broadcast(told, self.participants.values())
