"""Session descriptions: offers of what a client sends (and, with one connection, receives), answers to the server's."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from livekit.protocol import rtc

from visio.media import negotiation, sdp, trickle
from visio.media.downlink import DualDownlink, SingleDownlink
from visio.media.errors import CloseCode, SignalError
from visio.media.negotiation import Negotiated, Wishes
from visio.media.participant import Participant
from visio.media.peer import Peer
from visio.media.room import Room
from visio.media.signals.handler import Handler


def offer(room: Room, who: Participant, message: rtc.SessionDescription, now: float) -> None:
    """Answer an offer with its own id, then carry out what it changed."""
    if not who.may.offers.take(1, now):
        raise SignalError(CloseCode.POLICY, "too many offers")
    if who.publisher is None:
        who.publisher = room.open_peer(who, "up")
    try:
        with _measured(who):
            settled = _answer(who, who.publisher, message)
    except sdp.SdpError as error:
        raise SignalError(CloseCode.INVALID_DATA, f"offer: {error}") from error
    room.apply(who, who.publishing.settle(settled))
    if isinstance(who.downlink, SingleDownlink):
        room.begun(who, who.downlink.settle(settled, who.active_subscriptions(), now))


def answer(room: Room, who: Participant, message: rtc.SessionDescription, now: float) -> None:
    """Take the answer to the server's offer."""
    if not isinstance(who.downlink, DualDownlink):
        raise SignalError(CloseCode.PROTOCOL_ERROR, "an answer, but the server makes no offers here")
    room.begun(who, who.downlink.answer(message, who.active_subscriptions(), now))


def ignore(room: Room, who: Participant, message: rtc.TrickleRequest, now: float) -> None:
    """Ignore a client's candidate: an ICE-lite agent learns addresses from the checks."""


def _measured(who: Participant) -> AbstractContextManager[None]:
    """Measure what an answer costs, where the server asks for offers."""
    return who.downlink.turn.measured() if isinstance(who.downlink, SingleDownlink) else nullcontext()


def _answer(who: Participant, peer: Peer, message: rtc.SessionDescription) -> list[Negotiated]:
    offered = sdp.parse(message.sdp)
    peer.transport.accept(negotiation.remote_parameters(offered))
    sending = (
        who.downlink.prepare(offered, who.active_subscriptions()) if isinstance(who.downlink, SingleDownlink) else {}
    )
    answered, settled = negotiation.answer(
        offered, peer.transport.local, sending=sending, wishes=_wishes(who, offered), version=peer.next_version()
    )
    reply = rtc.SessionDescription(
        type="answer",
        sdp=answered.text(),
        id=message.id,
        mid_to_track_id={mid: sent.track for mid, sent in sending.items()},
    )
    who.send(rtc.SignalResponse(answer=reply))
    for message_of_candidate in trickle.messages(answered, trickle.Target.PUBLISHER) if peer.announces() else ():
        who.send(message_of_candidate)
    return settled


def _wishes(who: Participant, offered: sdp.SessionDescription) -> dict[str, Wishes]:
    """Give what is wanted of the sections whose tracks are known, by mid."""
    bound = who.publishing.by_mid()
    wishes = {}
    for section in offered.sections:
        publication = bound.get(section.mid) or who.publishing.guess(section.msid, section.kind)
        if publication is not None and publication.kind == section.kind and "send" in section.direction:
            wishes[section.mid] = publication.wishes()
    return wishes


HANDLERS: dict[str, Handler] = {"offer": offer, "answer": answer, "trickle": ignore}
