"""Every fuzz target by name, with the size of its inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz import CORPUS, conversation, legs, outside, packets, texts


@dataclass(frozen=True, slots=True)
class Target:
    """A check of any bytes, which raises when something does not hold; `max_bytes` bounds made-up inputs."""

    check: Callable[[bytes], None]
    max_bytes: int = 2048


TARGETS: dict[str, Target] = {
    "stun": Target(packets.read_stun),
    "rtp": Target(packets.read_rtp),
    "extensions": Target(packets.read_extensions),
    "rtcp": Target(packets.read_rtcp),
    "feedback": Target(packets.read_feedback),
    "transport_feedback": Target(packets.read_transport_feedback),
    "dependency": Target(packets.read_dependency, 255),
    "framing": Target(packets.read_framing, 8192),
    "sctp": Target(packets.guard_sctp),
    **{name: Target(check) for name, check in packets.codec_targets().items()},
    "legs": Target(legs.forward, 16_384),
    "sdp": Target(texts.read_sdp, 32_768),
    "sdp_names": Target(texts.write_sdp),
    "frame": Target(texts.read_frame, 16_384),
    "text_frame": Target(texts.read_text_frame, 16_384),
    "response": Target(texts.read_response, 16_384),
    "join": Target(texts.read_join, 16_384),
    "data": Target(texts.read_data, 16_384),
    "token": Target(outside.read_token, 16_384),
    "api_body": Target(outside.read_body, 16_384),
    "wire": Target(outside.read_wire, 8192),
    "conversation": Target(conversation.converse, 32_768),
}


def seeds(name: str) -> list[Path]:
    """Give the recorded inputs and the findings that were mended, of one target."""
    return sorted(path for path in (CORPUS / name).glob("*") if path.is_file())
