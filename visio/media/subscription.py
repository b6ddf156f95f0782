"""One participant's wish for one track of another, and what it wants of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from livekit.protocol import models

from visio.media.congestion.allocation import rank
from visio.media.down_track import DownTrack
from visio.media.portions import Claim
from visio.media.publication import Publication
from visio.media.slots import Wanted


@dataclass(slots=True, eq=False)
class Subscription:
    """`wanted` is the subscriber's wish, `permitted` the publisher's; packets flow through `down` once there is one."""

    publication: Publication
    wanted: bool
    lacking: Collection[str]
    """The formats that the subscriber cannot decode."""
    permitted: bool = True
    disabled: bool = False
    quality: int = models.VideoQuality.HIGH
    width: int = 0
    fps: int = 0
    priority: int = 0
    """What the subscriber asks for, 1 before all others, 0 for nothing."""
    down: DownTrack | None = None
    told_paused: bool = False
    """Whether the subscriber was told that its connection has no room for the picture."""
    told_refused: bool = False
    """Whether it was told that it cannot decode the track."""

    @property
    def active(self) -> bool:
        """Tell whether the track should be delivered."""
        return self.wanted and self.permitted and self.version is not None

    @property
    def version(self) -> Publication | None:
        """Give the version of the track that the subscriber gets; None when it can decode none that is there."""
        return self.publication.version_for(self.lacking)

    @property
    def format(self) -> str | None:
        """Name the format in which it should be delivered; None when it should not be or there is none."""
        return self.publication.format_for(self.lacking) if self.wanted and self.permitted else None

    @property
    def refused(self) -> bool:
        """Tell whether it is wanted in vain: the subscriber can decode no format that it is published in."""
        return self.wanted and self.permitted and self.version is None and self.format is None

    def describe(self) -> Wanted:
        """Give what the table of sections needs to know."""
        publication, version = self.publication, self.version or self.publication
        return Wanted(publication.sid, publication.kind, publication.stream, version.format)

    def claim(self) -> Claim:
        """Give what counts where there is not room for all; a voice that is heard comes before the silent ones."""
        publication, version = self.publication, self.version or self.publication
        up = version.up
        audible = publication.kind == "audio" and up is not None and (up.voice is None or up.voice.heard)
        given = int(audible) if up is None or publication.kind == "audio" else int(up.priority)
        return Claim(publication.sid, publication.kind, rank(given, self.priority), publication.spoke_at)

    def apply(self, now: float) -> None:
        """Tell the down track what is wanted of it."""
        if self.down is not None:
            paused = self.disabled or self.publication.forced_mute
            self.down.want(
                quality=self.quality,
                width=self.width,
                fps=self.fps,
                priority=self.priority,
                paused=paused,
                now=now,
            )
