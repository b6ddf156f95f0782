"""What a media worker reads from its environment, checked before anything starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from suite import env
from visio.media.limits import DATA_MESSAGE_MAX_BYTES, PICTURES_RECEIVED_MOST, Limits
from visio.media.relays import Relays
from visio.media.terms import Terms


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """The settings of one media worker; `hosts` is empty when the addresses are to be found."""

    redis_url: str
    redis_prefix: str
    celery_broker_url: str
    data_dir: Path
    udp_port: int
    tcp_port: int
    hosts: tuple[str, ...]
    bind: str
    terms: Terms
    drain_s: int
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0
    """0 for no metrics."""


def read(index: int) -> MediaSettings:
    """Read the settings of worker number `index`. Raise `env.SettingError` for a value that cannot work."""
    data = Path(env.text("DATA_DIR", str(env.BASE_DIR / "data"), "Folder of the database, secrets and logs."))
    redis_url = env.url(
        "REDIS_URL", f"unix://{data / 'valkey.sock'}", "Valkey or Redis.", schemes=("redis", "rediss", "unix")
    )
    return MediaSettings(
        redis_url=redis_url,
        redis_prefix=env.text("REDIS_PREFIX", "visio", "First part of every key and channel."),
        celery_broker_url=env.url(
            "CELERY_BROKER_URL",
            redis_url.replace("unix://", "redis+socket://", 1),
            "Broker of the Celery tasks; REDIS_URL when unset.",
            schemes=("redis", "rediss", "redis+socket"),
        ),
        data_dir=data,
        udp_port=env.port("MEDIA_UDP_PORT", 7882, "First UDP port of the media workers.") + 2 * index,
        tcp_port=env.port("MEDIA_TCP_PORT", 7881, "First TCP port of the media workers.") + 2 * index,
        hosts=tuple(env.addresses("MEDIA_HOST", "Addresses announced to browsers; all of this machine when unset.")),
        bind=env.address("MEDIA_BIND", "::", "Address on which the media workers listen."),
        terms=Terms(
            loudest=env.integer("MEDIA_LOUDEST", 10, "Microphones of a room that are heard at once.", high=1000),
            relays=_relays(),
            limits=_limits(),
            reports=_reports(),
        ),
        drain_s=env.integer("MEDIA_DRAIN_S", 25, "Longest time to move rooms away before a worker ends.", high=3600),
        metrics_host=env.text("MEDIA_METRICS_HOST", "127.0.0.1", "Address of the workers' metrics."),
        metrics_port=_metrics_port(index),
    )


def _reports() -> bool:
    """Tell whether anybody wants to know what happens in rooms."""
    enabled = env.flag("LIVEKIT_API_ENABLED", default=False, purpose="Serve LiveKit's server API.")
    return enabled and bool(env.words("LIVEKIT_WEBHOOK_URLS", "", "Where webhooks go."))


def _metrics_port(index: int) -> int:
    first = env.integer("MEDIA_METRICS_PORT", 0, "Port of the first worker's metrics; 0 for none.", high=65_535)
    return first + index if first else 0


def _relays() -> Relays:
    return Relays(
        urls=tuple(env.relays("TURN_URLS", "Addresses of the TURN servers.")),
        secret=env.text("TURN_SECRET", "", "Secret shared with the TURN servers."),
        ttl_s=env.integer("TURN_TTL_S", 43_200, "Seconds that credentials for them last.", low=60, high=86_400),
    )


def _limits() -> Limits:
    some, many = {"low": 1, "high": 10_000}, {"low": 1024, "high": 2**30}
    deliveries = {"low": 10, "high": 1_000_000}
    sizes = {"low": 1024, "high": DATA_MESSAGE_MAX_BYTES}
    return Limits(
        room_participants=env.integer("MEDIA_ROOM_PARTICIPANTS", 200, "People in one room.", **some),
        participant_tracks=env.integer("MEDIA_PARTICIPANT_TRACKS", 16, "Tracks one participant publishes.", **some),
        pictures_received=env.integer(
            "MEDIA_PICTURES_RECEIVED", 100, "Pictures one participant gets.", low=1, high=PICTURES_RECEIVED_MOST
        ),
        offers_per_minute=env.integer("MEDIA_OFFERS_PER_MINUTE", 240, "Offers of one participant.", **some),
        changes_per_minute=env.integer("MEDIA_CHANGES_PER_MINUTE", 600, "Changes everybody is told of.", **some),
        data_message_bytes=env.integer("MEDIA_DATA_MESSAGE_BYTES", 65_536, "Size of a data message.", **sizes),
        data_messages_per_s=env.integer(
            "MEDIA_DATA_MESSAGES_PER_S", 1_000, "Data messages of one participant.", **some
        ),
        data_deliveries_per_s=env.integer(
            "MEDIA_DATA_DELIVERIES_PER_S", 4_000, "Data messages times their receivers.", **deliveries
        ),
        data_bytes_per_s=env.integer("MEDIA_DATA_BYTES_PER_S", 4_194_304, "Data of one participant.", **many),
    )
