"""Remote calls from the server to a client: the request as a data packet, its answer, and the time without one."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from livekit.protocol import models

from visio import wire
from visio.media.participant import Participant

CALLER = "server"
"""The identity that clients see as the caller."""
ACK_S = 7.0
"""A client acknowledges at once; past this it has no connection (as in LiveKit's clients)."""
PENDING_MAX = 1_000
"""Calls of one room that wait for their answer."""
VERSION = 1
CONNECTION_TIMEOUT, RESPONSE_TIMEOUT, RECIPIENT_DISCONNECTED, SEND_FAILED, UNSUPPORTED_METHOD = (
    1501,
    1502,
    1503,
    1505,
    1400,
)
CODES = {
    CONNECTION_TIMEOUT: "deadline_exceeded",
    RESPONSE_TIMEOUT: "deadline_exceeded",
    RECIPIENT_DISCONNECTED: "unavailable",
    SEND_FAILED: "unavailable",
    UNSUPPORTED_METHOD: "unimplemented",
}
"""LiveKit's numbers of failed calls, as Twirp says them; all others are the called program's own."""


@dataclass(slots=True)
class Pending:
    """A call without an answer yet; times are monotonic seconds."""

    who: Participant
    answer: Callable[[wire.Answer], None]
    request: str
    until: float
    acknowledged_until: float

    def end(self, *, body: bytes = b"", rpc: int = 0, reason: str = "") -> None:
        """Give the answer."""
        error = CODES.get(rpc, "aborted") if rpc else ""
        self.answer(wire.Answer(self.request, body=body, error=error, reason=reason, rpc=rpc))


class Calls:
    """The calls of one room."""

    def __init__(self) -> None:
        self._pending: dict[str, Pending] = {}

    def begin(self, who: Participant, question: wire.Call, answer: Callable[[wire.Answer], None], now: float) -> None:
        """Send the request; `answer` is called once, sooner or later."""
        name, until = uuid.uuid4().hex, now + question.timeout_ms / 1000
        pending = Pending(who, answer, question.request, until, min(until, now + ACK_S))
        request = models.RpcRequest(
            id=name,
            method=question.method,
            payload=question.payload,
            response_timeout_ms=question.timeout_ms,
            version=VERSION,
        )
        if len(self._pending) >= PENDING_MAX:
            answer(wire.Answer(question.request, error="resource_exhausted", reason="too many calls wait for answers"))
            return
        packet = models.DataPacket(participant_identity=CALLER, rpc_request=request)
        if not who.send_data("_reliable", packet.SerializeToString()):
            pending.end(rpc=SEND_FAILED, reason="the participant has no open data channel")
            return
        self._pending[name] = pending

    def take(self, who: Participant, packet: models.DataPacket) -> bool:
        """Take a packet that belongs to one of the calls; tell whether it did."""
        kind = packet.WhichOneof("value")
        if kind == "rpc_ack" and self._of(who, packet.rpc_ack.request_id):
            self._pending[packet.rpc_ack.request_id].acknowledged_until = float("inf")
            return True
        if kind == "rpc_response" and (pending := self._of(who, packet.rpc_response.request_id)):
            del self._pending[packet.rpc_response.request_id]
            _finish(pending, packet.rpc_response)
            return True
        return False

    def tick(self, now: float) -> None:
        """End the calls whose time is over or whose client is gone."""
        for name, pending in list(self._pending.items()):
            if now >= min(pending.until, pending.acknowledged_until):
                del self._pending[name]
                acknowledged = pending.acknowledged_until == float("inf")
                rpc = RESPONSE_TIMEOUT if acknowledged else CONNECTION_TIMEOUT
                pending.end(rpc=rpc, reason="no answer in time" if acknowledged else "the participant did not react")

    def leave(self, who: Participant) -> None:
        """End the calls to somebody who is gone."""
        for name in [name for name, pending in self._pending.items() if pending.who is who]:
            self._pending.pop(name).end(rpc=RECIPIENT_DISCONNECTED, reason="the participant left")

    def _of(self, who: Participant, name: str) -> Pending | None:
        """Give a call by its id, if it was made to `who`: nobody answers for somebody else."""
        pending = self._pending.get(name)
        return pending if pending is not None and pending.who is who else None


def _finish(pending: Pending, response: models.RpcResponse) -> None:
    if response.WhichOneof("value") == "error":
        pending.end(rpc=response.error.code or 1500, reason=response.error.message)
    else:
        pending.end(body=response.payload.encode())
