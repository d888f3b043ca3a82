"""Fixtures every test may use."""

from collections.abc import Iterator

import pytest

from bot.channels.registry import all_adapters
from bot.nudges import broker
from bot.sender import submit


@pytest.fixture(autouse=True)
def _clean_redis() -> Iterator[None]:
    """Each test begins with an empty Redis of its own."""
    broker().flushdb()
    yield


@pytest.fixture(scope="session", autouse=True)
def _closed_clients() -> Iterator[None]:
    """What the run sent through is closed at its end; a client left open is a warning, and warnings are errors."""
    yield
    for adapter in all_adapters().values():
        submit(adapter.aclose()).result(10)
