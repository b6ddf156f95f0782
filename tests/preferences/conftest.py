"""The people of these tests."""

from __future__ import annotations

import pytest

from suite.identity.models import User
from tests.identity.people import make_user
from tests.rooms.callers import Caller


@pytest.fixture
def alice_user(db: None) -> User:
    """Give somebody with an account."""
    return make_user("alice")


@pytest.fixture
def alice(alice_user: User) -> Caller:
    """Give her browser."""
    return Caller(alice_user)


@pytest.fixture
def dave(db: None) -> Caller:
    """Give a guest's browser."""
    return Caller()
