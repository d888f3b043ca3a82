"""Fixtures every test may use."""

from collections.abc import Iterator

import pytest

from bot.nudges import broker


@pytest.fixture(autouse=True)
def _clean_redis() -> Iterator[None]:
    """Each test begins with an empty Redis of its own."""
    broker().flushdb()
    yield
