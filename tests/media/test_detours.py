"""The way that a client wants to try."""

from __future__ import annotations

import json

import pytest
from livekit.protocol import models, rtc

from tests.media.hall import Hall
from tests.media.test_trickle import CANDIDATES, offer
from visio.media.detours import KEPT, Detour, Detours
from visio.media.relays import Relays
from visio.media.terms import Terms


def test_it_works() -> None:
    """What a session asked for counts for its next connection, and only for that."""
    detours = Detours()
    detours.ask("session", Detour.TCP)
    assert [detours.take(name) for name in ("other", "session", "session")] == [Detour.NONE, Detour.TCP, Detour.NONE]


def test_those_who_never_come_back_are_forgotten() -> None:
    """Of many, the oldest first."""
    detours = Detours()
    for number in range(KEPT + 1):
        detours.ask(str(number), Detour.TCP)
    assert [detours.take(name) for name in ("0", "1")] == [Detour.NONE, Detour.TCP]


@pytest.mark.parametrize("single", [False, True])
async def test_a_client_that_wants_tcp_is_offered_nothing_else(single: bool) -> None:
    """It asks, says goodbye and joins anew, as `force-tcp` of LiveKit's connection check does."""
    hall = Hall()
    hall.mux.candidates = CANDIDATES
    alice = hall.enter("alice", single=single)
    alice.say(simulate=rtc.SimulateScenario(switch_candidate_protocol=rtc.CandidateProtocol.TCP))
    alice.say(leave=rtc.LeaveRequest())
    again = hall.enter("alice", single=single)
    offer(again)
    announced = [json.loads(one.candidateInit)["candidate"].split()[2] for one in again.responses("trickle")]
    assert announced == (["tcp"] if single else ["udp", "tcp", "tcp", "tcp"])


async def test_a_client_that_wants_tls_is_sent_through_a_relay() -> None:
    """When there is one."""
    for relays, expected in ((Relays(("turns:relay",), "secret"), "ENABLED"), (Relays(), "UNSET")):
        hall = Hall(Terms(relays=relays))
        alice = hall.enter("alice")
        alice.say(simulate=rtc.SimulateScenario(switch_candidate_protocol=rtc.CandidateProtocol.TLS))
        alice.say(leave=rtc.LeaveRequest())
        hall.enter("alice")
        setting = alice.responses("join")[-1].client_configuration.force_relay
        assert models.ClientConfigSetting.Name(setting) == expected
