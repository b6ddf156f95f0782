"""SDP as WebRTC uses it: strict about what this server relies on, tolerant about the rest (RFC 8866, RFC 8829)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sized
from dataclasses import dataclass, field

from visio.media import limits

KINDS = ("audio", "video", "application")
CODING = ("a=rtpmap:", "a=fmtp:", "a=rtcp-fb:", "a=extmap:")
REPEATED_MAX = 32
"""Sources, groups of them and kinds of feedback of one section; three layers have nine sources."""
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_TOKEN = re.compile(r"[!#-'*+\-.0-9A-Z^-~]+")  # RFC 8866 section 9


class SdpError(ValueError):
    """A description that cannot be used; the message says why, and is safe to tell the client."""


@dataclass(slots=True)
class Codec:
    """One payload type of a section; `feedback` holds values such as "nack pli"."""

    payload_type: int
    name: str = ""
    clock_rate: int = 0
    channels: int = 1
    parameters: str = ""
    feedback: list[str] = field(default_factory=list)

    @property
    def associated(self) -> int | None:
        """The payload type that this one repeats (RFC 4588 section 8.6)."""
        value = dict(parse_parameters(self.parameters)).get("apt", "")
        return int(value) if value.isdigit() else None


@dataclass(slots=True)
class Section:
    """One m-section. `ssrcs` maps a source to its attributes; `groups` holds ssrc-groups such as ("FID", (1, 2))."""

    kind: str
    mid: str = ""
    port: int = 9
    protocol: str = "UDP/TLS/RTP/SAVPF"
    formats: tuple[str, ...] = ()
    direction: str = "sendrecv"
    codecs: dict[int, Codec] = field(default_factory=dict)
    extensions: dict[str, int] = field(default_factory=dict)
    msid: tuple[str, str] | None = None
    rids: dict[str, str] = field(default_factory=dict)
    simulcast: dict[str, str] = field(default_factory=dict)
    ssrcs: dict[int, dict[str, str]] = field(default_factory=dict)
    groups: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    ufrag: str = ""
    password: str = ""
    fingerprints: list[str] = field(default_factory=list)
    setup: str = ""
    candidates: tuple[str, ...] = ()
    sctp_port: int | None = None
    message_max_bytes: int | None = None
    rtcp_mux: bool = False
    bundle_only: bool = False

    @property
    def rejected(self) -> bool:
        """Whether the section is stopped or refused; port 0 with bundle-only is neither (RFC 8843 section 6)."""
        return self.port == 0 and not self.bundle_only


@dataclass(slots=True)
class SessionDescription:
    """A whole offer or answer."""

    sections: list[Section] = field(default_factory=list)
    bundle: tuple[str, ...] = ()
    session: int = 0
    version: int = 1
    ice_lite: bool = False

    def text(self) -> str:
        """Return the description as it is sent. Raise `SdpError` when a value would become a line of its own."""
        lines = ["v=0", f"o=- {self.session} {self.version} IN IP4 127.0.0.1", "s=-", "t=0 0"]
        lines += [f"a=group:BUNDLE {' '.join(self.bundle)}"] if self.bundle else []
        lines += ["a=ice-lite"] if self.ice_lite else []
        lines += ["a=extmap-allow-mixed", "a=msid-semantic: WMS *"]
        for section in self.sections:
            lines += _section_lines(section)
        text = "\r\n".join(lines) + "\r\n"
        if text.splitlines() != lines:
            raise SdpError("a value with a line break in it")
        return text


def is_token(text: str) -> bool:
    """Tell whether a text can stand among others on a line: as a mid, or as a part of an msid (RFC 8830 section 2)."""
    return _TOKEN.fullmatch(text) is not None


def parse(text: str) -> SessionDescription:
    """Read a description. Raise `SdpError` for one that is too large or damaged where it matters.

    Sections that say the same of codecs and extensions share these dictionaries: they are to be replaced, not changed.
    """
    if len(text) > limits.SDP_BYTES:
        raise SdpError("the session description is too long")
    lines = text.splitlines()
    if not lines or lines[0] != "v=0":
        raise SdpError("a session description starts with v=0")
    reader = _Reader()
    for line in lines:
        if line.startswith("m="):
            reader.begin(line[2:])
        elif line.startswith("a="):
            reader.take(line)
    return reader.end()


class _Reader:
    """Reads line by line. Hundreds of sections say the same of codecs and extensions in a large room; they share it."""

    def __init__(self) -> None:
        self._description = SessionDescription()
        self._section = self._defaults = Section(kind="session")
        self._coding: list[str] = []
        self._known: dict[tuple[str, ...], tuple[dict[int, Codec], dict[str, int]]] = {}

    def begin(self, value: str) -> None:
        """Go on with another section."""
        self._settle()
        self._section = _media_line(value, self._defaults)
        self._description.sections.append(self._section)
        if len(self._description.sections) > limits.SECTIONS:
            raise SdpError(f"more than {limits.SECTIONS} media sections")

    def take(self, line: str) -> None:
        """Read an attribute."""
        if self._section is not self._defaults and line.startswith(CODING):
            self._coding.append(line)
        elif self._section is self._defaults and line.startswith("a=group:BUNDLE"):
            self._description.bundle = tuple(line.split()[1:])
        else:
            _read_attribute(self._section, line[2:])

    def end(self) -> SessionDescription:
        """Give what was read."""
        self._settle()
        _check(self._description)
        return self._description

    def _settle(self) -> None:
        section, lines, self._coding = self._section, self._coding, []
        said = (section.kind, *section.formats, *lines)
        if said not in self._known:
            for line in lines:
                _read_attribute(section, line[2:])
            self._known[said] = section.codecs, section.extensions
        section.codecs, section.extensions = self._known[said]


def parse_parameters(text: str) -> list[tuple[str, str]]:
    """Return the parameters of an fmtp value in their order."""
    pairs = (part.strip().partition("=") for part in text.split(";") if part.strip())
    return [(name.strip().lower(), value.strip()) for name, _, value in pairs]


def _media_line(value: str, defaults: Section) -> Section:
    words = value.split()
    if len(words) < 4:
        raise SdpError("a media line without kind, port, protocol and formats")
    kind, port, protocol, *formats = words
    if kind not in KINDS:
        raise SdpError("a media section that is neither audio, video nor application")
    section = Section(kind=kind, port=_number(port, 65535), protocol=protocol, formats=tuple(formats))
    section.direction, section.setup = defaults.direction, defaults.setup
    section.ufrag, section.password = defaults.ufrag, defaults.password
    section.fingerprints = list(defaults.fingerprints)
    section.extensions = dict(defaults.extensions)
    if kind != "application":
        section.codecs = {number: Codec(number) for number in (_number(text, 127) for text in formats)}
    return section


def _check(description: SessionDescription) -> None:
    mids = [section.mid for section in description.sections]
    if not mids:
        raise SdpError("no media section")
    if len(set(mids)) != len(mids) or not all(map(is_token, mids)):
        raise SdpError("every media section needs a mid of its own, one word")


def _number(text: str, high: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= high):
        raise SdpError(f"{text[:20]!r} is not a number from 0 to {high}")
    return int(text)


def _bound(found: Sized, most: int, what: str) -> None:
    if len(found) > most:
        raise SdpError(f"more than {most} {what} in one section")


def _read_attribute(section: Section, line: str) -> None:
    name, _, value = line.partition(":")
    reader = READERS.get(name)
    if name in DIRECTIONS:
        section.direction = name
    elif reader is not None:
        reader(section, value.strip())


def _read_codec(section: Section, value: str) -> None:
    number, _, encoding = value.partition(" ")
    codec = section.codecs.get(_number(number, 127))
    name, rate, *channels = encoding.strip().split("/")[:3] if "/" in encoding else ("", "")
    if codec is None or not name:
        return
    codec.name, codec.clock_rate = name, _number(rate, 2**31)
    codec.channels = _number(channels[0], 255) if channels else 1


def _read_parameters(section: Section, value: str) -> None:
    number, _, parameters = value.partition(" ")
    codec = section.codecs.get(_number(number, 127))
    if codec is not None:
        codec.parameters = parameters.strip()


def _read_feedback(section: Section, value: str) -> None:
    number, _, feedback = value.partition(" ")
    chosen = list(section.codecs.values()) if number == "*" else [section.codecs.get(_number(number, 127))]
    for codec in chosen:
        if codec is not None:
            codec.feedback.append(feedback.strip())
            _bound(codec.feedback, REPEATED_MAX, "kinds of feedback")


def _read_extension(section: Section, value: str) -> None:
    words = value.split()
    if len(words) < 2:
        raise SdpError("an extmap without an address")
    number = _number(words[0].partition("/")[0], 4096)
    if 0 < number < 256:  # what the one-byte and two-byte forms can carry
        section.extensions[words[1]] = number


def _read_msid(section: Section, value: str) -> None:
    words = value.split()
    if len(words) >= 2:
        section.msid = words[0], words[1]


def _read_rid(section: Section, value: str) -> None:
    words = value.split()
    if len(words) < 2 or words[1] not in ("send", "recv") or not words[0].replace("-", "").replace("_", "").isalnum():
        raise SdpError("a rid without name or direction")
    section.rids[words[0]] = words[1]
    _bound(section.rids, limits.LAYERS, "layers")


def _read_simulcast(section: Section, value: str) -> None:
    words = value.split()
    section.simulcast = dict(zip(words[::2], words[1::2], strict=False))


def _read_ssrc(section: Section, value: str) -> None:
    number, _, attribute = value.partition(" ")
    name, _, content = attribute.strip().partition(":")
    section.ssrcs.setdefault(_number(number, 2**32 - 1), {})[name] = content
    _bound(section.ssrcs, REPEATED_MAX, "sources")


def _read_group(section: Section, value: str) -> None:
    semantics, *numbers = value.split() or [""]
    section.groups.append((semantics, tuple(_number(number, 2**32 - 1) for number in numbers)))
    _bound(section.groups, REPEATED_MAX, "groups of sources")


def _read_fingerprint(section: Section, value: str) -> None:
    section.fingerprints.append(value)


def _read_sctp_port(section: Section, value: str) -> None:
    section.sctp_port = _number(value, 65535)


def _read_message_size(section: Section, value: str) -> None:
    section.message_max_bytes = _number(value, 2**32)


def _keep(name: str) -> Callable[[Section, str], None]:
    def read(section: Section, value: str) -> None:
        setattr(section, name, value)

    return read


def _note(name: str) -> Callable[[Section, str], None]:
    def read(section: Section, _value: str) -> None:
        setattr(section, name, True)

    return read


READERS: dict[str, Callable[[Section, str], None]] = {
    "mid": _keep("mid"),
    "ice-ufrag": _keep("ufrag"),
    "ice-pwd": _keep("password"),
    "setup": _keep("setup"),
    "rtcp-mux": _note("rtcp_mux"),
    "bundle-only": _note("bundle_only"),
    "fingerprint": _read_fingerprint,
    "rtpmap": _read_codec,
    "fmtp": _read_parameters,
    "rtcp-fb": _read_feedback,
    "extmap": _read_extension,
    "msid": _read_msid,
    "rid": _read_rid,
    "simulcast": _read_simulcast,
    "ssrc": _read_ssrc,
    "ssrc-group": _read_group,
    "sctp-port": _read_sctp_port,
    "max-message-size": _read_message_size,
}


def _section_lines(section: Section) -> list[str]:
    formats = " ".join(section.formats or map(str, section.codecs))
    lines = [f"m={section.kind} {section.port} {section.protocol} {formats}", "c=IN IP4 0.0.0.0"]
    lines.append(f"a=mid:{_word(section.mid)}")
    if section.ufrag:
        lines += [f"a=ice-ufrag:{section.ufrag}", f"a=ice-pwd:{section.password}"]
    lines += [f"a=fingerprint:{one}" for one in section.fingerprints]
    lines += [f"a=setup:{section.setup}"] if section.setup else []
    lines += [f"a={candidate}" for candidate in section.candidates]
    return lines + (_data_lines(section) if section.kind == "application" else _media_lines(section))


def _word(value: str) -> str:
    if value.split() != [value]:
        raise SdpError("a name that is not one word")
    return value


def _data_lines(section: Section) -> list[str]:
    lines = [f"a=sctp-port:{section.sctp_port}"] if section.sctp_port is not None else []
    return lines + ([f"a=max-message-size:{section.message_max_bytes}"] if section.message_max_bytes else [])


def _media_lines(section: Section) -> list[str]:
    lines = [f"a={section.direction}"]
    lines += ["a=rtcp-mux", "a=rtcp-rsize"] if section.rtcp_mux else []
    lines += [f"a=extmap:{number} {uri}" for uri, number in section.extensions.items()]
    lines += [f"a=msid:{_word(section.msid[0])} {_word(section.msid[1])}"] if section.msid else []
    for codec in section.codecs.values():
        lines += _codec_lines(codec)
    lines += [f"a=rid:{rid} {direction}" for rid, direction in section.rids.items()]
    lines += [f"a=simulcast:{direction} {rids}" for direction, rids in section.simulcast.items()]
    lines += [f"a=ssrc-group:{name} {' '.join(map(str, numbers))}" for name, numbers in section.groups]
    for ssrc, attributes in section.ssrcs.items():
        lines += [f"a=ssrc:{ssrc} {name}:{value}" for name, value in attributes.items()]
    return lines


def _codec_lines(codec: Codec) -> list[str]:
    if not codec.name:
        return []
    channels = f"/{codec.channels}" if codec.channels > 1 else ""
    lines = [f"a=rtpmap:{codec.payload_type} {codec.name}/{codec.clock_rate}{channels}"]
    lines += [f"a=rtcp-fb:{codec.payload_type} {value}" for value in codec.feedback]
    return lines + ([f"a=fmtp:{codec.payload_type} {codec.parameters}"] if codec.parameters else [])
