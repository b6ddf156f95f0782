"""What is kept of a gathering besides attendance: one module a topic."""

from __future__ import annotations

from visio.live.models.agenda import Agenda
from visio.live.models.chat import ChatFile, ChatMessage
from visio.live.models.freeze import Freeze
from visio.live.models.hands import Hand
from visio.live.models.lobby import LobbyText
from visio.live.models.log import Log
from visio.live.models.notes import Notes, NotesUpdate
from visio.live.models.polls import Ballot, Poll
from visio.live.models.spotlight import Spotlight

__all__ = [
    "Agenda",
    "Ballot",
    "ChatFile",
    "ChatMessage",
    "Freeze",
    "Hand",
    "LobbyText",
    "Log",
    "Notes",
    "NotesUpdate",
    "Poll",
    "Spotlight",
]
