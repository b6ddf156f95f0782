"""What happened in a room, in the words of LiveKit's webhooks: told to Django, which tells integrators."""

from __future__ import annotations

import time
from dataclasses import dataclass

from google.protobuf import json_format
from livekit.protocol import models, webhook

from visio.media.publication import new_sid

ROOM_STARTED = "room_started"
ROOM_FINISHED = "room_finished"
JOINED = "participant_joined"
LEFT = "participant_left"
ABORTED = "participant_connection_aborted"
PUBLISHED = "track_published"
UNPUBLISHED = "track_unpublished"


@dataclass(frozen=True, slots=True)
class Happening:
    """One event; `room` and `session` are Visio's own ids, `session` is empty where nobody in particular is meant."""

    room: str
    session: str
    event: webhook.WebhookEvent

    def to_dict(self) -> dict[str, str]:
        """Give what goes into the Celery task."""
        return {"room": self.room, "session": self.session, "event": json_format.MessageToJson(self.event, indent=None)}


def describe(
    name: str,
    room: models.Room,
    participant: models.ParticipantInfo | None = None,
    track: models.TrackInfo | None = None,
) -> webhook.WebhookEvent:
    """Make the event, with an id of its own by which receivers know a repetition."""
    created_at = int(time.time())
    event = webhook.WebhookEvent(event=name, room=room, id=new_sid("EV_"), created_at=created_at)
    if participant is not None:
        event.participant.CopyFrom(participant)
    if track is not None:
        event.track.CopyFrom(track)
    return event
