"""The server's ICE candidates, sent one by one beside the description that holds them (wire protocol 2.8)."""

from __future__ import annotations

import json

from livekit.protocol import rtc

from visio.media.sdp import SessionDescription

Target = rtc.SignalTarget


def messages(description: SessionDescription, target: rtc.SignalTarget) -> list[rtc.SignalResponse]:
    """Give a message for each candidate of a description that was just sent.

    Whoever has the candidates from the description knows them already; some clients and LiveKit's own connection check
    only look at these messages. `target` says to which of the client's connections they belong.
    """
    found = ((index, section) for index, section in enumerate(description.sections) if section.candidates)
    return [
        rtc.SignalResponse(
            trickle=rtc.TrickleRequest(
                candidateInit=json.dumps({"candidate": candidate, "sdpMid": section.mid, "sdpMLineIndex": index}),
                target=target,
                final=candidate == section.candidates[-1],
            )
        )
        for index, section in found
        for candidate in section.candidates
    ]
