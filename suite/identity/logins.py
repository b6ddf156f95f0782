"""The life of a login: begun by a sign-in, read by everybody, ended by a sign-out or an administrator."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth import login as open_session
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from suite.identity import claims
from suite.identity.models import Login, User
from suite.identity.signals import login_ended, login_strengthened

logger = logging.getLogger("suite.identity")
KEY = "login"


class HasSession(Protocol):
    """A request, or anything else that carries a browser session."""

    session: SessionBase


def current(request: HasSession) -> Login | None:
    """Give the live login of this browser, or nothing."""
    return from_session(request.session)


def from_session(session: SessionBase) -> Login | None:
    """Give the live login that `session` holds, or nothing."""
    return _find(session.get(KEY))


def _find(login_id: Any) -> Login | None:
    try:
        login = Login.objects.select_related("user").filter(pk=login_id).first()
    except (ValidationError, ValueError, TypeError):
        return None
    return login if login and login.is_live else None


def begin(request: HttpRequest, user: User, backend: str, proof: dict[str, Any]) -> Login:
    """Sign `user` in in this browser and give the login; `proof` holds the verified claims of the ID token.

    The browser gets a new session key, its earlier login ends, and the session ends for good after
    SESSION_COOKIE_AGE seconds however busy it is.
    """
    earlier = current(request)
    open_session(request, user, backend=backend)
    request.session.cycle_key()
    if earlier:
        end(earlier, keep_session=True)
    login = Login(user=user, session_key=request.session.session_key or "", **snapshot(proof))
    login.save()
    request.session.set_expiry(login.expires_at)
    request.session[KEY] = str(login.pk)
    logger.info("login %s begun, acr %s", login.pk, login.acr or "-")
    return login


def strengthen(login: Login, proof: dict[str, Any]) -> None:
    """Note on `login` what a newer ID token has proved of the same person. Tells `login_strengthened` after commit."""
    proved = {name: value for name, value in snapshot(proof).items() if value}
    for name, value in proved.items():
        setattr(login, name, value)
    login.save(update_fields=list(proved))
    logger.info("login %s strengthened, acr %s", login.pk, login.acr)
    transaction.on_commit(partial(login_strengthened.send, sender=Login, login=login))


def snapshot(proof: dict[str, Any]) -> dict[str, Any]:
    """Give the fields of a `Login` that the ID token's claims fill; a claim of the wrong kind counts as absent."""
    return {
        "acr": claims.line(proof.get("acr")),
        "sid": claims.line(proof.get("sid")),
        "amr": list(claims.words(proof.get("amr"))),
        "auth_time": _moment(proof.get("auth_time")),
    }


def _moment(value: Any) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def end(login: Login, *, keep_session: bool = False) -> bool:
    """End `login` and its browser session; say whether it was still open. Tells `login_ended` after commit."""
    with transaction.atomic():
        closed = Login.objects.filter(pk=login.pk, ended_at=None).update(ended_at=timezone.now())
        login.refresh_from_db(fields=["ended_at"])
        if not keep_session and login.session_key:
            _store()(login.session_key).delete()
        if closed:
            transaction.on_commit(partial(_tell, login))
    return bool(closed)


def end_all(user: User) -> int:
    """End every open login of `user`; give how many there were."""
    return sum(end(login) for login in Login.objects.filter(user=user, ended_at=None))


def _tell(login: Login) -> None:
    logger.info("login %s ended", login.pk)
    login_ended.send(sender=Login, login=login)


def _store() -> type[SessionBase]:
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return store
