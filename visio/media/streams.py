"""Which track and layer a new SSRC belongs to: by header extensions, by the SDP, or by its payload type."""

from collections.abc import Iterable

from visio.media.extensions import MID, REPAIRED_STREAM_ID, STREAM_ID
from visio.media.rtp import Packet
from visio.media.up_layer import UpLayer
from visio.media.up_track import UpTrack


class StreamBinding:
    """The tracks of one up leg by section (RFC 8843 section 9.2, RFC 8852); remembers no SSRC it cannot place."""

    __slots__ = ("_tracks",)

    def __init__(self) -> None:
        self._tracks: dict[str, UpTrack] = {}

    def tracks(self) -> Iterable[UpTrack]:
        """Return the tracks."""
        return self._tracks.values()

    def add(self, track: UpTrack) -> UpTrack | None:
        """Add a track; return the one that was in its section."""
        before = self._tracks.get(track.mid)
        self._tracks[track.mid] = track
        return before

    def remove(self, track: UpTrack) -> None:
        """Remove a track, unless its section has another one by now."""
        if self._tracks.get(track.mid) is track:
            del self._tracks[track.mid]

    def owner(self, layer: UpLayer) -> UpTrack | None:
        """Return the track that a layer belongs to."""
        return next((track for track in self._tracks.values() if layer in track.layers), None)

    def media(self, packet: Packet) -> tuple[UpTrack, str] | None:
        """Return the track and rid of a media packet; None when it cannot be placed."""
        track = self._track(packet)
        if track is None or packet.payload_type not in (track.section.payload_type, track.section.red_payload_type):
            return None
        rids = track.section.rids
        if not rids:
            return track, ""
        rid = _text(packet, track, STREAM_ID) or _paired(packet.ssrc, track.section.ssrcs, rids)
        return (track, rid) if rid in rids else None

    def repaired(self, packet: Packet) -> UpLayer | None:
        """Return the layer that a retransmission repairs; None when it is none or comes before its layer."""
        track = self._track(packet)
        if track is None or packet.payload_type != track.section.rtx_payload_type:
            return None
        rids = track.section.rids
        if not rids:
            return track.layer("")
        rid = _text(packet, track, REPAIRED_STREAM_ID) or _paired(packet.ssrc, track.section.rtx_ssrcs, rids)
        return track.layer(rid) if rid in rids else None

    def _track(self, packet: Packet) -> UpTrack | None:
        for track in self._tracks.values():
            mid = _text(packet, track, MID)
            if mid:
                return self._tracks.get(mid)
        ssrc, fitting = packet.ssrc, []
        for track in self._tracks.values():
            section = track.section
            if ssrc in section.ssrcs or ssrc in section.rtx_ssrcs:
                return track
            if packet.payload_type in (section.payload_type, section.rtx_payload_type, section.red_payload_type):
                fitting.append(track)
        return fitting[0] if len(fitting) == 1 else None


def _text(packet: Packet, track: UpTrack, uri: str) -> str:
    element = packet.elements.get(track.section.extensions.get(uri, 0), b"")
    return element.decode("ascii", "replace")


def _paired(ssrc: int, ssrcs: tuple[int, ...], rids: tuple[str, ...]) -> str:
    """Return the rid at the place that the SSRC has in the SDP."""
    return dict(zip(ssrcs, rids, strict=False)).get(ssrc, "")
