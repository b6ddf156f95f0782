"""What somebody inside may do, and why not; what hosts may change of it."""

from __future__ import annotations

from typing import Any

from visio.live import seat
from visio.live.handlers.room import TERMS_OF
from visio.live.seat import Seat
from visio.live.topic import Said
from visio.rooms.abilities import Action, RoomFacts, abilities
from visio.rooms.policy import Level, Policy
from visio.rooms.roles import Audience

TOLD = (
    Action.USE_MICROPHONE,
    Action.USE_CAMERA,
    Action.SHARE_SCREEN,
    Action.CHAT,
    Action.CHAT_PRIVATELY,
    Action.SEND_FILES,
    Action.INVITE,
    Action.RECORD,
    Action.TRANSCRIBE,
    Action.MANAGE_MEMBERS,
    Action.MANAGE_OWNERS,
)


def greet(here: Seat) -> list[Said]:
    """Tell somebody their role, and what is refused to them by which rule; a host also who may use which source."""
    room, login = here.room(), here.login()
    facts, person = room.facts, seat.person_of(here, room, login)
    may = abilities(facts, person)
    denied = {str(action): may[action].explanation for action in TOLD if not may[action].allowed}
    is_host = may[Action.MODERATE].allowed
    message = {"type": "room.rights", "host": is_host, "role": str(person.role or ""), "denied": denied}
    return [{**message, "lasting": not person.has_role_for_now, "sources": _sources(facts) if is_host else {}}]


def _sources(facts: RoomFacts) -> dict[str, dict[str, Any]]:
    return {source: _audience(facts.policy, term) for source, term in TERMS_OF.items()}


def _audience(policy: Policy, term: str) -> dict[str, Any]:
    """Give who may use something, and why a host cannot change it when a level above the room has decided."""
    audience, source = policy.audience(term), policy.source(term)
    is_locked = audience is not Audience.EVERYBODY and source.level is not Level.ROOM
    why = f"{source.set_by} {source.changed_by}" if is_locked else ""
    return {"audience": str(audience), "why": why}
