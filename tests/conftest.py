"""Fixtures every test may use."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from bot.nudges import broker
from tests.adapters import forget_adapters
from tests.cleaning import delete_rows_instead_of_truncating
from tests.people import People, make_people


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database, and the quick way to clean it."""
    with django_db_blocker.unblock():
        delete_rows_instead_of_truncating()


@pytest.fixture(autouse=True)
def _clean_redis() -> Iterator[None]:
    """Each test begins with an empty Redis of its own."""
    broker().flushdb()
    yield


@pytest.fixture(scope="session", autouse=True)
def _closed_clients() -> Iterator[None]:
    """What the run sent through is closed at its end; a client left open is a warning, and warnings are errors."""
    yield
    forget_adapters()


@pytest.fixture
def people() -> People:
    """Our staff by role, a customer, a stranger; for tests that have the database."""
    return make_people()
