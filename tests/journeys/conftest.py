"""The house with its doors open, and the world around it."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from bot.models import Channel
from crm.bitrix24 import writeback
from crm.bitrix24.transport import close_shared
from crm.models import Portal
from dialogs.preset_loading import load_preset
from dialogs.surroundings import forget
from tests.asgi_server import asgi_server
from tests.emulators.bitrix24 import PortalServer
from tests.emulators.telegram import TelegramServer
from tests.journeys.customers import LineClient, SiteVisitor, TelegramCustomer
from tests.journeys.house import SCENARIO, House


@pytest.fixture
def house(transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The whole house; the request budgets are generous, they have tests of their own."""
    monkeypatch.setattr(writeback, "PATIENCE", 0.0)
    load_preset(SCENARIO)
    forget()
    # The server is opened first and shut last: the emulators' open connections would hold up its end.
    with asgi_server() as url, PortalServer() as portal, TelegramServer() as telegram:
        portal.limits.is_on = False
        settings.PUBLIC_URL = url
        house = House(url, telegram, portal)
        house.furnish()
        _be_generous(house)
        yield house
        close_shared()


def _be_generous(house: House) -> None:
    budget = {"burst": 10_000, "per_second": 1000.0, "budget_per_second": 1000.0}
    Portal.objects.update(options=budget)
    Channel.objects.filter(kind="openline").update(options=budget)
    house.row.refresh_from_db()


@pytest.fixture
def anna(house: House) -> TelegramCustomer:
    """A customer in Telegram."""
    return TelegramCustomer(house)


@pytest.fixture
def visitor(house: House) -> Iterator[SiteVisitor]:
    """A customer on the site."""
    visitor = SiteVisitor(house)
    yield visitor
    visitor.close()


@pytest.fixture
def oleg(house: House) -> LineClient:
    """A customer who writes from VK to an open line of the portal."""
    return LineClient(house)
