"""The acceptance list's "Запись и напоминания", in the sales bot: two days, four times, a reminder, a move; and with YClients."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from crm.bitrix24.limiter import Budget
from crm.models import Appointment, Lead, ScheduleRule
from crm.yclients import accounts
from crm.yclients.accounts import connect_calendar
from crm.yclients.client import close_shared
from dialogs.surroundings import forget
from tests.emulators.yclients import YclientsServer
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import House
from tests.journeys.school import school, vera

__all__ = ["school", "vera"]  # the fixtures
MOSCOW = ZoneInfo("Europe/Moscow")
NONE_FITS = "Нет подходящего варианта"


def labels_of(customer: TelegramCustomer) -> list[str]:
    """Return the buttons of the newest message that has any."""
    said = customer.house.telegram.said(customer.token, customer.user_id)
    return next(message.labels for message in reversed(said) if message.labels)


def test_two_nearest_days_four_times_a_reminder_and_a_move(school: House, vera: TelegramCustomer) -> None:
    rule = ScheduleRule.objects.get()
    assert rule.times == ["12:00", "14:00", "16:00", "18:00"], "the preset brings the schedule along"
    vera.says("/start")
    vera.says("🗓 Записаться")
    days = labels_of(vera)
    assert len(days) == 3 and days[-1] == NONE_FITS
    vera.presses(days[1])
    assert labels_of(vera) == ["12:00", "14:00", "16:00", "18:00", NONE_FITS]
    vera.presses("16:00")
    row = Appointment.objects.get()
    assert any("16:00 (МСК)" in text for text in vera.heard)
    assert row.lead is not None and row.lead.status in (Lead.Status.CAPTURED, Lead.Status.TAKEN)

    school.passes(seconds=(row.starts_at - dt.timedelta(minutes=15) - school.clock()).total_seconds())
    assert any("через 15 минут" in text for text in vera.heard)
    vera.presses("Не приду")
    vera.presses(labels_of(vera)[1])  # today has one time left at most
    vera.presses("14:00")
    row.refresh_from_db()
    assert (row.status, f"{row.local:%H:%M}") == (Appointment.Status.RESCHEDULED, "14:00")
    before = len(vera.heard)
    school.passes(seconds=(row.starts_at - dt.timedelta(minutes=15) - school.clock()).total_seconds())
    assert any("через 15 минут" in text for text in vera.heard[before:]), "the reminder has followed"


def test_own_words_are_understood_checked_and_confirmed(school: House, vera: TelegramCustomer) -> None:
    ScheduleRule.objects.update(weekdays=["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
    forget()
    vera.says("/start")
    vera.says("🗓 Записаться")
    vera.presses(NONE_FITS)
    vera.says("послезавтра после обеда")
    assert labels_of(vera)[:3] == ["14:00", "16:00", "18:00"]
    vera.says("в 16:00")
    assert "Всё верно?" in vera.heard[-1]
    vera.says("да")
    day = (school.clock() + dt.timedelta(days=2)).astimezone(MOSCOW).date()
    assert (Appointment.objects.get().date, f"{Appointment.objects.get().slot:%H:%M}") == (day, "16:00")


def test_with_yclients_the_phone_comes_first_and_the_time_is_theirs(
    school: House, vera: TelegramCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "BUDGET", Budget(burst=10_000, per_second=1000.0))
    with YclientsServer() as server:
        server.limits.is_on = False
        company = server.company
        _account, result = connect_calendar(
            company_id=company.id, service_id=company.service_id, staff_id=0, partner_token=company.partner,
            user_token=company.user, api_url=server.api_url, public_url=school.url,
        )  # fmt: skip
        assert result.ok, result.note
        vera.says("/start")
        vera.says("🗓 Записаться")
        assert "номер телефона" in vera.heard[-1]
        vera.says("8 916 123 45 67")
        vera.says("да")
        assert labels_of(vera)[-1] == NONE_FITS
        vera.presses(labels_of(vera)[0])
        taken = next(at for at in company.times(company.today + dt.timedelta(days=1), 0) if f"{at:%H:%M}" == "14:00")
        server.guest_books(taken)
        vera.presses("14:00")
        assert any("только что заняли" in text for text in vera.heard)
        assert "14:00" not in labels_of(vera)
        vera.presses("16:00")
        assert any("вы записаны" in text for text in vera.heard)
        record = company.standing()[-1]
        assert (record.phone, f"{record.starts_at:%H:%M}") == ("79161234567", "16:00")
        server.administrator_deletes(record.id)
        server.tell()
        school.settle()
        assert any("консультация отменена" in text for text in vera.heard)
        close_shared()
