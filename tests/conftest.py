"""Fixtures of every test: the Valkey of this run, and whole installations of real processes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from functools import partial

import pytest
from asgiref.sync import SyncToAsync
from django.conf import settings
from django.db import connection, connections
from hypothesis import HealthCheck
from hypothesis import settings as properties

from suite.operations import valkey as embedded
from suite.operations.lifeline import die_with
from tests import keys
from tests.environment import FOLDER
from tests.stack import Stack

# A busy machine is slow at times, which says nothing about the code; and a run leaves no files behind.
properties.register_profile(
    "visio", max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
properties.load_profile("visio")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser tests last: Playwright's event loop runs in this thread until the session ends."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session", autouse=True)
def _cheap_settings() -> None:
    """Spare thousands of tests of this process what takes long and what none of them asks about."""
    settings.WHITENOISE_AUTOREFRESH = True  # every test client would look for all static files at its start
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Give each process of a run a database of its own.

    SQLite is in a file, as in production: in memory its connections do not wait for each other.
    """
    is_file = connection.vendor == "sqlite"
    own = str(FOLDER / "tests.sqlite3") if is_file else settings.REDIS_PREFIX.replace("-", "_")
    connection.settings_dict["TEST"]["NAME"] = own


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Give the test database. What the thread of asynchronous tests has open of it is closed before it is dropped."""
    yield
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """Give the address of the Valkey or Redis that the settings of this test process name, running."""
    url = settings.REDIS_URL
    if "TEST_REDIS_URL" in os.environ:
        yield url
        keys.forget(url, settings.REDIS_PREFIX)
        return
    command = embedded.command(settings.VALKEY_SOCKET)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=partial(die_with, os.getpid())) as server:  # noqa: PLW1509
        assert embedded.wait(url, seconds=10), "the embedded Valkey did not start"
        yield url
        server.terminate()


@pytest.fixture
def empty_cache(valkey: str) -> Iterator[None]:
    """Give a cache in which nothing is kept or counted, before and after the test."""
    prefix = settings.CACHES["default"]["KEY_PREFIX"]
    keys.forget(valkey, prefix)
    yield
    keys.forget(valkey, prefix)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Give a running installation: web, two media workers, Valkey, database, Celery worker."""
    with Stack(media=2, worker=True) as running:
        yield running
