"""A room of its own for each live test."""

from __future__ import annotations

import pytest

from visio.rooms import slugs


@pytest.fixture
def slug() -> str:
    """Give a new room's link."""
    return slugs.generate()
