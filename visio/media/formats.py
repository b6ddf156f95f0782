"""The payload formats that this server forwards, as session descriptions name them (RFC 8866, RFC 6184, RFC 9628)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from visio.media.sdp import Codec, parse_parameters
from visio.media.sections import Kind

OPUS = "audio/opus"
FORWARDED = {"audio": ("opus",), "video": ("vp8", "h264", "vp9", "av1")}
MIME = {"opus": OPUS, "vp8": "video/VP8", "h264": "video/H264", "vp9": "video/VP9", "av1": "video/AV1"}
PUBLISHABLE = tuple(MIME.values())
"""The first picture format is what clients fall back to."""
_PROFILE_DIGITS = 4  # of profile-level-id: the profile and its constraints; the level is no matter for forwarding
_OWN_NUMBERS = {"opus": 111, "vp8": 96, "vp9": 98, "h264": 102, "av1": 45}
_PREFERRED = {"h264": "packetization-mode=1;profile-level-id=42e01f"}
"""Of what a client may offer under one name: without this mode no picture unit can be longer than a packet."""
RED = "red"
_RED_NUMBER = 63
_VP9_PROFILES = ("0", "1", "2", "3")
_SINGLE_NAL_NUMBER = 104  # H.264 with packetization mode 0


class Format(NamedTuple):
    """A payload format: its name in lower case, and the parameters that decide who can decode it."""

    name: str
    parameters: str = ""

    @property
    def mime(self) -> str:
        """Return the name that clients know."""
        return MIME[self.name]


def default(kind: Kind) -> Format:
    """Return the format that everybody has."""
    return Format(FORWARDED[kind][0])


def named(name: str) -> Format | None:
    """Return the format with a client's name for it, such as "vp9"; None when it is not forwarded."""
    known = name.lower()
    return Format(known, _PREFERRED.get(known, "")) if known in MIME else None


def is_forwarded(codec: Codec, kind: str) -> bool:
    """Tell whether this server can forward the codec."""
    return codec.name.lower() in FORWARDED.get(kind, ())


def best(codecs: Iterable[Codec], kind: str, wanted: Format | None) -> Codec | None:
    """Return the codec for a format that fits best; without a format the first one that is forwarded."""
    known = [codec for codec in codecs if is_forwarded(codec, kind)]
    if wanted is None:
        return next(iter(known), None)
    fitting = [codec for codec in known if codec.name.lower() == wanted.name]
    traits = _traits(wanted.parameters)
    return max(fitting, key=lambda codec: _agreement(traits, _traits(codec.parameters)), default=None)


def own(wanted: Format) -> tuple[Codec, Codec | None]:
    """Return a format and its repetition (RFC 4588) as the server's own offers number them."""
    number = _OWN_NUMBERS[wanted.name]
    if wanted.name == "opus":
        return Codec(number, "opus", 48_000, 2, "minptime=10;useinbandfec=1"), None
    if wanted.name == "h264" and _traits(wanted.parameters)[0] == "0":
        number = _SINGLE_NAL_NUMBER
    name = wanted.mime.rpartition("/")[2]
    codec = Codec(number, name, 90_000, 1, _own_parameters(wanted))
    return codec, Codec(number + 1, "rtx", 90_000, 1, f"apt={number}")


def _own_parameters(wanted: Format) -> str:
    mode, profile, _ = _traits(wanted.parameters)
    if wanted.name == "vp9":
        return f"profile-id={profile if profile in _VP9_PROFILES else '0'}"
    if wanted.name == "h264":
        mode = "0" if mode == "0" else "1"
        return f"level-asymmetry-allowed=1;packetization-mode={mode};profile-level-id=42e01f"
    return ""


def _traits(parameters: str) -> tuple[str, str, str]:
    """Return packetization mode, VP9 profile and H.264 profile, with their defaults."""
    given = dict(parse_parameters(parameters))
    level = given.get("profile-level-id", "42e01f")
    return given.get("packetization-mode", "0"), given.get("profile-id", "0"), level[:_PROFILE_DIGITS].lower()


def _agreement(one: tuple[str, str, str], other: tuple[str, str, str]) -> int:
    return sum(a == b for a, b in zip(one, other, strict=True))


def redundant(codecs: Iterable[Codec], opus: Codec) -> Codec | None:
    """Return the codec that carries this Opus with its repetition (RFC 2198)."""
    means = f"{opus.payload_type}/{opus.payload_type}"
    return next((one for one in codecs if one.name.lower() == RED and one.parameters.startswith(means)), None)


def own_redundant(opus: Codec) -> Codec:
    """Return that codec as the server's own offers number it."""
    return Codec(_RED_NUMBER, RED, opus.clock_rate, opus.channels, f"{opus.payload_type}/{opus.payload_type}")
