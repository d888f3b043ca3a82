"""Where times come from: our own schedule, or somebody else's calendar. The same five verbs, whoever keeps the book."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from bot.models import Chat
from crm import booking
from crm.booking import Outlook
from crm.models import Appointment, Customer, Lead, ScheduleRule, YclientsAccount
from crm.yclients.calendar import YclientsCalendar


class Calendar(Protocol):
    """A source of times. The customer hears of every result through their chat's inbox, at once or later."""

    needs_phone: bool  # nobody is booked without one

    def look_up(self, chat: Chat, *, key: str) -> None:
        """Find out what is free."""

    def request(
        self, customer: Customer, starts_at: dt.datetime, *, chat: Chat, lead: Lead | None, key: str, now: dt.datetime
    ) -> None:
        """Book the time, or move the customer's appointment to it."""

    def withdraw(self, row: Appointment, *, chat: Chat, key: str, now: dt.datetime) -> None:
        """The customer takes their appointment back."""

    def move_by_us(self, row: Appointment, starts_at: dt.datetime, *, by: str, now: dt.datetime | None = None) -> None:
        """Our people move an appointment; raises `Refused`."""

    def cancel_by_us(self, row: Appointment, *, by: str, reason: str = "", now: dt.datetime | None = None) -> None:
        """Our people cancel an appointment; raises `Refused`."""


class OwnCalendar:
    """Our own schedule: answers at once, in the caller's transaction."""

    needs_phone = False
    look_up = staticmethod(booking.look_up)
    request = staticmethod(booking.request)
    withdraw = staticmethod(booking.withdraw)
    move_by_us = staticmethod(booking.move_by_us)
    cancel_by_us = staticmethod(booking.cancel_by_us)


def active_account() -> YclientsAccount | None:
    """Return the connected calendar, without unsealing its secrets."""
    return YclientsAccount.objects.filter(is_active=True).defer("tokens", "url_secret").first()


def current() -> Calendar:
    """Return the source that new appointments come from."""
    account = active_account()
    return OwnCalendar() if account is None else YclientsCalendar(account)


def keeper_of(row: Appointment) -> Calendar:
    """Return the source an appointment was made in; what was made in a calendar that is gone is ours now."""
    account = active_account() if row.source == Appointment.Source.YCLIENTS else None
    return OwnCalendar() if account is None else YclientsCalendar(account)


def outlook(
    customers: Sequence[int], now: dt.datetime, *, rules: Iterable[ScheduleRule], holidays: Collection[str]
) -> Outlook:
    """Return what the turns of a batch may know of times."""
    account = active_account()
    if account is None:
        return booking.outlook(customers, now, rules=rules, holidays=holidays)
    free = YclientsCalendar(account).free(now)
    return Outlook(free, booking.standing_of(customers, now), needs_phone=YclientsCalendar.needs_phone)
