"""The contract between web and media: typed messages, their encoding, the registry's key names.

Everything here travels over the channel layer (msgpack of the dictionaries that `encode` makes) or names a
key in Valkey. Web sends *orders* to the worker's channel; the worker sends *reports* to the channel that an
order named. Pub/sub may lose messages: frames are numbered per connection and direction, and whoever sees a
gap ends the connection, so that the client resumes and gets the whole state anew.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, ClassVar

VERSION = 4
FRAME_MAX_BYTES = 1536 * 1024
"""Largest signalling message taken from a client: with 200 sounds and 150 pictures Chromium's offer has 0.95 MB, and
with the answer to it in a `sync_state` 1.3 MB."""

HEARTBEAT_MS = 500
WORKER_TTL_MS = 2_000
"""Three heartbeats may be late; when a worker counts as dead says visio/signalling/vigil.py."""


DETAILS = ("brief", "summary", "full")
"""Who is there; also how each is doing; also every subscription, which are as many as the square of the people."""


class WireError(ValueError):
    """A message that this version of the contract does not know or that is not well formed."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one participant is and may do, as Django decided it. Sources use LiveKit's names (`camera`, …)."""

    identity: str
    name: str = ""
    metadata: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    can_publish: bool = True
    can_subscribe: bool = True
    can_publish_data: bool = True
    sources: tuple[str, ...] = ()
    can_update_metadata: bool = False
    hidden: bool = False
    private_chat: bool = True
    """Whether data may be for some people only; without `can_publish_data` there is none at all."""
    files: bool = True
    """Whether streams of bytes, which are files, may be sent to other clients."""

    def digest(self) -> str:
        """Give a short text that another grant does not have."""
        said = json.dumps(dataclasses.asdict(self), sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class About:
    """What clients are told of a room besides who is in it. Without a `name` it is called by its id.

    `max_participants` is 0 where only the worker's own limit counts.
    """

    name: str = ""
    metadata: str = ""
    max_participants: int = 0
    created_ms: int = 0


# --- orders: web to media -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Connect:
    """A client's socket is open: join the room, or resume when `join` says reconnect.

    `session` is the lasting conversation; `channel` is this one socket and the address of all reports to it.
    `join` is a serialised `livekit.JoinRequest` whatever the client's path was; `single` is true for /rtc/v1.
    """

    TYPE: ClassVar[str] = "media.connect"
    session: str
    channel: str
    room: str
    room_name: str
    grant: Grant
    single: bool
    join: bytes
    about: About = field(default_factory=About)


@dataclass(frozen=True, slots=True)
class Signal:
    """One serialised `livekit.SignalRequest`; `sequence` counts from 1 per `channel`."""

    TYPE: ClassVar[str] = "media.signal"
    session: str
    channel: str
    sequence: int
    frame: bytes


@dataclass(frozen=True, slots=True)
class Disconnect:
    """The socket behind `channel` closed without a goodbye; the participant may resume for a while."""

    TYPE: ClassVar[str] = "media.disconnect"
    session: str
    channel: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Put a session out of the room for good. `reason` is a `livekit.DisconnectReason` number."""

    TYPE: ClassVar[str] = "media.remove"
    room: str
    session: str
    reason: int


@dataclass(frozen=True, slots=True)
class CloseRoom:
    """End the room for everybody in it. `reason` is a `livekit.DisconnectReason` number."""

    TYPE: ClassVar[str] = "media.close_room"
    room: str
    reason: int


@dataclass(frozen=True, slots=True)
class Permit:
    """Replace a participant's rights; tracks that are no longer allowed are unpublished."""

    TYPE: ClassVar[str] = "media.permit"
    room: str
    session: str
    grant: Grant


@dataclass(frozen=True, slots=True)
class Mute:
    """Force a track to be muted (the client cannot undo it unless its grant allows the source).

    With a `request` it is answered with the serialised `livekit.TrackInfo`.
    """

    TYPE: ClassVar[str] = "media.mute"
    room: str
    session: str
    track: str
    muted: bool
    request: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Chat:
    """Say a line of the room's chat to LiveKit's clients, in the name of `identity`, to the identities `to` or to all.

    `id` stays the same when the line is edited or deleted.
    """

    TYPE: ClassVar[str] = "media.chat"
    room: str
    identity: str
    id: str
    text: str
    at_ms: int
    to: tuple[str, ...] = ()
    reply_to: str = ""
    edited: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Dump:
    """Ask for the description of one room (or, with an empty `room`, of the worker) in one of DETAILS.

    Of the `participant` with this sid everything is described, whatever the detail.
    """

    TYPE: ClassVar[str] = "media.dump"
    request: str
    channel: str
    room: str
    detail: str = "full"
    participant: str = ""


# --- questions: orders that an `Answer` on `channel` follows --------------------------------------------


@dataclass(frozen=True, slots=True)
class Describe:
    """Ask who is in `room`: the answer is a serialised `livekit.JoinResponse` with `room` and `other_participants`.

    Without a room, ask which rooms the worker has: the answer is a serialised `livekit.ListRoomsResponse`.
    """

    TYPE: ClassVar[str] = "media.describe"
    request: str
    channel: str
    room: str


@dataclass(frozen=True, slots=True)
class Update:
    """Change what a participant is: an empty text leaves as it is, an empty attribute deletes.

    `grant` holds what the session may and is from now on. The answer is the serialised `livekit.ParticipantInfo`.
    """

    TYPE: ClassVar[str] = "media.update"
    request: str
    channel: str
    room: str
    session: str
    grant: Grant
    name: str
    metadata: str
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Announce:
    """Replace what clients are told of the room. The answer is the serialised `livekit.Room`."""

    TYPE: ClassVar[str] = "media.announce"
    request: str
    channel: str
    room: str
    about: About


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Begin or end the delivery of `tracks` (sids) to a participant. The answer is empty."""

    TYPE: ClassVar[str] = "media.subscribe"
    request: str
    channel: str
    room: str
    session: str
    tracks: tuple[str, ...]
    subscribe: bool


@dataclass(frozen=True, slots=True)
class Say:
    """Send a serialised `livekit.UserPacket` from the server, to everybody or to those named. The answer is empty."""

    TYPE: ClassVar[str] = "media.say"
    request: str
    channel: str
    room: str
    packet: bytes
    reliable: bool
    identities: tuple[str, ...]
    sids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """Call a method that the client of a participant has registered. The answer is its result, as UTF-8."""

    TYPE: ClassVar[str] = "media.call"
    request: str
    channel: str
    room: str
    session: str
    method: str
    payload: str
    timeout_ms: int


# --- reports: media to web ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frames:
    """Serialised `livekit.SignalResponse`s in order; `sequence` numbers the first, the others follow it."""

    TYPE: ClassVar[str] = "worker.frames"
    channel: str
    sequence: int
    frames: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Close:
    """Close the client's socket. `code` is a WebSocket close code, `reason` is for the log."""

    TYPE: ClassVar[str] = "worker.close"
    channel: str
    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The worker is draining and does not take the room of this `Connect`: ask another one."""

    TYPE: ClassVar[str] = "worker.elsewhere"
    channel: str


@dataclass(frozen=True, slots=True)
class Dumped:
    """The answer to `Dump`: `body` is JSON text."""

    TYPE: ClassVar[str] = "worker.dumped"
    request: str
    body: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: `body`, or an `error` (a Twirp code) with a `reason` in words.

    `rpc` is the number of the error that a called client gave, 0 for none.
    """

    TYPE: ClassVar[str] = "worker.answer"
    request: str
    body: bytes = b""
    error: str = ""
    reason: str = ""
    rpc: int = 0


Question = Describe | Update | Announce | Subscribe | Say | Call | Mute
Order = Connect | Signal | Disconnect | Remove | CloseRoom | Permit | Chat | Dump | Question
Report = Frames | Close | Elsewhere | Dumped | Answer
Message = Order | Report

MESSAGES: dict[str, type[Any]] = {
    kind.TYPE: kind
    for kind in (
        *(Connect, Signal, Disconnect, Remove, CloseRoom, Permit, Chat, Mute, Dump),
        *(Describe, Update, Announce, Subscribe, Say, Call),
        *(Frames, Close, Elsewhere, Dumped, Answer),
    )
}
LISTS = ("frames", "tracks", "identities", "sids", "to")


def encode(message: Message) -> dict[str, Any]:
    """Give the dictionary that goes on the channel layer; its `type` also names the consumer's handler."""
    return {"type": message.TYPE, "v": VERSION, **dataclasses.asdict(message)}


def decode(payload: dict[str, Any]) -> Message:
    """Give the message that `payload` holds. Raise `WireError` for an unknown type, version or field."""
    if payload.get("v") != VERSION:
        raise WireError(f"wire version {payload.get('v')!r} is not {VERSION}")
    kind = MESSAGES.get(str(payload.get("type")))
    if kind is None:
        raise WireError(f"unknown message type {payload.get('type')!r}")
    values = {name: value for name, value in payload.items() if name not in ("type", "v")}
    try:
        message = kind(**_restore(values))
    except TypeError as error:
        raise WireError(f"{kind.__name__}: {error}") from error
    return message  # type: ignore[no-any-return]


def _restore(values: dict[str, Any]) -> dict[str, Any]:
    """Undo what msgpack does to nested values: dictionaries become grants again, lists become tuples."""
    if isinstance(values.get("grant"), dict):
        grant = dict(values["grant"])
        grant["sources"] = tuple(grant.get("sources", ()))
        values["grant"] = Grant(**grant)
    if isinstance(values.get("about"), dict):
        values["about"] = About(**values["about"])
    for name in LISTS:
        if isinstance(values.get(name), list):
            values[name] = tuple(values[name])
    return values


# --- the registry in Valkey -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a worker says of itself. `load` is the share of one core that it uses; `lag_ms`, how late its clock was.

    A `draining` worker takes no new rooms; one that it still owns is its own until it releases it.
    """

    id: str
    rooms: int = 0
    participants: int = 0
    load: float = 0.0
    packets_per_s: int = 0
    draining: bool = False
    lag_ms: int = 0

    def to_json(self) -> str:
        """Give the text that is kept in Valkey."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Heartbeat:
        """Read a heartbeat; what a newer worker says besides is left out."""
        said = json.loads(text)
        return cls(**{name.name: said[name.name] for name in dataclasses.fields(cls) if name.name in said})


def workers_key(prefix: str) -> str:
    """Name the set of worker ids that have ever registered; a reader drops those without a heartbeat."""
    return f"{prefix}:workers"


def worker_key(prefix: str, worker: str) -> str:
    """Name the heartbeat of a worker: the JSON of a `Heartbeat`, living WORKER_TTL_MS."""
    return f"{prefix}:worker:{worker}"


def room_key(prefix: str, room: str) -> str:
    """Name the key that holds the id of the worker that owns `room`."""
    return f"{prefix}:room:{room}"


def worker_channel(prefix: str, worker: str) -> str:
    """Name the channel on which a worker takes orders."""
    return f"{prefix}.media.{worker}"


CLAIM_ROOM = """
local owner = redis.call('GET', KEYS[1])
if owner and redis.call('EXISTS', ARGV[1] .. owner) == 1 then return owner end
redis.call('SET', KEYS[1], ARGV[2])
return ARGV[2]
"""
"""Lua: KEYS[1] room key; ARGV[1] prefix of worker keys, ARGV[2] candidate. Give the room's living owner."""

RELEASE_ROOM = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""
"""Lua: KEYS[1] room key; ARGV[1] worker id. Forget the room if that worker still owns it."""


def broker_key_prefix(prefix: str) -> str:
    """Give the first part of the keys of Celery's queues, so that installations can share one Valkey."""
    return f"{prefix}.celery."


TASK_LEFT = "visio.signalling.tasks.participant_left"
"""Celery task that a worker calls for each participant that is gone.

(session, latest channel, reason number, milliseconds spoken that `TASK_SPOKE` has not told)
"""

TASK_SPOKE = "visio.signalling.tasks.spoke"
"""Celery task that a worker calls now and then: ({session: milliseconds that its participant spoke since then})."""

TASK_SPOKEN = "visio.live.tasks.spoken"
"""Celery task that a worker calls for each line of chat of a LiveKit client: (worker id, number from 1, session, line).

The line is a dictionary: `id` (the client's), `text`, `to` (identities, empty for everybody), `reply_to`, `edited`,
`deleted`.
"""

TASK_HAPPENED = "visio.integration.tasks.happened"
"""Celery task that a worker calls with what happened in rooms: (worker id, number of the report from 1, events).

Each event is a dictionary of Visio's ids of `room` and `session`, and a `livekit.WebhookEvent` as protobuf JSON.
"""


def room_sid(room: str) -> str:
    """Give what clients and integrators know as the sid of the room with the id `room`."""
    digest = hashlib.sha256(room.encode()).digest()[:12]
    return "RM_" + base64.b32encode(digest).decode("ascii").rstrip("=").lower()
