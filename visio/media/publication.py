"""A track that a participant publishes: what others are told of it, where its packets arrive, who may have it."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from livekit.protocol import models, rtc

from visio.media import formats
from visio.media.formats import Format
from visio.media.negotiation import Wishes
from visio.media.sections import Kind, UpSection
from visio.media.up_track import Priority, UpTrack


def new_sid(prefix: str) -> str:
    """Make an identifier such as `TR_…`; clients check the prefix."""
    return prefix + secrets.token_urlsafe(9).replace("-", "x").replace("_", "y")


@dataclass(slots=True, eq=False)
class Publication:
    """One published track; without `up` it waits for its media section."""

    publisher: str
    cid: str
    info: models.TrackInfo
    announced: Format | None = None
    up: UpTrack | None = None
    offered_as: tuple[str, str] | None = None
    """The msid of its section, to notice when the section is used for another track."""
    forced_mute: bool = False
    told_subscribed: bool = False
    spoke_at: float = float("-inf")
    """When its publisher was last found to speak."""
    watched: dict[str, int] = field(default_factory=dict)
    """The highest `VideoQuality` of each format that the publisher was told somebody watches; -1 for none."""
    primary: Publication | None = None
    """The track that this one is a second version of, in another format."""
    backup: Publication | None = None
    """Its second version, once that arrives."""
    regressed: bool = False
    """Everybody gets the second version as soon as it is there, so that the publisher encodes only one."""

    @property
    def sid(self) -> str:
        """Give the track's sid."""
        return self.info.sid

    @property
    def kind(self) -> Kind:
        """Give the kind of media."""
        return "audio" if self.info.type == models.TrackType.AUDIO else "video"

    @property
    def stream(self) -> str:
        """Name what plays in step with it: camera with microphone, screen with its sound (wire protocol 2.6)."""
        screen = (models.TrackSource.SCREEN_SHARE, models.TrackSource.SCREEN_SHARE_AUDIO)
        return f"{self.publisher}|{'screen' if self.info.source in screen else self.info.stream or 'camera'}"

    @property
    def format(self) -> Format | None:
        """Give the payload format: as negotiated, before that as announced; None when it was not."""
        if self.up is None:
            return self.announced
        return Format(self.up.section.codec.rpartition("/")[2].lower(), self.up.section.parameters)

    @property
    def promised(self) -> list[str]:
        """Name the formats that it comes in, its own first, the other ones when somebody needs them."""
        second = [codec.mime_type.rpartition("/")[2].lower() for codec in self.info.codecs[1:]]
        return [*([self.format.name] if self.format is not None else []), *second]

    def version_for(self, lacking: Collection[str]) -> Publication | None:
        """Give what somebody gets who cannot decode these formats; None when there is nothing."""
        versions = [self, self.backup] if not self.regressed else [self.backup, self]
        return next((one for one in versions if one is not None and _decodable(one, lacking)), None)

    def format_for(self, lacking: Collection[str]) -> str | None:
        """Name the format that somebody should get who cannot decode these; None when it is not promised."""
        names = [*reversed(self.promised)] if self.regressed else self.promised
        return next((name for name in names if name not in lacking), None)

    def arriving(self) -> list[UpTrack]:
        """Give where its packets arrive, those of its second version too."""
        ups = (self.up, self.backup.up if self.backup is not None else None)
        return [up for up in ups if up is not None]

    def prefer(self, priority: Priority) -> None:
        """Say how important its picture is."""
        for up in self.arriving():
            up.priority = priority

    def wishes(self) -> Wishes:
        """Give what the answer should say."""
        stereo = models.AudioTrackFeature.TF_STEREO in self.info.audio_features
        quiet = models.AudioTrackFeature.TF_NO_DTX in self.info.audio_features
        dtx = not (quiet or self.info.disable_dtx)
        red = not self.info.disable_red
        return Wishes(stereo=stereo or self.info.stereo, dtx=dtx, red=red, format=self.format)

    def bind(self, up: UpTrack, section: UpSection, msid: tuple[str, str] | None) -> None:
        """Note where its packets arrive."""
        self.up = up
        self.offered_as = msid
        self.info.mid = section.mid
        up.widths = tuple(sorted(layer.width for layer in self.info.layers))
        self.info.mime_type = section.codec
        for codec in _entries(self):
            codec.mid, codec.mime_type = section.mid, section.codec


def _decodable(publication: Publication, lacking: Collection[str]) -> bool:
    return publication.format is None or publication.format.name not in lacking


def _entries(publication: Publication) -> Iterable[models.SimulcastCodecInfo]:
    """Give where subscribers read of this version."""
    described = (publication.primary or publication).info.codecs
    return described[:1] if publication.primary is None else described[1:]


def second(primary: Publication, request: rtc.AddTrackRequest) -> Publication:
    """Make the second version of a track that its publisher begins to send, and describe it in the first one."""
    version = Publication(primary.publisher, request.cid, describe(request), announced(request), primary=primary)
    version.info.sid = primary.sid
    for codec in _entries(version):
        codec.cid = request.cid
    return version


def announced(request: rtc.AddTrackRequest) -> Format | None:
    """Give the payload format that a client means to send; None when it does not say, or it is not forwarded."""
    names = [codec.codec for codec in request.simulcast_codecs] if request.type == models.TrackType.VIDEO else []
    return formats.named(names[0]) if names else None


def describe(request: rtc.AddTrackRequest) -> models.TrackInfo:
    """Make the description of a new track from what its publisher says."""
    video = request.type == models.TrackType.VIDEO
    layers = list(request.layers) or [layer for codec in request.simulcast_codecs for layer in codec.layers]
    mime = (announced(request) or formats.default("video" if video else "audio")).mime
    codecs = [models.SimulcastCodecInfo(mime_type=mime, cid=request.cid, layers=layers)]
    codecs += [models.SimulcastCodecInfo(mime_type=one.mime) for one in _backups(request, mime)]
    return models.TrackInfo(
        sid=new_sid("TR_"),
        type=request.type,
        name=request.name,
        muted=request.muted,
        width=request.width,
        height=request.height,
        simulcast=video and len(layers) > 1,
        source=request.source,
        layers=layers,
        mime_type=mime,
        codecs=codecs,
        stereo=request.stereo,
        disable_dtx=request.disable_dtx,
        disable_red=request.disable_red,
        encryption=request.encryption,
        stream=request.stream,
        audio_features=request.audio_features,
        backup_codec_policy=request.backup_codec_policy,
        packet_trailer_features=request.packet_trailer_features,
    )


def _backups(request: rtc.AddTrackRequest, mime: str) -> list[Format]:
    """Give the one other format that a client can send its picture in."""
    if request.type != models.TrackType.VIDEO or request.sid:
        return []
    names = [formats.named(codec.codec) for codec in request.simulcast_codecs[1:]]
    return [one for one in names if one is not None and one.mime not in (mime, formats.OPUS)][:1]
