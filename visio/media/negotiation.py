"""Offer and answer: what this server takes of a peer's offer, and what it offers itself (RFC 3264, 8829, 8843)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from visio.media import extensions, formats
from visio.media.formats import Format
from visio.media.sdp import Codec, SdpError, Section, SessionDescription, parse_parameters
from visio.media.sections import DownSection, Kind, UpSection

MESSAGE_MAX_BYTES = 65_536
SCTP_PORT = 5000
DATA_MID = "data"
DATA_PROTOCOL = "UDP/DTLS/SCTP"
RID_ORDER = {"q": 0, "h": 1, "f": 2}
FEEDBACK = {
    "audio": ("nack", "transport-cc"),
    "video": ("transport-cc", "ccm fir", "nack", "nack pli"),
}
UNNAMED_FEEDBACK = "nack"  # offers of libwebrtc leave it out for sound, but an answer that has it is obeyed
OWN_EXTENSIONS = {extensions.TRANSPORT_SEQUENCE: 3}
OWN_DESCRIPTOR = {extensions.DEPENDENCY_DESCRIPTOR: 4}  # with formats that need it: the peer reads it with any
HASHES = ("sha-256", "sha-384", "sha-512")
OPPOSITE = {"sendonly": "recvonly", "recvonly": "sendonly", "sendrecv": "sendrecv", "inactive": "inactive"}


@dataclass(frozen=True, slots=True)
class LocalParameters:
    """What the server announces of a transport; `candidates` are values of the candidate attribute."""

    ufrag: str
    password: str
    fingerprint: str
    candidates: tuple[str, ...]
    session: int = 1
    message_max_bytes: int = MESSAGE_MAX_BYTES


@dataclass(frozen=True, slots=True)
class RemoteParameters:
    """What a transport must know of its peer; `sctp_port` is None without a data section."""

    ufrag: str
    password: str
    fingerprints: tuple[tuple[str, str], ...]
    sctp_port: int | None = None
    message_max_bytes: int = MESSAGE_MAX_BYTES


@dataclass(frozen=True, slots=True)
class Sending:
    """A track that the server sends: the client reads its source from the stream and track names."""

    stream: str
    track: str
    ssrc: int
    cname: str
    rtx_ssrc: int | None = None
    format: Format | None = None
    """What its publisher sends; None for the format that everybody has."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A media section of the server's own offer; without a track it waits for its next one, unless it is stopped."""

    mid: str
    kind: Kind
    sending: Sending | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the publisher of a track asked for."""

    stereo: bool = False
    dtx: bool = True
    red: bool = True
    format: Format | None = None


@dataclass(frozen=True, slots=True)
class Negotiated:
    """What was settled for one media section; `direction` is the server's, `msid` the peer's stream and track."""

    mid: str
    kind: Kind
    direction: str
    msid: tuple[str, str] | None = None
    up: UpSection | None = None
    down: DownSection | None = None


@dataclass(frozen=True, slots=True)
class _Choices:
    """What is the same for all sections of an answer."""

    local: LocalParameters
    sending: Mapping[str, Sending]
    wishes: Mapping[str, Wishes]
    opus: Wishes
    settled: list[Negotiated] = field(default_factory=list)


def remote_parameters(description: SessionDescription) -> RemoteParameters:
    """Return what the transport needs. Raise `SdpError` when the peer cannot be connected to."""
    used = [section for section in description.sections if not section.rejected]
    if not used:
        raise SdpError("every media section is rejected")
    if not {section.mid for section in used} <= set(description.bundle):
        raise SdpError("all media must be bundled on one transport")
    first = next((section for section in used if section.mid == description.bundle[0]), used[0])
    if not (4 <= len(first.ufrag) <= 256 and 22 <= len(first.password) <= 256):  # RFC 8839 section 5.4
        raise SdpError("ICE user fragment or password are missing or of a wrong length")
    if first.setup not in ("active", "actpass"):
        raise SdpError("the peer must be able to take the active DTLS role")
    data = next((section for section in used if section.kind == "application"), None)
    return RemoteParameters(
        ufrag=first.ufrag,
        password=first.password,
        fingerprints=_fingerprints(first),
        sctp_port=(data.sctp_port or SCTP_PORT) if data is not None else None,
        message_max_bytes=(data.message_max_bytes or MESSAGE_MAX_BYTES) if data is not None else MESSAGE_MAX_BYTES,
    )


def _fingerprints(section: Section) -> tuple[tuple[str, str], ...]:
    pairs = (value.split() for value in section.fingerprints)
    known = tuple((pair[0].lower(), pair[1].upper()) for pair in pairs if len(pair) == 2 and pair[0].lower() in HASHES)
    if not known:
        raise SdpError("no fingerprint of the peer's certificate")
    return known


def placeholders(description: SessionDescription) -> list[Section]:
    """Return the sections in which the peer only wants to receive."""
    media = (section for section in description.sections if section.kind != "application")
    return [section for section in media if section.direction == "recvonly" and _can_answer(section)]


def answer(
    offer: SessionDescription,
    local: LocalParameters,
    *,
    sending: Mapping[str, Sending] | None = None,
    wishes: Mapping[str, Wishes] | None = None,
    version: int = 1,
) -> tuple[SessionDescription, list[Negotiated]]:
    """Return the answer to a peer's offer and what it settles.

    `sending` says what to send in which section, `wishes` what publishers want of theirs, both by mid.
    """
    wished = wishes or {}
    published = [section.mid for section in offer.sections if section.kind == "audio" and "send" in section.direction]
    features = [wished.get(mid, Wishes()) for mid in published]
    choices = _Choices(local, sending or {}, wished, _shared(features))
    sections = [_answer_section(section, choices) for section in offer.sections]
    return _described(sections, local, version), choices.settled


def _shared(features: Collection[Wishes]) -> Wishes:
    """Return one choice for all audio: a payload type means the same in the whole bundle (RFC 8843 section 9.1)."""
    return Wishes(stereo=any(one.stereo for one in features), dtx=all(one.dtx for one in features))


def _described(sections: list[Section], local: LocalParameters, version: int) -> SessionDescription:
    used = [section for section in sections if not section.rejected]
    if used:
        used[0].candidates = local.candidates
    mids = tuple(section.mid for section in used)
    return SessionDescription(sections, bundle=mids, session=local.session, version=version, ice_lite=True)


def _can_answer(section: Section) -> bool:
    if section.rejected:
        return False
    if section.kind == "application":
        return section.protocol.endswith("DTLS/SCTP")
    return section.rtcp_mux and formats.best(section.codecs.values(), section.kind, None) is not None


def _answer_section(offered: Section, choices: _Choices) -> Section:
    if not _can_answer(offered):
        return _refused(offered)
    sending = choices.sending.get(offered.mid) if "recv" in offered.direction else None
    codec = _chosen(offered, sending, choices)
    if codec is None:
        return _data_section(offered.mid, choices.local, setup="passive", protocol=offered.protocol)
    if sending is not None and sending.format is not None and codec.name.lower() != sending.format.name:
        sending = None  # the peer cannot decode it
    section = _connected(offered.kind, offered.mid, choices.local, setup="passive")
    section.direction = _answered(offered.direction, sending)
    section.protocol = offered.protocol
    section.extensions = _answer_extensions(offered, codec)
    section.codecs = _answer_codecs(offered, codec, choices)
    up = _up_section(offered, section, codec) if "recv" in section.direction else None
    down = _send_in(section, sending) if sending is not None else None
    kind: Kind = "audio" if offered.kind == "audio" else "video"
    choices.settled.append(Negotiated(offered.mid, kind, section.direction, offered.msid, up, down))
    return section


def _refused(offered: Section) -> Section:
    protocol, formats = offered.protocol, offered.formats
    return Section(kind=offered.kind, mid=offered.mid, port=0, protocol=protocol, formats=formats, direction="inactive")


def _answered(offered: str, sending: Sending | None) -> str:
    direction = OPPOSITE[offered]
    if sending is None:
        return {"sendonly": "inactive", "sendrecv": "recvonly"}.get(direction, direction)
    return direction


def _connected(kind: str, mid: str, local: LocalParameters, *, setup: str) -> Section:
    return Section(
        kind=kind,
        mid=mid,
        ufrag=local.ufrag,
        password=local.password,
        fingerprints=[local.fingerprint],
        setup=setup,
        rtcp_mux=kind != "application",
    )


def _data_section(mid: str, local: LocalParameters, *, setup: str, protocol: str = DATA_PROTOCOL) -> Section:
    section = _connected("application", mid, local, setup=setup)
    section.protocol, section.formats = protocol, ("webrtc-datachannel",)
    section.sctp_port, section.message_max_bytes = SCTP_PORT, local.message_max_bytes
    return section


def _chosen(section: Section, sending: Sending | None, choices: _Choices) -> Codec | None:
    """Return the codec of what is sent or published in a section, else the first that is forwarded; None for data."""
    wish = choices.wishes.get(section.mid, Wishes()).format
    wanted = sending.format if sending is not None else wish
    codecs = section.codecs.values()
    return formats.best(codecs, section.kind, wanted) or formats.best(codecs, section.kind, None)


def _answer_extensions(offered: Section, codec: Codec) -> dict[str, int]:
    """Return what is known of the offered ones.

    Where a frame has a dependency descriptor, libwebrtc leaves picture numbers and layers out of VP8's own descriptor.
    """
    known = {uri: number for uri, number in offered.extensions.items() if uri in extensions.SUPPORTED}
    if codec.name.lower() == "vp8" and "send" in offered.direction:
        known.pop(extensions.DEPENDENCY_DESCRIPTOR, None)
    return known


def _repeating(section: Section, codec: Codec) -> Codec | None:
    repeats = (one for one in section.codecs.values() if one.name.lower() == "rtx")
    return next((one for one in repeats if one.associated == codec.payload_type), None)


def _answer_codecs(offered: Section, codec: Codec, choices: _Choices) -> dict[int, Codec]:
    """Return the chosen codec and what repeats it; a peer sends with the first one."""
    feedback = [value for value in FEEDBACK[offered.kind] if value in (*codec.feedback, UNNAMED_FEEDBACK)]
    sound = offered.kind == "audio"
    parameters = _opus_parameters(codec.parameters, choices.opus) if sound else codec.parameters
    chosen = Codec(codec.payload_type, codec.name, codec.clock_rate, codec.channels, parameters, feedback)
    repeating = _repeating(offered, codec)
    if sound and choices.wishes.get(offered.mid, Wishes()).red:
        red = formats.redundant(offered.codecs.values(), codec)
        repeating, chosen = (chosen, red) if red is not None and "send" in offered.direction else (red, chosen)
    return {one.payload_type: one for one in (chosen, repeating) if one is not None}


def _opus_parameters(offered: str, features: Wishes) -> str:
    kept = [pair for pair in parse_parameters(offered) if pair[0] not in ("stereo", "sprop-stereo", "usedtx")]
    kept += [("stereo", "1")] if features.stereo else []
    kept += [("usedtx", "1")] if features.dtx else []
    return ";".join(f"{name}={value}" for name, value in kept)


def _up_section(offered: Section, section: Section, codec: Codec) -> UpSection:
    """Return what the packet path must know of an arriving track, and accept its simulcast layers in `section`."""
    rids = [rid for rid, direction in offered.rids.items() if direction == "send"]
    if rids and "send" in offered.simulcast:
        section.rids = dict.fromkeys(rids, "recv")
        section.simulcast = {"recv": offered.simulcast["send"]}
    repeating = _repeating(offered, codec)
    pairs = [numbers for name, numbers in offered.groups if name == "FID" and len(numbers) == 2]
    repeats = {second for _, second in pairs}
    ssrcs = tuple(ssrc for ssrc in offered.ssrcs if ssrc not in repeats)
    by_ssrc = dict(pairs)
    return UpSection(
        mid=offered.mid,
        kind="audio" if offered.kind == "audio" else "video",
        codec=f"{offered.kind}/{codec.name}",
        payload_type=codec.payload_type,
        clock_rate=codec.clock_rate,
        parameters=codec.parameters,
        rtx_payload_type=repeating.payload_type if repeating is not None else None,
        red_payload_type=_number_of_red(section),
        extensions=section.extensions,
        rids=tuple(sorted(rids, key=lambda rid: RID_ORDER.get(rid, len(RID_ORDER)))),
        ssrcs=ssrcs,
        rtx_ssrcs=tuple(by_ssrc[ssrc] for ssrc in ssrcs if ssrc in by_ssrc),
    )


def _send_in(section: Section, sending: Sending) -> DownSection:
    """Announce the track in `section` and return what the packet path must know of it."""
    codec = next(one for one in section.codecs.values() if one.name.lower() not in ("rtx", formats.RED))
    repeating = _repeating(section, codec)
    rtx = repeating.payload_type if repeating is not None and sending.rtx_ssrc is not None else None
    section.msid = (sending.stream, sending.track)
    attributes = {"cname": sending.cname, "msid": f"{sending.stream} {sending.track}"}
    section.ssrcs = {sending.ssrc: attributes}
    if rtx is not None and sending.rtx_ssrc is not None:
        section.ssrcs[sending.rtx_ssrc] = attributes
        section.groups = [("FID", (sending.ssrc, sending.rtx_ssrc))]
    return DownSection(
        mid=section.mid,
        payload_type=codec.payload_type,
        ssrc=sending.ssrc,
        cname=sending.cname,
        rtx_payload_type=rtx,
        rtx_ssrc=sending.rtx_ssrc if rtx is not None else None,
        red_payload_type=_number_of_red(section),
        extensions=section.extensions,
    )


def _number_of_red(section: Section) -> int | None:
    return next((number for number, one in section.codecs.items() if one.name.lower() == formats.RED), None)


def offer(
    local: LocalParameters, slots: Sequence[Slot], *, version: int = 1
) -> tuple[SessionDescription, list[Negotiated]]:
    """Return the server's own offer: the data section, then the slots in their order, and what it proposes."""
    sections, proposed = [_data_section(DATA_MID, local, setup="actpass")], []
    for slot in slots:
        if slot.stopped:
            sections.append(Section(slot.kind, slot.mid, port=0, codecs=_own_codecs(slot), direction="inactive"))
            continue
        section = _connected(slot.kind, slot.mid, local, setup="actpass")
        section.codecs, section.extensions = _own_codecs(slot), _own_extensions(slot)
        section.direction = "sendonly" if slot.sending is not None else "inactive"
        down = _send_in(section, slot.sending) if slot.sending is not None else None
        sections.append(section)
        proposed.append(Negotiated(slot.mid, slot.kind, section.direction, down=down))
    return _described(sections, local, version), proposed


def _own_extensions(slot: Slot) -> dict[str, int]:
    wanted = slot.sending.format if slot.sending is not None else None
    return OWN_EXTENSIONS | OWN_DESCRIPTOR if wanted is not None and wanted.name == "av1" else dict(OWN_EXTENSIONS)


def _own_codecs(slot: Slot) -> dict[int, Codec]:
    wanted = slot.sending.format if slot.sending is not None else None
    default = formats.default(slot.kind)
    codec, repeating = formats.own(wanted or default)
    if slot.kind == "audio":
        repeating = formats.own_redundant(codec)
    pairs = [(codec, repeating)]
    if wanted is not None and wanted.name != default.name:
        pairs.append(formats.own(default))  # who cannot decode the other one would refuse the section for good
    for one, _ in pairs:
        one.feedback = list(FEEDBACK[slot.kind])
    return {one.payload_type: one for pair in pairs for one in pair if one is not None}


def accepted(
    offered: SessionDescription, answered: SessionDescription, proposed: Sequence[Negotiated]
) -> list[Negotiated]:
    """Return what the peer took of the server's offer. Raise `SdpError` when its answer does not fit the offer."""
    if [section.mid for section in offered.sections] != [section.mid for section in answered.sections]:
        raise SdpError("the answer does not have the sections of the offer")
    by_mid = {section.mid: section for section in answered.sections if not section.rejected}
    return [_agreed(one, by_mid[one.mid]) for one in proposed if one.mid in by_mid and _fits(one, by_mid[one.mid])]


def undecodable(sections: Sequence[Section], names: Collection[str] = formats.FORWARDED["video"]) -> set[str]:
    """Name the picture formats, of those with these `names`, that a peer does not take in any of its sections."""
    found = [
        {codec.name.lower() for codec in section.codecs.values()}
        for section in sections
        if section.kind == "video" and "recv" in section.direction and not section.rejected
    ]
    return set(names).difference(*found) if found else set()


def _agreed(proposed: Negotiated, section: Section) -> Negotiated:
    """Leave out the header extensions, and the repetition of sound, that the peer did not take."""
    if proposed.down is None:
        return proposed
    taken = {uri: number for uri, number in proposed.down.extensions.items() if uri in section.extensions}
    red = proposed.down.red_payload_type if proposed.down.red_payload_type in section.codecs else None
    return replace(proposed, down=replace(proposed.down, extensions=taken, red_payload_type=red))


def _fits(proposed: Negotiated, section: Section) -> bool:
    if proposed.down is None:
        return True
    return "recv" in section.direction and proposed.down.payload_type in section.codecs
