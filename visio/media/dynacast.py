"""Telling publishers which formats and layers of their pictures somebody watches, so that they send no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from livekit.protocol import models, rtc

from visio.media.participant import Participant
from visio.media.publication import Publication
from visio.media.subscription import Subscription

QUALITIES = (models.VideoQuality.LOW, models.VideoQuality.MEDIUM, models.VideoQuality.HIGH)
NOBODY = -1
ALONE = models.VideoQuality.LOW
"""What a publisher sends whom nobody can see: whether somebody hidden watches must not show."""


def tell(publisher: Participant, others: Sequence[Participant], *, more: bool = False) -> None:
    """Send the publisher what changed since it was last told; with `more`, only if somebody wants more than before.

    The first time everything is news: a camera that comes from another room may still have layers switched off there.
    """
    is_alone = all(other.grant.hidden for other in others)
    for publication in publisher.publishing:
        formats = publication.promised
        if publication.kind == "video" and (publication.info.simulcast or len(formats) > 1):
            watched = _unseen(publication) if is_alone else _watched(publication, _subscriptions(publication, others))
            told = publication.watched
            grown = any(highest > told.get(name, NOBODY) for name, highest in watched.items())
            if grown or (watched != told and not more):
                publication.watched = watched
                publisher.send(_update(publication.sid, watched))


def _subscriptions(publication: Publication, others: Sequence[Participant]) -> list[Subscription]:
    found = (other.subscriptions.get(publication.sid) for other in others)
    return [item for item in found if item is not None]


def _unseen(publication: Publication) -> dict[str, int]:
    first, *others = publication.promised
    return {first: ALONE, **dict.fromkeys(others, NOBODY)}


def _watched(publication: Publication, subscriptions: Sequence[Subscription]) -> dict[str, int]:
    """Give the highest quality that anybody wants of a picture in each of its formats, `NOBODY` where nobody does."""
    if publication.info.backup_codec_policy != models.BackupCodecPolicy.SIMULCAST:
        first = publication.promised[:1]
        publication.regressed |= any(item.format is not None and item.format not in first for item in subscriptions)
    watched = dict.fromkeys(publication.promised, NOBODY)
    for item in subscriptions:
        for name in _formats(item):
            watched[name] = max(watched.get(name, NOBODY), NOBODY if item.disabled else _quality(item))
    return watched


def _formats(item: Subscription) -> set[str]:
    """Name the format that a subscriber gets, and the one that it will get as soon as that arrives."""
    version = item.version if item.active else None
    names = (item.format, version.format.name if version is not None and version.format is not None else None)
    return {name for name in names if name is not None}


def _quality(item: Subscription) -> int:
    if item.width == 0:
        return item.quality
    layers = sorted((item.version or item.publication).info.layers, key=lambda layer: layer.width)
    return next((int(layer.quality) for layer in layers if layer.width >= item.width), models.VideoQuality.HIGH)


def _update(sid: str, watched: Mapping[str, int]) -> rtc.SignalResponse:
    codecs = [rtc.SubscribedCodec(codec=name, qualities=_qualities(highest)) for name, highest in watched.items()]
    update = rtc.SubscribedQualityUpdate(
        track_sid=sid, subscribed_qualities=codecs[0].qualities, subscribed_codecs=codecs
    )
    return rtc.SignalResponse(subscribed_quality_update=update)


def _qualities(highest: int) -> list[rtc.SubscribedQuality]:
    return [rtc.SubscribedQuality(quality=quality, enabled=quality <= highest) for quality in QUALITIES]
