"""A fresh Bitrix24 portal and somebody to call it."""

from collections.abc import Iterator

import pytest

from tests.emulators.bitrix24 import PortalServer
from tests.emulators.bitrix24.calls import Calls


@pytest.fixture
def portal() -> Iterator[PortalServer]:
    """A portal on its first day; the request limit is on, so a test of many calls must say otherwise."""
    with PortalServer() as server:
        yield server


@pytest.fixture
def calls(portal: PortalServer) -> Iterator[Calls]:
    """Somebody with the portal's webhook."""
    caller = Calls(portal)
    yield caller
    caller.close()
