"""A company in YClients, connected, and somebody who wants a consultation."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.utils import timezone

from bot.models import Channel, Chat, InboxEvent
from crm import calendars
from crm.bitrix24.limiter import Budget
from crm.models import Appointment, CalendarTask, Customer, CustomerChat, Lead, YclientsAccount
from crm.yclients import accounts, errands
from crm.yclients.accounts import connect_calendar
from crm.yclients.calendar import YclientsCalendar
from crm.yclients.client import close_shared
from tests.emulators.yclients import YclientsServer


@dataclass
class Office:
    """The account with a clock that is moved; `work` does what the worker does."""

    server: YclientsServer
    account: YclientsAccount
    ahead: dt.timedelta = field(default_factory=dt.timedelta)

    @property
    def now(self) -> dt.datetime:
        """The real clock, and as much later as a test says."""
        return timezone.now() + self.ahead

    def somebody(self, name: str = "Анна", phone: str = "+79161234567") -> tuple[Customer, Chat]:
        channel, _made = Channel.objects.get_or_create(
            kind="telegram", defaults={"title": "Бот", "credentials": {"token": "1:t"}}
        )
        chat = Chat.objects.create(channel=channel, external_id=f"chat-{name}", name=name)
        customer = Customer.objects.create(name=name, phone=phone)
        CustomerChat.objects.create(customer=customer, chat=chat)
        Lead.objects.create(customer=customer, chat=chat, status=Lead.Status.IN_BOT)
        return customer, chat

    def asks(self, customer: Customer, chat: Chat, starts_at: dt.datetime, *, key: str = "e1") -> None:
        with transaction.atomic():
            lead = Lead.objects.get(customer=customer)
            calendars.current().request(customer, starts_at, chat=chat, lead=lead, key=key, now=self.now)

    def work(self, *, later: float = 0.0) -> int:
        """Let `later` seconds pass, then do what is due."""
        self.ahead += dt.timedelta(seconds=later)
        errands.settle_stale(self.now)
        return errands.drain(clock=lambda: self.now)

    def told(self, chat: Chat) -> list[str]:
        events = InboxEvent.objects.filter(chat=chat, kind="booking").order_by("id")
        return [event.payload["outcome"] for event in events]

    def slot(self, days: int = 1, at: int = 1) -> dt.datetime:
        """Return one of the company's times."""
        day = self.server.company.today + dt.timedelta(days=days)
        clock = self.server.company.clocks[at]
        return dt.datetime.combine(day, dt.time.fromisoformat(clock), YclientsCalendar(self.account).zone)

    @property
    def row(self) -> Appointment:
        return Appointment.objects.select_related("customer", "chat", "lead__customer", "lead__manager").latest("pk")

    @property
    def task(self) -> CalendarTask:
        return CalendarTask.objects.latest("pk")


@pytest.fixture
def yclients(monkeypatch: pytest.MonkeyPatch) -> Iterator[YclientsServer]:
    monkeypatch.setattr(accounts, "BUDGET", Budget(burst=10_000, per_second=1000.0))
    with YclientsServer() as server:
        server.limits.is_on = False  # they have a test of their own
        yield server
    close_shared()


@pytest.fixture
def office(transactional_db: None, yclients: YclientsServer) -> Office:
    company = yclients.company
    account, result = connect_calendar(
        company_id=company.id, service_id=company.service_id, staff_id=0, partner_token=company.partner,
        user_token=company.user, api_url=yclients.api_url, public_url="http://127.0.0.1:1",
    )  # fmt: skip
    assert result.ok, result.note
    yclients.news.clear()
    return Office(yclients, account)
