"""A school on loopback, an account connected to it, and somebody who buys."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.utils import timezone

from bot.models import Channel, Chat
from crm.models import Customer, CustomerChat, Lead
from payments.models import Account, Payment
from payments.ordering import Buyer, Invitation, Line, place
from payments.providers.wire import close_shared
from tests.emulators.getcourse import SchoolServer

SIGNING = "a-secret-of-the-relay-that-signs-our-notices"
COURSE = Line("start", "Курс «Старт без паники»", Decimal("24900.00"))
WORDS = Invitation("Вот ваша ссылка.", "Оплатить")


@pytest.fixture
def school() -> Iterator[SchoolServer]:
    """A school that tells nobody yet."""
    with SchoolServer() as server:
        yield server
    close_shared()


@pytest.fixture
def account(db: None, school: SchoolServer) -> Account:
    """The school, connected with every key."""
    keys = {"api_key": "school-api-key", "developer_key": "developer-key", "school_key": "school-key"}
    return Account.objects.create(
        title="Школа", api_url=school.url, credentials=keys, signing_secrets=[SIGNING], provider="getcourse"
    )


@pytest.fixture
def buyer(db: None) -> Buyer:
    """Anna, who writes to a Telegram bot and has left an e-mail."""
    channel = Channel.objects.create(kind="telegram", title="Бот школы", credentials={"token": "1:test"})
    chat = Chat.objects.create(channel=channel, external_id="2001", name="Анна", username="anna")
    customer = Customer.objects.create(name="Анна Белова", email="anna@example.ru")
    CustomerChat.objects.create(customer=customer, chat=chat)
    lead = Lead.objects.create(customer=customer, chat=chat, status=Lead.Status.IN_BOT)
    return Buyer(customer, chat, lead)


@pytest.fixture
def payment(account: Account, buyer: Buyer) -> Payment:
    """Anna's order of one course; its link is not made yet."""
    return place(buyer, [COURSE], WORDS, now=timezone.now())


def later(**delta: float) -> dt.datetime:
    """Return an instant from now."""
    return timezone.now() + dt.timedelta(**delta)
