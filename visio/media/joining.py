"""The beginning of a conversation: a new participant, or an old one on a new socket."""

from __future__ import annotations

import time

from livekit.protocol import models, rtc

from visio import wire
from visio.media import formats
from visio.media.data import CHANNELS
from visio.media.detours import Detour
from visio.media.errors import CloseCode
from visio.media.line import Line
from visio.media.participant import Participant, Reason, State
from visio.media.room import Action, Room
from visio.media.signals import metadata, negotiation, resume, tracks

PING_INTERVAL_S = 5
PING_TIMEOUT_S = 15
SERVER = models.ServerInfo(edition="Standard", version="1.9.0", protocol=16)
"""Clients only check that there is a version; the number is that of the protocol's level we follow."""
SIF_TRAILER = b"VISIO-SIF"


def join(room: Room, order: wire.Connect, request: rtc.JoinRequest, line: Line) -> Participant:
    """Take a new participant in, answer it, tell the others, and begin to negotiate."""
    now = room.services.clock()
    who = Participant(order, request, line, now, room.services.limits)
    who.detour = room.services.detours.take(who.session)
    metadata.adopt(who, request)
    room.add(who)
    who.move(State.JOINED)
    who.send(rtc.SignalResponse(join=_response(room, who)))
    room.tell(who, itself=False)
    for announcement in request.add_track_requests[: room.services.limits.participant_tracks]:
        tracks.add_track(room, who, announcement, now)
    if not who.single and who.downlink is not None:
        who.downlink.delivery.peer.transport.create_channels(CHANNELS)
        who.refresh()
    if request.publisher_offer.sdp:
        negotiation.offer(room, who, request.publisher_offer, now)
    return who


def take_up(room: Room, who: Participant, request: rtc.JoinRequest, line: Line) -> None:
    """Go on with a participant on a new socket (wire protocol 2.11)."""
    now = room.services.clock()
    since = min(who.line.heard, who.lost_at or now)
    if who.line is not line:
        room.services.unplug(who.line)
        who.line.close(4000, "replaced")
    who.line, who.lost_at, who.resumed, who.synced = line, None, True, False
    reconnect = rtc.ReconnectResponse(
        ice_servers=room.services.terms.relays.ice_servers(time.time()),
        client_configuration=_configuration(room, who),
        server_info=SERVER,
        last_message_seq=who.last_sequence,
    )
    who.send(rtc.SignalResponse(reconnect=reconnect))
    who.send(rtc.SignalResponse(update=_everybody(room, who, since)))
    who.send(rtc.SignalResponse(room_update=rtc.RoomUpdate(room=room.info())))
    if request.HasField("sync_state"):
        resume.sync_state(room, who, request.sync_state, now)
        if who.sid not in room.participants:
            return
    if who.downlink is not None:
        who.downlink.resume(who.active_subscriptions())
    if request.publisher_offer.sdp:
        negotiation.offer(room, who, request.publisher_offer, now)


def refuse(line: Line) -> None:
    """Tell a client that wants to resume what is not there any more to join anew."""
    leave = rtc.LeaveRequest(reason=Reason.STATE_MISMATCH, action=Action.RECONNECT, can_reconnect=True)
    line.send(rtc.SignalResponse(leave=leave).SerializeToString())
    line.close(1000, "nothing to resume")


def turn_away(line: Line) -> None:
    """Tell a client for good that there is no place for it."""
    leave = rtc.LeaveRequest(reason=Reason.JOIN_FAILURE, action=Action.DISCONNECT)
    line.send(rtc.SignalResponse(leave=leave).SerializeToString())
    line.close(CloseCode.NORMAL, "the room is full")


def _response(room: Room, who: Participant) -> rtc.JoinResponse:
    return rtc.JoinResponse(
        room=room.info(),
        participant=who.info(),
        other_participants=[other.info() for other in room.others(who) if not other.grant.hidden],
        server_version=SERVER.version,
        server_info=SERVER,
        subscriber_primary=not who.single,
        fast_publish=who.grant.can_publish and not who.single,
        ping_interval=PING_INTERVAL_S,
        ping_timeout=PING_TIMEOUT_S,
        ice_servers=room.services.terms.relays.ice_servers(time.time()),
        client_configuration=_configuration(room, who),
        enabled_publish_codecs=[models.Codec(mime=mime) for mime in formats.PUBLISHABLE],
        sif_trailer=SIF_TRAILER,
    )


def _configuration(room: Room, who: Participant) -> models.ClientConfiguration:
    is_relayed = who.detour is Detour.RELAY and bool(room.services.terms.relays.urls)
    setting = models.ClientConfigSetting
    return models.ClientConfiguration(
        resume_connection=setting.ENABLED, force_relay=setting.ENABLED if is_relayed else setting.UNSET
    )


def _everybody(room: Room, who: Participant, since: float) -> rtc.ParticipantUpdate:
    seen = [other.info() for other in room.participants.values() if other is who or not other.grant.hidden]
    present = {info.sid for info in seen}
    gone = [info for at, info in room.left if at >= since and info.sid not in present]
    return rtc.ParticipantUpdate(participants=seen + gone)
