"""The session descriptions of benchmark peers: what they offer, what they answer, what they read from a server's."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.peer import Peer, Remote
from visio.media import extensions, sdp
from visio.media.sections import Kind

PAYLOAD_TYPES: dict[Kind, int] = {"audio": 111, "video": 96}
RTX = 97
SSRCS: dict[Kind, int] = {"audio": 0xA0D10, "video": 0x71DE0}
EXTENSIONS = {extensions.MID: 4, extensions.AUDIO_LEVEL: 1, extensions.TRANSPORT_SEQUENCE: 3}
UNNUMBERED = {uri: number for uri, number in EXTENSIONS.items() if uri != extensions.TRANSPORT_SEQUENCE}
CODECS: dict[Kind, str] = {
    "audio": "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n",
    "video": "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 transport-cc\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n"
    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n",
}


@dataclass(frozen=True)
class Media:
    """One section: `sends` names the track that the peer publishes in it, "" for a section in which it receives."""

    mid: str
    kind: Kind
    sends: str = ""


def write(peer: Peer, sections: list[Media], *, setup: str, known: dict[str, int] = EXTENSIONS) -> str:
    """Return a description of these sections with the extensions that both sides know."""
    mids = " ".join(section.mid for section in sections)
    text = f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {mids}\r\na=msid-semantic: WMS *\r\n"
    return text + "".join(_section(peer, section, setup, known) for section in sections)


def _section(peer: Peer, section: Media, setup: str, known: dict[str, int]) -> str:
    payload_type = PAYLOAD_TYPES[section.kind]
    types = f"{payload_type} {RTX}" if section.kind == "video" else f"{payload_type}"
    text = f"m={section.kind} 9 UDP/TLS/RTP/SAVPF {types}\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n"
    text += f"a=mid:{section.mid}\r\na=ice-ufrag:{peer.ufrag}\r\na=ice-pwd:{peer.password}\r\n"
    text += f"a=fingerprint:{peer.fingerprint}\r\na=setup:{setup}\r\na=rtcp-mux\r\na=rtcp-rsize\r\n"
    text += "".join(f"a=extmap:{number} {uri}\r\n" for uri, number in known.items())
    text += CODECS[section.kind]
    if not section.sends:
        return text + "a=recvonly\r\n"
    source = f"a=ssrc:{SSRCS[section.kind]}"
    text += f"a=sendonly\r\na=msid:- {section.sends}\r\n"
    return text + f"{source} cname:bench\r\n{source} msid:- {section.sends}\r\n"


def remote(text: str) -> Remote:
    """Return where and how to reach the server: its first UDP candidate of version 4."""
    section = next(section for section in sdp.parse(text).sections if section.ufrag)
    for line in text.splitlines():
        words = line.removeprefix("a=candidate:").split()
        if line.startswith("a=candidate:") and words[2].lower() == "udp" and "." in words[4]:
            return Remote((words[4], int(words[5])), section.ufrag, section.password)
    raise SystemExit("the server announces no address of its own; is there a network interface besides loopback?")
