"""Polls: hosts ask, everybody in the meeting votes, hosts and (when shown) everybody see the result."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from visio.live import news, pace
from visio.live.models import Ballot, Poll
from visio.live.models.polls import OPTION_MAX, OPTIONS_MAX, POLLS_MAX, QUESTION_MAX, VoteError
from visio.live.protocol import Code, MessageError
from visio.live.seat import Seat
from visio.live.topic import Handlers, Said
from visio.rooms import names
from visio.rooms.abilities import Action
from visio.rooms.models import Room

NAMED_MAX = 100
"""Voters whose names are in a result; above it they are in the export only, so that a vote stays a small message."""
VOTES_MAX = 10
WINDOW_S = 10
"""So many votes of one person within so many seconds."""


def greet(here: Seat) -> list[Said]:
    """Tell of all polls of this gathering, and how this person voted."""
    gathering = here.gathering_or_none()
    polls = list(Poll.objects.filter(gathering=gathering)) if gathering else []
    mine = Ballot.objects.filter(poll__in=polls, identity=here.identity)
    return [
        {"type": "poll.list", "gathering": str(gathering.pk) if gathering else "", "polls": [state(p) for p in polls]},
        *({"type": "poll.voted", "poll": str(ballot.poll_id), "choices": ballot.choices} for ballot in mine),
    ]


def results(here: Seat) -> list[Said]:
    """Tell the results that this person may see."""
    polls = Poll.objects.filter(gathering=here.gathering_or_none())
    return [result(poll) for poll in polls if here.is_host or poll.is_shown]


def state(poll: Poll) -> Said:
    """Give what everybody is told of a poll."""
    return {
        "id": str(poll.pk),
        "question": poll.question,
        "options": poll.options,
        "multiple": poll.is_multiple,
        "anonymous": poll.is_anonymous,
        "shown": poll.is_shown,
        "open": poll.is_open,
    }


def result(poll: Poll) -> Said:
    """Give what those are told who may see the result."""
    voters = poll.ballots.count()
    are_named = not poll.is_anonymous and voters <= NAMED_MAX
    who = poll.names() if are_named else None
    return {"type": "poll.result", "poll": str(poll.pk), "votes": poll.votes, "voters": voters, "names": who}


def make(here: Seat, said: Said) -> None:
    """Ask a question."""
    room, _host = here.moderator()
    gathering = here.gathering()
    options = [names.clean(option, OPTION_MAX) for option in said["options"]]
    question = names.clean(said["question"], QUESTION_MAX)
    is_good = question and 2 <= len(options) <= OPTIONS_MAX and all(options) and len(set(options)) == len(options)
    if not is_good or gathering.polls.count() >= POLLS_MAX:
        raise MessageError(Code.MALFORMED)
    poll = Poll.objects.create(
        gathering=gathering,
        question=question,
        options=options,
        votes=[0] * len(options),
        is_multiple=said["multiple"],
        is_anonymous=said["anonymous"],
    )
    _tell(room, poll)


def vote(here: Seat, said: Said) -> None:
    """Count a vote of somebody who takes part in the meeting."""
    room, session = here.writer(Action.REACT)
    if not pace.keeps("vote", room, here.identity, most=VOTES_MAX, window_s=WINDOW_S):
        raise MessageError(Code.SLOW_DOWN, message=_("Please wait a moment before you do this again."))
    poll = _named(here, said["poll"])
    try:
        poll.vote(here.identity, session.rights.name, said["choices"])
    except VoteError as error:
        raise MessageError(Code.NOT_ALLOWED) from error
    mine = [] if poll.is_anonymous else sorted(set(said["choices"]))
    news.say(room.pk, {"type": "poll.voted", "poll": str(poll.pk), "choices": mine}, identities=[here.identity])
    poll.refresh_from_db()
    news.say_state(room.pk, result(poll), str(poll.pk), hosts=not poll.is_shown)


def close(here: Seat, said: Said) -> None:
    """Take no more votes."""
    room, _host = here.moderator()
    poll = _named(here, said["poll"])
    poll.close()
    _tell(room, poll)


def show(here: Seat, said: Said) -> None:
    """Let everybody see the result, or hosts only again."""
    room, _host = here.moderator()
    poll = _named(here, said["poll"])
    Poll.objects.filter(pk=poll.pk).update(is_shown=said["shown"])
    _tell(room, poll)


def _named(here: Seat, text: str) -> Poll:
    """Give a poll of this gathering. Raise `MessageError` when there is none with this id."""
    try:
        return Poll.objects.get(pk=uuid.UUID(text), gathering=here.gathering())
    except (ValueError, Poll.DoesNotExist) as error:
        raise MessageError(Code.MALFORMED) from error


def _tell(room: Room, poll: Poll) -> None:
    poll.refresh_from_db()
    news.say(room.pk, {"type": "poll.state", "gathering": str(poll.gathering_id), "poll": state(poll)})
    news.say_state(room.pk, result(poll), str(poll.pk), hosts=not poll.is_shown)


HANDLERS: Handlers = {
    "poll.make": make,
    "poll.vote": vote,
    "poll.close": close,
    "poll.show": show,
}
