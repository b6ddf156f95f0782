"""What LiveKit's clients ask of a server to test it; of that, which way their connection is to take."""

from __future__ import annotations

from livekit.protocol import rtc

from visio.media.detours import Detour
from visio.media.participant import Participant
from visio.media.room import Room
from visio.media.signals.handler import Handler


def simulate(room: Room, who: Participant, message: rtc.SimulateScenario, now: float) -> None:  # noqa: ARG001
    """Keep the way that the client wants to try when it joins anew; everything else is for test servers."""
    if message.WhichOneof("scenario") == "switch_candidate_protocol":
        asked = message.switch_candidate_protocol
        if asked in (Detour.TCP.value, Detour.RELAY.value):
            room.services.detours.ask(who.session, Detour(asked))


HANDLERS: dict[str, Handler] = {"simulate": simulate}
