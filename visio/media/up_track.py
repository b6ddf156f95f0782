"""One track that a participant sends: its layers by rid, its loudness and who watches it."""

import enum
from typing import Protocol

from visio.media import layers
from visio.media.backchannel import Backchannel
from visio.media.codecs import codec_of
from visio.media.levels import LevelMeter
from visio.media.loudest import Voice
from visio.media.plane import Plane
from visio.media.python_plane import PLANE
from visio.media.rtp import Packet
from visio.media.sections import Kind, UpSection
from visio.media.up_layer import UpLayer

ACTIVE_S = 1.0


class Priority(enum.IntEnum):
    """Whose picture comes first when there is not room for all."""

    PICTURE = 0
    SPEAKER = 1
    SCREEN = 2


class Subscriber(Protocol):
    """A down track, as its up track knows it."""

    def choose(self, now: float) -> None:
        """Choose again among the track's layers."""

    def dump(self) -> dict[str, object]:
        """Describe yourself for the room dump."""


class UpTrack:
    """A published track. `widths` are those of its declared pictures, small to large, empty when unknown."""

    __slots__ = ("_back", "codec", "down_tracks", "layers", "meter", "plane", "priority", "section", "voice", "widths")

    def __init__(self, back: Backchannel, section: UpSection, plane: Plane = PLANE) -> None:
        self._back = back
        self.plane = plane
        self.section = section
        self.codec = codec_of(section.codec)
        self.layers: list[UpLayer] = []  # those that have sent something, small to large
        self.widths: tuple[int, ...] = ()
        self.meter = LevelMeter(section.clock_rate)
        self.voice: Voice | None = None  # of a microphone that competes for being heard
        self.priority = Priority.PICTURE
        self.down_tracks: set[Subscriber] = set()

    def choices(self, fps: float = 0.0) -> list[layers.Layer]:
        """Return what subscribers can choose among, small to large: streams, or the layers of a scalable one.

        With `fps` there is more for those who want no more frames a second.
        """
        found: list[layers.Layer] = []
        for layer in self.layers:
            found += layer.parts.choices(fps) or (layer,)
        return found

    @property
    def kind(self) -> Kind:
        """Return "audio" or "video"."""
        return self.section.kind

    @property
    def mid(self) -> str:
        """Return the section that the track arrives in."""
        return self.section.mid

    def layer(self, rid: str) -> UpLayer | None:
        """Return the layer with this rid, "" for a track without simulcast; None before its first packet."""
        return next((layer for layer in self.layers if layer.rid == rid), None)

    def begin_layer(self, rid: str, first: Packet) -> UpLayer:
        """Start a layer with its first packet, in place of an earlier stream with the same rid."""
        rids = self.section.rids
        rank = layers.rank_of(rid, rids.index(rid) if rid in rids else 0)
        fresh = UpLayer(
            self._back, self.section, self.codec, self.meter, rid, rank, first, self.voice, self.plane, self.choose
        )
        self.layers = sorted([*(old for old in self.layers if old.rid != rid), fresh], key=lambda layer: layer.rank)
        self.choose(first.arrived)
        return fresh

    def choose(self, now: float) -> None:
        """Let every subscriber choose again: a layer has begun, or goes on after a pause."""
        for down in tuple(self.down_tracks):
            down.choose(now)

    def end(self) -> None:
        """Let go of all layers, so that nobody gets packets any more."""
        for layer in self.layers:
            layer.clear()
            layer.parts.end()
        self.layers = []

    def request_key_frame(self, now: float) -> None:
        """Ask for a key frame of each layer that somebody gets or waits for."""
        for layer in self.layers:
            if layer.used:
                layer.request_key_frame(now)

    def active(self, now: float) -> bool:
        """Tell whether packets are arriving."""
        return any(now - layer.last_packet < ACTIVE_S for layer in self.layers)

    def dump(self) -> dict[str, object]:
        """Describe the track for the room dump."""
        return {
            "mid": self.mid,
            "kind": self.kind,
            "codec": self.section.codec,
            "layers": [layer.dump() for layer in self.layers],
            "down_tracks": len(self.down_tracks),
        }
