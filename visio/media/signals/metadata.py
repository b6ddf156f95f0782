"""What a participant says about itself: name, metadata and attributes, as far as it may."""

from __future__ import annotations

from collections.abc import Mapping

from livekit.protocol import rtc

from visio.media import limits
from visio.media.participant import Participant
from visio.media.room import Room
from visio.media.signals.handler import Handler

Refusal = rtc.RequestResponse.Reason


def update_metadata(room: Room, who: Participant, message: rtc.UpdateParticipantMetadata, now: float) -> None:
    """Change what a participant says about itself, tell everybody, and answer."""
    refusal = _refusal(who, message.name, message.metadata, message.attributes)
    if refusal is None and not who.may.changes.take(1, now):
        refusal = Refusal.LIMIT_EXCEEDED, "too many changes"
    if refusal is None:
        _change(who, message.name, message.metadata, message.attributes)
        who.changed()
        room.tell(who)
    reason, text = refusal or (Refusal.OK, "")
    answer = rtc.RequestResponse(
        request_id=message.request_id, reason=Refusal.Name(reason), message=text, update_metadata=message
    )
    who.send(rtc.SignalResponse(request_response=answer))


def adopt(who: Participant, request: rtc.JoinRequest) -> None:
    """Take what a client says about itself when it joins; silently not when it may not."""
    if _refusal(who, "", request.metadata, request.participant_attributes) is None:
        _change(who, "", request.metadata, request.participant_attributes)


def _refusal(who: Participant, name: str, metadata: str, attributes: Mapping[str, str]) -> tuple[int, str] | None:
    if not who.grant.can_update_metadata:
        return Refusal.NOT_ALLOWED, "changing one's own data is not allowed"
    if any(key in who.grant.attributes for key in attributes):
        return Refusal.NOT_ALLOWED, "an attribute is set by the server"
    if len(name) > limits.NAME_LENGTH or len(metadata.encode()) > limits.METADATA_BYTES:
        return Refusal.LIMIT_EXCEEDED, "name or metadata too long"
    if _size_bytes(_merged(who, attributes)) > limits.ATTRIBUTES_BYTES:
        return Refusal.LIMIT_EXCEEDED, "attributes too large"
    return None


def _change(who: Participant, name: str, metadata: str, attributes: Mapping[str, str]) -> None:
    who.name = name or who.name
    who.metadata = metadata or who.metadata
    who.attributes = _merged(who, attributes)


def _merged(who: Participant, attributes: Mapping[str, str]) -> dict[str, str]:
    """Give the attributes after a change; an empty value deletes."""
    return {key: value for key, value in {**who.attributes, **attributes}.items() if value}


def _size_bytes(attributes: Mapping[str, str]) -> int:
    return sum(len(key.encode()) + len(value.encode()) for key, value in attributes.items())


HANDLERS: dict[str, Handler] = {"update_metadata": update_metadata}
