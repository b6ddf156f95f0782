"""What a grant allows, in LiveKit's terms."""

from __future__ import annotations

from livekit.protocol import models

from visio import wire

SOURCES: dict[str, models.TrackSource] = {
    "camera": models.TrackSource.CAMERA,
    "microphone": models.TrackSource.MICROPHONE,
    "screen_share": models.TrackSource.SCREEN_SHARE,
    "screen_share_audio": models.TrackSource.SCREEN_SHARE_AUDIO,
}


KINDS: dict[int, int] = {
    models.TrackSource.CAMERA: models.TrackType.VIDEO,
    models.TrackSource.MICROPHONE: models.TrackType.AUDIO,
    models.TrackSource.SCREEN_SHARE: models.TrackType.VIDEO,
    models.TrackSource.SCREEN_SHARE_AUDIO: models.TrackType.AUDIO,
}
"""What comes from each source: sound that is called a camera would evade a forbidden microphone."""


def fits(source: int, kind: int) -> bool:
    """Tell whether a `TrackType` can come from a `TrackSource`; from an unknown one comes anything."""
    return KINDS.get(source, kind) == kind


def may_publish(grant: wire.Grant, source: int) -> bool:
    """Tell whether a track of this `TrackSource` may be published; without listed sources every one may."""
    if not grant.can_publish or grant.hidden:
        return False
    return not grant.sources or source in {SOURCES[name] for name in grant.sources if name in SOURCES}


def permission(grant: wire.Grant) -> models.ParticipantPermission:
    """Describe a grant as clients know it."""
    return models.ParticipantPermission(
        can_subscribe=grant.can_subscribe,
        can_publish=grant.can_publish,
        can_publish_data=grant.can_publish_data,
        can_publish_sources=[SOURCES[name] for name in grant.sources if name in SOURCES],
        hidden=grant.hidden,
        can_update_metadata=grant.can_update_metadata,
    )
