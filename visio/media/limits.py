"""How much one client may ask for: what an operator sets, and what is fixed because no client needs more."""

from __future__ import annotations

from dataclasses import dataclass

DATA_MESSAGE_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What an operator sets; hidden participants are not counted."""

    room_participants: int = 200
    participant_tracks: int = 16
    pictures_received: int = 100
    """Tracks of pictures that one participant gets at once; each is a section of its descriptions."""
    offers_per_minute: int = 240
    """Several times what a client needs while 30 people join within a minute, each with two tracks."""
    data_message_bytes: int = DATA_MESSAGE_MAX_BYTES
    data_bytes_per_s: int = 4 * 1024 * 1024
    data_messages_per_s: int = 1_000
    data_deliveries_per_s: int = 4_000
    """Data messages times those who get them: each costs what sending it to one person costs."""
    changes_per_minute: int = 600
    """Of what everybody is told: names, metadata, mutes, sizes of pictures."""


DEFAULT = Limits()
TRACK_BYTES = 4 * 1024
"""The whole description of a track, which everybody in the room is sent."""
CAPABILITIES = 32
SECTIONS = 400
"""Media sections of one SDP: what is received, what one participant publishes itself, and a few that wait."""
SOUNDS_RECEIVED = 200
PICTURES_RECEIVED_MOST = 150
"""What an operator may set: with all sounds and with what is published it stays under SECTIONS."""
SDP_BYTES = 1_280 * 1024
"""One SDP of Chromium's with 200 sounds and 150 pictures has about 1 MB."""
LAYERS = 4
CODECS = 4
NAME_LENGTH = 256
LABEL_LENGTH = 512
"""Client-made identifiers of a track: cid, name, stream."""
METADATA_BYTES = 16 * 1024
ATTRIBUTES_BYTES = 16 * 1024
LISTED_TRACKS = 2_000
"""Track sids in one subscription message."""
WISHES_PER_S = 400
WISHES_BURST = 4_000
"""Tracks that one participant asks for, or for another size of; a grid of 49 people is 49."""
REFRESH_WISHES = 10
"""What it costs to begin or end the delivery of tracks, besides: the whole connection is looked at."""
DATA_BURST_S = 4
DELIVERIES_BURST_S = 10
"""In a room of 30 that is a file of 20 MB for everybody at once."""
CHAT_LINES_PER_S = 1
CHAT_LINES_BURST = 10
"""Lines of chat of one participant; each is written to the database."""
TOLD_S = 1.0
"""How often a client is told that its data is too much."""
REPLAY_BYTES = 1024 * 1024
REPLAY_S = 30.0
LEFT_KEPT_S = 60.0
LEFT_KEPT = 200
