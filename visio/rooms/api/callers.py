"""Who calls the API: people with a live login, from their browser."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from suite.identity import logins
from suite.identity.models import Login, User


class LoginAuthentication(SessionAuthentication):
    """Knows a caller by the live login of their browser session; `request.auth` is that login."""

    def authenticate(self, request: Request) -> tuple[User, Login] | None:
        """Give who calls, or nothing for a guest. Raise `PermissionDenied` when the CSRF token is missing."""
        login = logins.current(request)
        if login is None or not login.user.is_active:
            return None
        self.enforce_csrf(request)
        return login.user, login

    def authenticate_header(self, _request: Request) -> str:
        """Give the challenge that makes the answer to guests a 401."""
        return "Session"

    def enforce_csrf(self, request: Request) -> None:
        """Check that the request was sent by our own pages."""
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise PermissionDenied(_("Please reload the page and try again."), "csrf_failed") from error


def user_of(request: Request) -> User | None:
    """Give the person who is signed in, or nothing for a guest."""
    return request.user if isinstance(request.user, User) else None


def signed_in(request: Request) -> User:
    """Give the person who is signed in, in views that no guest reaches."""
    if not isinstance(request.user, User):
        raise TypeError("a guest reached a view for people who are signed in")
    return request.user
