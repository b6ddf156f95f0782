"""The life of a session: opened by a ticket, come back to, released, left, ended. Every rule about tickets is here."""

from __future__ import annotations

import dataclasses
import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from http import HTTPStatus

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from suite.identity.models import Login
from visio.attendance.models import Gathering, Participation
from visio.rooms import breakouts, entry, visits
from visio.rooms.abilities import Action, RoomFacts, decide
from visio.rooms.models import Breakouts, Room, RoomQuerySet
from visio.rooms.person import GUEST, of_login, of_role
from visio.rooms.policy import SERVICE, Decision, Source
from visio.rooms.roles import Role
from visio.rooms.rules import ROOM_FULL
from visio.rooms.standing import policy_of
from visio.rooms.tickets import REUSABLE, VOUCHED, Ticket
from visio.rooms.visits import Visit, states
from visio.signalling import proofs, rights, signals
from visio.signalling.errors import RefusedError, not_authenticated
from visio.signalling.models import Ended, LiveKitRoom, Session, SessionQuerySet
from visio.wire import Grant


def check(ticket: Ticket, now: datetime) -> None:
    """Check that `ticket` would be let in now, without using it. Raise `RefusedError` otherwise."""
    room = Room.objects.filter(pk=ticket.room_id).first()
    if room is None:
        # LiveKit's browser client stops at these words; at any other 404 it tries the older path.
        raise RefusedError(HTTPStatus.NOT_FOUND, "room_unknown", "requested room does not exist")
    session = _named(ticket, ticket.session, now) if ticket.session else _first(ticket)
    login_id = session.login_id if session else ticket.login
    via = session.via if session else ticket.via
    _check_put_out(ticket, room)
    login = _login(login_id)
    entering = _entering(room, login, ticket, session)
    if via not in VOUCHED and not entering.allowed:
        raise RefusedError(HTTPStatus.FORBIDDEN, "not_allowed", entering.explanation)
    if not (session and session.answered_at):
        _check_place(room, ticket.grant)


def connect(ticket: Ticket, channel: str, now: datetime) -> Session:
    """Open the session of a first ticket, or come back to the one that a refreshed ticket names.

    `channel` is the new socket. Raise `RefusedError` when the ticket opens nothing.
    """
    check(ticket, now)
    if ticket.session:
        return _come_back(ticket.session, channel, now)
    session = _open(ticket, channel, now)
    try:
        # A right that was lost since the first check was looked for among the sessions before this one was there.
        check(ticket, now)
    except RefusedError:
        Session.objects.filter(pk=session.pk, channel=channel).delete()
        raise
    return rights.renewed(session)


def answered(session_id: uuid.UUID, channel: str, now: datetime) -> bool:
    """Note that the worker let the participant of socket `channel` in; say whether that socket is still the latest.

    Raise `RefusedError` when others who came at the same time have filled the room.
    """
    current = Session.objects.filter(pk=session_id, channel=channel, revoked_at=None)
    with transaction.atomic():
        room = Room.objects.hold(sessions__pk=session_id)
        if room is None:
            return False
        for newcomer in current.filter(answered_at=None):
            _check_place(room, newcomer.rights)
        if not current.update(answered_at=now):
            return False
        if room.began_at is None:
            Room.objects.filter(pk=room.pk).update(began_at=now)
            Gathering.begin(room.pk, now)
        session = Session.objects.get(pk=session_id)
        Gathering.arrive(room, session.pk, session.rights, now, vouched=session.is_vouched())
        signals.tell([(room.pk, session.identity)])
    return True


def release(session_id: uuid.UUID, channel: str) -> None:
    """Let the ticket of a session be used again that may not have reached its client, unless a later socket has it."""
    Session.objects.filter(pk=session_id, channel=channel, revoked_at=None).update(answered_at=None)


def left(session_id: uuid.UUID | str, channel: str, now: datetime) -> None:
    """Note that the participant of socket `channel` is gone, unless a later socket has brought them back."""
    with transaction.atomic():
        room = Room.objects.hold(sessions__pk=session_id)
        those = Session.objects.filter(pk=session_id)
        if those.filter(channel=channel, left_at=None).update(left_at=now):
            Participation.objects.filter(session=session_id).end(now)
            signals.tell(those.values_list("room", "identity"))
        if room is not None:
            end_meetings(Room.objects.filter(pk__in=[room.pk, room.main_id]))


def gone(those: SessionQuerySet, now: datetime) -> int:
    """Note that nobody knows the participants of `those` any more: they are gone. Give how many there were."""
    unknown = those.filter(left_at=None)
    rooms = set(unknown.values_list("room", flat=True))
    return sum(_gone(room, unknown.filter(room=room), now) for room in rooms)


def _gone(room_id: uuid.UUID, those: SessionQuerySet, now: datetime) -> int:
    """Do so for one room, whose row is taken first as everywhere; who has come back meanwhile is not among them."""
    with transaction.atomic():
        Room.objects.hold(pk=room_id)
        found = list(those.values_list("pk", "identity"))
        pks = [pk for pk, _identity in found]
        Session.objects.filter(pk__in=pks).update(left_at=now)
        Participation.objects.filter(session__in=pks).end(now)
        signals.tell([(room_id, identity) for _pk, identity in found])
    return len(found)


def end_meetings(rooms: RoomQuerySet) -> None:
    """Note of `rooms` in which nobody is any more that their meeting is over; its lock goes with it.

    Groups come first, so that whoever needs the rows of both takes them in one order.
    """
    occupied = Session.objects.inside().values("room")
    ended = rooms.filter(Q(is_locked=True) | Q(began_at__isnull=False)).exclude(pk__in=occupied)
    for pk in list(ended.order_by(F("parent").desc(nulls_last=True)).values_list("pk", flat=True)):
        _end_meeting(pk)


def _end_meeting(room_id: uuid.UUID) -> None:
    """End what goes on in a room, unless somebody has come meanwhile: `answered` holds the same row."""
    with transaction.atomic():
        Room.objects.hold(pk=room_id)
        if _goes_on(room_id):
            return
        Room.objects.filter(pk=room_id).update(began_at=None, is_locked=False, terms_for_now={})
        for over in (Visit.objects.passing(), Visit.objects.forgotten()):
            over.filter(room=room_id).delete()
        Visit.objects.filter(room=room_id).update(is_put_out=False, denied=[])
        gathering = Gathering.objects.current(room_id)
        if gathering is not None:
            gathering.end(timezone.now())
        transaction.on_commit(partial(breakouts.forget, room_id))


def _goes_on(room_id: uuid.UUID) -> bool:
    """Say whether somebody is in a room or in a group of its meeting, or on the way between them."""
    there = Session.objects.inside().filter(Q(room=room_id) | Q(room__parent=room_id))
    return there.exists() or Breakouts.objects.moving().filter(room=room_id).exists()


def revoke(sessions: Iterable[Session], reason: Ended) -> list[Session]:
    """End `sessions` for good; give those that were not ended before."""
    return [session for session in sessions if _revoke(session, reason)]


def outlawed(room: Room) -> list[Session]:
    """Give the sessions in `room` whose person may not enter it any more."""
    open_sessions = Session.objects.filter(room=room).revocable().select_related("login__user")
    facts, roles, decided, placed = room.facts, room.roles(), states(room), breakouts.placed(room)
    return [
        session
        for session in open_sessions
        if not session.is_vouched()
        and not _may_stay(facts, session, roles, decided, has_place=session.identity in placed)
    ]


def _check_place(room: Room, grant: Grant) -> None:
    """Raise `RefusedError` when somebody more does not fit, which names the level that limits the room."""
    if not grant.hidden and (limit := _filled(room, grant.identity)):
        decision = Decision(allowed=False, rule=ROOM_FULL, source=limit)
        raise RefusedError(HTTPStatus.FORBIDDEN, ROOM_FULL.code, decision.explanation)


def _filled(room: Room, newcomer: str) -> Source | None:
    """Give the level that lets nobody more in; the media worker counts its own limit again, and it is right."""
    others = Session.objects.inside().filter(grant__hidden=False).exclude(identity=newcomer)
    policy = policy_of(room.main)
    if policy.terms.people_max and _count(others.in_meeting(room)) >= policy.terms.people_max:
        return policy.source("people_max")
    most = settings.MEDIA_ROOM_PARTICIPANTS
    outside = LiveKitRoom.objects.filter(room=room).first() if settings.LIVEKIT_API_ENABLED else None
    if outside and outside.max_participants:
        most = min(most, outside.max_participants)
    return SERVICE if _count(others.at(room)) >= most else None


def _count(those: SessionQuerySet) -> int:
    return those.values("identity").distinct().count()


def _revoke(session: Session, reason: Ended) -> bool:
    now = timezone.now()
    return bool(Session.objects.filter(pk=session.pk, revoked_at=None).update(revoked_at=now, revoked_for=reason))


def _named(ticket: Ticket, session_id: uuid.UUID, now: datetime) -> Session:
    """Give the session that a refreshed ticket names."""
    session = Session.objects.filter(pk=session_id, room=ticket.room_id, identity=ticket.grant.identity).first()
    if session is None or not session.may_return(now):
        raise _over()
    return session


def _first(ticket: Ticket) -> Session | None:
    """Give the session that a first ticket has begun to open, if any; a reusable one opens a new one each time."""
    if ticket.via in REUSABLE:
        return None
    session = Session.objects.filter(ticket=ticket.jti).first()
    if session and (session.answered_at or session.revoked_at):
        raise _used()
    return session


def _over() -> RefusedError:
    return not_authenticated("session_ended", _("This conversation has ended. Please enter the room again."))


def _used() -> RefusedError:
    return not_authenticated("ticket_used", _("This ticket was used already. Please enter the room again."))


def _check_put_out(ticket: Ticket, room: Room) -> None:
    """Refuse a ticket from before its person was put out of the meeting, or the room was closed for everybody."""
    person = Q(identity=ticket.grant.identity, revoked_for=Ended.REMOVED)
    closed = Q(revoked_for=Ended.ROOM_CLOSED, room__in=[room.pk, room.main_id])
    later = Session.objects.in_meeting(room).filter(revoked_at__gte=ticket.issued_at)
    if later.filter(person | closed).exists():
        raise not_authenticated("put_out", _("You were put out of this room. Please enter it again."))


def _login(login_id: uuid.UUID | None) -> Login | None:
    """Give the login behind a ticket. Raise `RefusedError` when it is over, by a sign-out or by its age."""
    if login_id is None:
        return None
    login = Login.objects.select_related("user").filter(pk=login_id).first()
    if login is None or not login.is_live:
        raise not_authenticated("signed_out", _("You have signed out. Please sign in and enter the room again."))
    return login


def _entering(room: Room, login: Login | None, ticket: Ticket, session: Session | None) -> Decision:
    device = session.device if session else ticket.device
    person = replace(
        of_login(login, room),
        has_passcode=ticket.has_passcode,
        is_inside=ticket.session is not None,
        has_time=session is not None and session.has_time,
        has_place=breakouts.has_place(room, ticket.grant.identity),
    )
    person = entry.decided(person, visits.of(room, ticket.grant.identity, device))
    return decide(Action.ENTER, room.facts, person)


def _may_stay(
    facts: RoomFacts,
    session: Session,
    roles: Mapping[uuid.UUID, Role],
    decided: Mapping[str, Visit],
    *,
    has_place: bool,
) -> bool:
    """Say whether the person of `session` may be in a room of which the `facts` and all `roles` are known."""
    login, visit = session.login, visits.decisive(decided, session.identity, session.device)
    person = of_role(login.user, roles.get(login.user_id)) if login else GUEST
    person = entry.decided(
        replace(person, assurance=login.acr if login else "", is_inside=True, has_place=has_place), visit
    )
    return proofs.may_stay(session, facts, person)


def _open(ticket: Ticket, channel: str, now: datetime) -> Session:
    """Write the session of a first ticket, or take over one that the worker has not answered."""
    use = f"{ticket.jti}.{secrets.token_hex(4)}" if ticket.via in REUSABLE else ticket.jti
    try:
        with transaction.atomic():
            Session.objects.create(
                ticket=use,
                channel=channel,
                room_id=ticket.room_id,
                login_id=ticket.login,
                via=ticket.via,
                identity=ticket.grant.identity,
                device=ticket.device,
                grant=dataclasses.asdict(ticket.grant),
                opened_at=now,
                connected_at=now,
            )
    except IntegrityError as error:
        waiting = Session.objects.filter(ticket=ticket.jti, answered_at=None, revoked_at=None)
        if not waiting.update(channel=channel, connected_at=now, left_at=None):
            raise _used() from error
    return Session.objects.select_related("room__outside").get(ticket=use)


def _come_back(session_id: uuid.UUID, channel: str, now: datetime) -> Session:
    back = Session.objects.filter(pk=session_id).revocable()
    if not back.update(channel=channel, connected_at=now, left_at=None):
        raise _over()
    return Session.objects.select_related("room__outside").get(pk=session_id)
