"""Negotiation of what a participant receives: by the server's offers (two connections) or the client's (one)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableSet, Sequence
from typing import Protocol

from livekit.protocol import rtc

from visio.media import formats, negotiation, sdp, trickle
from visio.media.delivery import Delivery
from visio.media.errors import CloseCode, SignalError
from visio.media.negotiation import Negotiated, Sending, Slot
from visio.media.pace import Pace, Turn
from visio.media.peer import Peer
from visio.media.sections import Kind
from visio.media.slots import Count, SectionRequests, Wanted
from visio.media.subscription import Subscription

Send = Callable[[rtc.SignalResponse], None]
Active = Mapping[str, Subscription]
"""The subscriptions that are to be delivered."""
Lacking = MutableSet[str]
"""The picture formats that the subscriber cannot decode."""


class Downlink(Protocol):
    """How tracks get to one participant."""

    delivery: Delivery
    turn: Turn

    def refresh(self, active: Active) -> None:
        """Bring the sections to what is active now, by a negotiation if need be and as soon as it is its turn."""

    def resume(self, active: Active) -> None:
        """Go on after the client's socket was replaced: what was under way is lost."""

    def tick(self, now: float, *, owed: bool) -> None:
        """Look at the clock; call a few times a second. A client owes an offer for a track that it has announced."""


class DualDownlink:
    """The subscriber's connection of `/rtc`: the server offers, one offer at a time."""

    def __init__(self, peer: Peer, send: Send, lacking: Lacking, pace: Pace) -> None:
        self.delivery = Delivery(peer, reuse=False)
        self.turn = Turn(pace)
        self._send = send
        self._lacking = lacking
        self._offered: tuple[sdp.SessionDescription, list[Negotiated]] | None = None
        self._offer_id = 0
        self._opened = 0
        self._changed = True

    def refresh(self, active: Active) -> None:
        """Offer when something changed; while an offer is open, the change waits for its answer."""
        wanted = [item.describe() for item in active.values()]
        released, lacking = self.delivery.trim(active), self.delivery.table.missing(wanted)
        self._changed = self._changed or released or bool(lacking)
        if self._offered is None and self._changed and self.turn.comes():
            self._arrange(wanted)
            self._offer()

    def _arrange(self, wanted: Sequence[Wanted]) -> None:
        """Give each wanted track a section."""
        table = self.delivery.table
        lacking = table.shortfall(wanted)
        self._open("audio", lacking.audio)
        self._open("video", lacking.video)
        table.assign(wanted)
        table.stop()

    def _open(self, kind: Kind, count: int) -> None:
        """Add empty sections; a mid is never used again."""
        for _ in range(count):
            self.delivery.table.open(str(self._opened), kind)
            self._opened += 1

    def resume(self, active: Active) -> None:
        """Offer anew with fresh ICE credentials (wire protocol 2.11)."""
        self.delivery.peer.transport.restart_ice()
        self.delivery.trim(active)
        self._arrange([item.describe() for item in active.values()])
        self._offer()

    def tick(self, now: float, *, owed: bool) -> None:
        """Wait: clients answer every offer, and what they send goes over another connection."""

    def answer(self, message: rtc.SessionDescription, active: Active, now: float) -> list[Subscription]:
        """Take the client's answer; give the subscriptions that begin. Answers to older offers are ignored."""
        if self._offered is None or message.id not in (0, self._offer_id):  # the Rust SDK answers with id 0
            return []
        with self.turn.measured():
            accepted = self._accept(message, self._offered)
        self._offered = None
        self.delivery.table.vacate()
        active = _decodable(active)
        begun = self.delivery.start(accepted, active, now)
        self.refresh(active)
        return begun

    def _accept(
        self, message: rtc.SessionDescription, offered: tuple[sdp.SessionDescription, list[Negotiated]]
    ) -> list[Negotiated]:
        """Give what the client agrees to, and note what it cannot decode."""
        try:
            described = sdp.parse(message.sdp)
            accepted = negotiation.accepted(offered[0], described, offered[1])
            self.delivery.peer.transport.accept(negotiation.remote_parameters(described))
        except sdp.SdpError as error:
            raise SignalError(CloseCode.INVALID_DATA, f"answer: {error}") from error
        for one, other in zip(offered[0].sections, described.sections, strict=True):
            self._lacking |= negotiation.undecodable([other], _preferred(one))
        return accepted

    def _offer(self) -> None:
        table, peer = self.delivery.table, self.delivery.peer
        slots = [Slot(slot.mid, slot.kind, slot.sending, stopped=slot.stopped) for slot in table.slots]
        self._offered = negotiation.offer(peer.transport.local, slots, version=peer.next_version())
        self._offer_id += 1
        self._changed = self.turn.waits = False
        text = self._offered[0].text()
        description = rtc.SessionDescription(type="offer", sdp=text, id=self._offer_id, mid_to_track_id=table.tracks())
        self._send(rtc.SignalResponse(offer=description))
        for message in trickle.messages(self._offered[0], trickle.Target.SUBSCRIBER) if peer.announces() else ():
            self._send(message)


class SingleDownlink:
    """The one connection of `/rtc/v1`: the client offers sections, the server fills them and asks for more."""

    def __init__(self, peer: Peer, send: Send, lacking: Lacking, pace: Pace) -> None:
        self.delivery = Delivery(peer, reuse=True)
        self.turn = Turn(pace)
        self._send = send
        self._lacking = lacking
        self._requests = SectionRequests()
        self._has_offer = False
        self._stale = False

    def refresh(self, active: Active) -> None:
        """Ask for an offer when the sections do not show what is active."""
        wanted = [item.describe() for item in active.values()]
        self._stale = self.delivery.trim(active) or self._stale
        if self._has_offer and (self._stale or self.delivery.table.missing(wanted)):
            self._ask(self.delivery.table.shortfall(wanted))
        else:
            self.turn.waits = False

    def resume(self, active: Active) -> None:
        """Ask again for what may have been lost; the client itself restarts ICE with its next offer."""
        self._requests.forget()
        self.refresh(active)

    def tick(self, now: float, *, owed: bool) -> None:
        """Remind the client of an offer that it owes."""
        if self._requests.overdue(now, owed=owed):
            self._require(Count(0, 0))

    def prepare(self, offered: sdp.SessionDescription, active: Active) -> Mapping[str, Sending]:
        """Fill the sections of an offer; give what the answer says is sent."""
        self._has_offer = True
        free = negotiation.placeholders(offered)
        table = self.delivery.table
        if all(slot.kind != "video" for slot in table.slots):  # later offers may name what was agreed on only
            self._lacking |= negotiation.undecodable(free)
        active = _decodable(active)
        table.retain(section.mid for section in free)
        for section in free:
            table.open(section.mid, "audio" if section.kind == "audio" else "video")
        audios = sum(section.kind == "audio" for section in free)
        self._requests.offered(Count(audios, len(free) - audios))
        self.delivery.trim(active)
        table.assign([item.describe() for item in active.values()])
        self._stale = False
        return table.answer()

    def settle(self, settled: Iterable[Negotiated], active: Active, now: float) -> list[Subscription]:
        """Send what was answered; give the subscriptions that begin."""
        begun = self.delivery.start(settled, active, now)
        self.refresh(active)
        return begun

    def _ask(self, shortfall: Count) -> None:
        more = self._requests.lacking(shortfall)
        if more is not None and self.turn.comes():
            self._requests.ask(more)
            self._require(more)

    def _require(self, more: Count) -> None:
        need = rtc.MediaSectionsRequirement(num_audios=more.audio, num_videos=more.video)
        self._send(rtc.SignalResponse(media_sections_requirement=need))


def _decodable(active: Active) -> Active:
    """Leave out what the subscriber turned out to be unable to decode."""
    return {sid: item for sid, item in active.items() if item.active}


def _preferred(offered: sdp.Section) -> list[str]:
    """Name the format of what is sent in a section; Firefox answers with one of those offered only."""
    names = [codec.name.lower() for codec in offered.codecs.values()]
    return [name for name in names[:1] if name in formats.FORWARDED["video"]]
