"""The frames of the notes' socket: Yjs's sync protocol, of which nothing is believed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from pycrdt import YMessageType, YSyncMessageType, write_message

from visio.live import yjs
from visio.live.models.notes import ROOT

FRAME_MAX_BYTES = 256 * 1024
STATE_MAX_BYTES = 16 * 1024
"""Of a state vector, which has a clock for each browser that ever wrote."""
FRAMES_PER_S = 10
BURST = 50
BYTES_PER_S = 64 * 1024
BYTES_BURST = FRAME_MAX_BYTES + STATE_MAX_BYTES
"""The largest frame may come right after the state with which a browser begins."""
EMPTY = b"\x00\x00"
"""The update that changes nothing."""


class Step(IntEnum):
    """What a frame of Yjs's sync protocol is."""

    STATE = YSyncMessageType.SYNC_STEP1
    MISSING = YSyncMessageType.SYNC_STEP2
    UPDATE = YSyncMessageType.SYNC_UPDATE


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: which step of the protocol, and a state vector or an update."""

    step: Step
    content: bytes


def changes(data: bytes) -> bool:
    """Say whether a frame, which need not be readable, is one that changes the document."""
    return data[1:2] != bytes((Step.STATE,)) and data[2:] != write_message(EMPTY)


def read(data: bytes) -> Frame:
    """Give the message in a binary frame. Raise `UnreadableError` for anything that Yjs should not see."""
    reader = yjs.Reader(data)
    if reader.byte() != YMessageType.SYNC:
        raise yjs.UnreadableError
    step, length = reader.number(max(Step)), reader.count()
    content = data[reader.place :]
    if length != len(content):
        raise yjs.UnreadableError
    if step == Step.STATE:
        if length > STATE_MAX_BYTES:
            raise yjs.UnreadableError
        yjs.check_state(content)
    else:
        yjs.check_update(content, ROOT)
    return Frame(Step(step), content)


def write(step: Step, content: bytes) -> bytes:
    """Give the frame of a message."""
    return bytes((YMessageType.SYNC, step)) + write_message(content)
