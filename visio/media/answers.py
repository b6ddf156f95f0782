"""What web asks about rooms and participants, and what it changes there on behalf of integrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc
from livekit.protocol import room as room_service

from visio import wire
from visio.media import data, limits
from visio.media.participant import Participant
from visio.media.permissions import may_publish
from visio.media.room import Room
from visio.media.rooms import Rooms
from visio.media.signals.tracks import set_muted

CALL_BYTES = 15 * 1024
"""Largest payload of a remote call, as in LiveKit's clients."""


class RefusedError(Exception):
    """A question that cannot be answered: a Twirp `code` and a reason in words."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Answers:
    """One handler for each question; `post` takes the answers."""

    def __init__(self, rooms: Rooms, post: Callable[[str, wire.Report], None], clock: Callable[[], float]) -> None:
        self._rooms = rooms
        self._post = post
        self._clock = clock
        self._replies: dict[type[Any], Callable[[Any], bytes | None]] = {
            wire.Describe: self._describe,
            wire.Update: self._update,
            wire.Announce: self._announce,
            wire.Subscribe: self._subscribe,
            wire.Say: self._say,
            wire.Call: self._call,
            wire.Mute: self._mute,
        }
        self.handlers: dict[type[Any], Callable[[Any], None]] = dict.fromkeys(self._replies, self.answer)

    def answer(self, question: wire.Question) -> None:
        """Do what a question asks for and send the answer, now or, for a call, when there is one."""
        try:
            body = self._replies[type(question)](question)
            reply = wire.Answer(question.request, body) if body is not None else None
        except RefusedError as refusal:
            reply = wire.Answer(question.request, error=refusal.code, reason=refusal.reason)
        if reply is not None and question.channel:
            self._post(question.channel, reply)

    # --- rooms ------------------------------------------------------------------------------------------

    def _describe(self, question: wire.Describe) -> bytes:
        if not question.room:
            infos = [room.info() for room in self._rooms.rooms.values()]
            return room_service.ListRoomsResponse(rooms=infos).SerializeToString()
        room = self._room(question.room)
        everybody = [who.info() for who in room.participants.values()]
        return rtc.JoinResponse(room=room.info(), other_participants=everybody).SerializeToString()

    def _announce(self, question: wire.Announce) -> bytes:
        room = self._room(question.room)
        room.about = question.about
        update = rtc.SignalResponse(room_update=rtc.RoomUpdate(room=room.info()))
        room.broadcast(update, room.participants.values())
        return room.info().SerializeToString()

    def _say(self, question: wire.Say) -> bytes:
        room = self._room(question.room)
        try:
            packet = models.UserPacket.FromString(question.packet)
        except DecodeError as error:
            raise RefusedError("malformed", "the packet is not well formed") from error
        named = {who.identity for who in room.participants.values() if who.sid in question.sids}
        if question.sids and not (named or question.identities):
            return b""  # all those meant are gone
        to = frozenset(named.union(question.identities))
        data.announce(room, packet, to, reliable=question.reliable, now=self._clock())
        return b""

    # --- participants -----------------------------------------------------------------------------------

    def _update(self, question: wire.Update) -> bytes:
        room, who = self._participant(question.room, question.session)
        merged = {**who.attributes, **question.attributes}
        attributes = {key: value for key, value in merged.items() if value}
        if sum(len(key.encode()) + len(value.encode()) for key, value in attributes.items()) > limits.ATTRIBUTES_BYTES:
            raise RefusedError("resource_exhausted", "the attributes are too large")
        who.name, who.metadata = question.name or who.name, question.metadata or who.metadata
        who.attributes = attributes
        room.put_in_force(who, question.grant)
        return who.info().SerializeToString()

    def _subscribe(self, question: wire.Subscribe) -> bytes:
        _, who = self._participant(question.room, question.session)
        for sid in question.tracks:
            subscription = who.subscriptions.get(sid)
            if subscription is None:
                raise RefusedError("not_found", f"there is no track {sid} for this participant")
            subscription.wanted = question.subscribe
        who.refresh()
        return b""

    def _mute(self, question: wire.Mute) -> bytes:
        room, who = self._participant(question.room, question.session)
        publication = who.publishing.find(question.track)
        if publication is None:
            raise RefusedError("not_found", "the participant has no such track")
        if not question.muted and not may_publish(who.grant, publication.info.source):
            raise RefusedError("permission_denied", "the participant may not publish from this source")
        set_muted(room, who, publication, muted=question.muted, forced=True, now=self._clock())
        room.order_mute(who, publication, muted=question.muted)
        return publication.info.SerializeToString()

    def _call(self, question: wire.Call) -> None:
        room, who = self._participant(question.room, question.session)
        if len(question.payload.encode()) > CALL_BYTES:
            raise RefusedError("invalid_argument", f"the payload is larger than {CALL_BYTES} bytes")
        room.calls.begin(who, question, lambda answer: self._post(question.channel, answer), self._clock())

    # --- finding ----------------------------------------------------------------------------------------

    def _room(self, name: str) -> Room:
        room = self._rooms.rooms.get(name)
        if room is None:
            raise RefusedError("not_found", "nobody is in this room")
        return room

    def _participant(self, room: str, session: str) -> tuple[Room, Participant]:
        found = self._rooms.find(room, session)
        if found is None:
            raise RefusedError("not_found", "participant does not exist")
        return found
