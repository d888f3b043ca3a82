"""A YooKassa shop on loopback, an account connected to it, somebody with an unpaid order, and the link to pay it."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from payments import linking
from payments.models import Account, Payment
from payments.ordering import Buyer, place
from payments.providers.wire import close_shared
from tests.emulators.yookassa import KassaServer
from tests.payments.conftest import COURSE, WORDS, later


@pytest.fixture
def kassa() -> Iterator[KassaServer]:
    """A shop that notifies nobody yet."""
    with KassaServer() as server:
        yield server
    close_shared()


@pytest.fixture
def shop(db: None, kassa: KassaServer) -> Account:
    """The shop, connected."""
    keys = {"shop_id": kassa.world.shop_id, "secret_key": kassa.world.secret_key}
    return Account.objects.create(title="Кофейня", provider="yookassa", api_url=kassa.api_url, credentials=keys)


@pytest.fixture
def bill(shop: Account, buyer: Buyer) -> Payment:
    """Anna's order; its link is not made yet."""
    return place(buyer, [COURSE], WORDS, now=timezone.now())


@pytest.fixture
def sent(bill: Payment) -> Payment:
    """Anna has the link."""
    linking.create_links(later)
    bill.refresh_from_db()
    assert bill.status == Payment.Status.SENT
    return bill


@pytest.fixture
def notified(kassa: KassaServer, live_server: object) -> Callable[[], None]:
    """The shop notifies our door."""
    kassa.calls(f"{live_server}/webhook/yookassa")
    return kassa.wait
