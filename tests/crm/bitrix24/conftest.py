"""A portal to call, time that passes only when told, and a client between them."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from bot.nudges import broker
from crm.bitrix24 import writeback
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.limiter import Limiter
from crm.bitrix24.transport import close_shared, open_http
from crm.bitrix24.webhook import Webhook
from tests.crm.bitrix24.houses import House, Later
from tests.crm.bitrix24.moments import Time
from tests.crm.bitrix24.stub import PATH, Stub
from tests.emulators.bitrix24 import PortalServer
from tests.emulators.server import Emulator


@pytest.fixture
def moment() -> Time:
    return Time()


@pytest.fixture
def stub() -> Stub:
    return Stub()


@pytest.fixture
def counted() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def client(stub: Stub, moment: Time, counted: list[tuple[str, str]]) -> Iterator[Bitrix24]:
    """A client that talks HTTP to the stub; one second of patience with a silent server."""
    with Emulator(stub.application()) as server, open_http(answer_seconds=1.0) as http:
        yield Bitrix24(
            webhook=Webhook.parse(server.url + PATH),
            http=http,
            limiter=Limiter(broker(), clock=moment.clock),
            clock=moment.clock,
            sleep=moment.sleep,
            count_call=lambda method, outcome: counted.append((method, outcome)),
        )


@pytest.fixture
def remote() -> Iterator[PortalServer]:
    """The emulated portal."""
    with PortalServer() as server:
        yield server


@pytest.fixture
def house(
    remote: PortalServer, transactional_db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Iterator[House]:
    """Our house, connected to the portal; queues do not wait inside a call, tests let time pass between calls."""
    monkeypatch.setattr(writeback, "PATIENCE", 0.0)
    settings.INBOX_READY_TASK = "crm.tasks.review_leads"  # these tests end at the inbox; nobody has to wake the mind
    yield House(remote)
    close_shared()


@pytest.fixture
def later() -> Later:
    return Later()
