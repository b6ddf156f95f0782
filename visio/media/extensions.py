"""RTP header extensions: the ones this server understands and how their elements are read (RFC 8285)."""

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
STREAM_ID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_STREAM_ID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
TRANSPORT_SEQUENCE = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
DEPENDENCY_DESCRIPTOR = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"

SUPPORTED = (MID, STREAM_ID, REPAIRED_STREAM_ID, AUDIO_LEVEL, TRANSPORT_SEQUENCE, DEPENDENCY_DESCRIPTOR)

ONE_BYTE_PROFILE = 0xBEDE
TWO_BYTE_PROFILE = 0x100  # the upper 12 bits; the lower four are the application's
TWO_BYTE_PLAIN = TWO_BYTE_PROFILE << 4


def read_elements(profile: int, block: bytes) -> dict[int, bytes]:
    """Return the elements of an extension block by id; what is cut off or unknown is left out."""
    if profile == ONE_BYTE_PROFILE:
        return _read_one_byte(block)
    if profile >> 4 == TWO_BYTE_PROFILE:
        return _read_two_byte(block)
    return {}


def _read_one_byte(block: bytes) -> dict[int, bytes]:
    elements: dict[int, bytes] = {}
    position, end = 0, len(block)
    while position < end:
        head = block[position]
        position += 1
        if head == 0:
            continue
        if head < 0x10 or head >= 0xF0:  # id 0 with a length, or id 15, ends the list (RFC 8285 section 4.2)
            break
        stop = position + (head & 0x0F) + 1
        if stop > end:
            break
        elements[head >> 4] = block[position:stop]
        position = stop
    return elements


def _read_two_byte(block: bytes) -> dict[int, bytes]:
    elements: dict[int, bytes] = {}
    position, end = 0, len(block)
    while position + 1 < end:
        if block[position] == 0:
            position += 1
            continue
        stop = position + 2 + block[position + 1]
        if stop > end:
            break
        elements[block[position]] = block[position + 2 : stop]
        position = stop
    return elements
