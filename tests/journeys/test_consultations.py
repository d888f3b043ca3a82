"""A consultation, through the real doors: chosen, reminded of, moved, missed, canceled; by buttons and in words."""

import datetime as dt
from zoneinfo import ZoneInfo

import httpx
import pytest

from crm import booking
from crm.models import Appointment, Customer, Lead, ScheduleRule
from dialogs.drafts import import_draft
from dialogs.publishing import publish
from dialogs.surroundings import forget
from tests.journeys.customers import SiteVisitor, TelegramCustomer
from tests.journeys.house import SCENARIO, TOKEN, House

MOSCOW = ZoneInfo("Europe/Moscow")
SCRIPT = {
    "key": SCENARIO,
    "start": "hello",
    "steps": {
        "hello": {"kind": "say", "text": "Здравствуйте!", "next": "consult"},
        "consult": {
            "kind": "booking", "text": "Когда вам удобно?", "next": "talk", "timeout": "30d", "on_timeout": "over",
        },
        "talk": {"kind": "menu", "text": "Что ещё?", "choices": [{"key": "bye", "text": "Ничего", "next": "over"}],
                 "timeout": "30d", "on_timeout": "over"},
        "over": {"kind": "end", "outcome": "consultation"},
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def calendar(house: House) -> ScheduleRule:
    """A calendar open on every day, so that no test depends on today's."""
    publish(import_draft(SCRIPT), author=None)
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    rule = ScheduleRule.objects.create(title="Консультации", weekdays=days)
    forget()
    return rule


def labels(customer: TelegramCustomer) -> list[str]:
    """Return the buttons of the newest message that has any."""
    said = customer.house.telegram.said(TOKEN, customer.user_id)
    return next(message.labels for message in reversed(said) if message.labels)


def chooses(customer: TelegramCustomer, day: int = 0, time: str = "14:00") -> str:
    customer.presses(labels(customer)[day])
    return customer.presses(time)


def appointment() -> Appointment:
    return Appointment.objects.select_related("lead").get(status__in=Appointment.STANDING)


def time_passes_till(house: House, moment: dt.datetime) -> None:
    """Let time pass, and the clock's work be done."""
    house.passes(seconds=(moment - house.clock()).total_seconds())


def test_a_customer_books_is_reminded_twice_and_the_appointment_is_completed(
    house: House, anna: TelegramCustomer
) -> None:
    anna.says("/start")
    assert len(labels(anna)) == 3 and labels(anna)[-1] == "Нет подходящего варианта"
    chooses(anna, day=1)
    row = appointment()
    local = row.starts_at.astimezone(MOSCOW)
    booked = next(text for text in anna.heard if text.startswith("Готово, вы записаны:"))
    assert f"{local.day} " in booked and "14:00 (МСК)" in booked
    file = next(message for message in house.telegram.said(TOKEN, anna.user_id) if message.kind == "document")
    assert file.content["document"]["file_name"] == "konsultaciya.ics"
    assert (row.lead and row.lead.status) in (Lead.Status.CAPTURED, Lead.Status.TAKEN)
    assert anna.lead.standing.startswith("назначен на консультацию")

    before = len(anna.heard)
    time_passes_till(house, row.starts_at - dt.timedelta(minutes=16))
    reminders = [text for text in anna.heard[before:] if text.startswith("Напоминаю")]
    assert len(reminders) == 1, "the day before"
    time_passes_till(house, row.starts_at - dt.timedelta(minutes=15))
    assert "через 15 минут" in anna.heard[-1]
    assert "ждём вас" in anna.presses("Приду")
    time_passes_till(house, row.ends_at + dt.timedelta(minutes=1))
    row.refresh_from_db()
    assert (row.status, row.confirmed_at is not None) == (Appointment.Status.COMPLETED, True)


def test_not_coming_leads_to_another_time_at_once_and_back_to_the_talk(house: House, anna: TelegramCustomer) -> None:
    anna.says("/start")
    chooses(anna)
    first = appointment().starts_at
    time_passes_till(house, first - dt.timedelta(minutes=15))
    anna.presses("Не приду")
    assert "перенесём" in anna.heard[-1]
    chooses(anna, day=1, time="16:00")
    row = appointment()
    assert row.status == Appointment.Status.RESCHEDULED and row.starts_at > first
    assert any(text.startswith("Перенесли вашу запись") for text in anna.heard)
    assert anna.heard[-1].endswith("Что ещё?")
    anna.says("Ой, я не смогу прийти")
    assert "перенесём" in anna.heard[-1]


def test_own_words_lead_to_an_appointment(house: House, anna: TelegramCustomer) -> None:
    anna.says("/start")
    anna.presses("Нет подходящего варианта")
    assert "послезавтра" in anna.says("послезавтра часов в 5") or "записаться нельзя" in anna.heard[-1]
    assert "Записываю" in anna.says("послезавтра в четыре")
    anna.presses("Да, записать")
    assert f"{appointment().local:%H:%M}" == "16:00"


def test_old_buttons_pressed_much_later_change_nothing_wrong(house: House, anna: TelegramCustomer) -> None:
    anna.says("/start")
    day, time = labels(anna)[0], "12:00"
    anna.presses(day)
    chosen = labels(anna)
    time = chosen[0]
    anna.presses(time)
    row = appointment()
    house.passes(days=20)
    anna.presses(time)
    anna.presses(day)
    assert Appointment.objects.count() == 1
    row.refresh_from_db()
    assert row.status == Appointment.Status.COMPLETED


def test_two_customers_want_the_last_place_and_one_is_offered_the_rest(house: House, anna: TelegramCustomer) -> None:
    boris = TelegramCustomer(house, "Борис", user_id=778)
    anna.says("/start")
    boris.says("/start")
    for customer in (anna, boris):
        customer.presses(labels(customer)[1])
    for customer in (anna, boris):
        house.telegram.presses(TOKEN, customer.user_id, None, "14:00")
    house.settle()
    row = appointment()
    winner, loser = (anna, boris) if row.customer == anna.lead.customer else (boris, anna)
    assert any("вы записаны" in text for text in winner.heard)
    assert any("только что заняли" in text for text in loser.heard)
    assert "14:00" not in labels(loser) and "16:00" in labels(loser)


def test_the_calendar_moves_it_and_the_customer_hears_of_it(house: House, anna: TelegramCustomer) -> None:
    anna.says("/start")
    chooses(anna)
    row = appointment()
    free = next(slot for slot in booking.free_slots(house.clock()) if slot > row.starts_at + dt.timedelta(days=2))
    booking.move_by_us(row, free, by="Ольга", now=house.clock())
    house.settle()
    assert any("Нам пришлось перенести" in text for text in anna.heard)


def test_a_visitor_of_the_site_gets_a_link_to_the_calendar_and_their_own_time(
    house: House, visitor: SiteVisitor
) -> None:
    visitor.says("Здравствуйте")
    Customer.objects.update(time_zone="Asia/Novosibirsk")
    days = [button for item in visitor.items for row in item.get("buttons", ()) for button in row]
    visitor.presses(days[1]["text"])
    visitor.presses("14:00 (у вас 18:00)")
    item = next(item for item in visitor.items if "вы записаны" in item["text"])
    assert "14:00 (МСК; у вас 18:00)" in item["text"]
    link = next(button["url"] for row in item["buttons"] for button in row if button.get("url"))
    assert "BEGIN:VCALENDAR" in httpx.get(link, trust_env=False).text


def test_canceling_is_heard_everywhere(house: House, anna: TelegramCustomer) -> None:
    anna.says("/start")
    chooses(anna)
    anna.presses("Отменить запись")
    assert any("Запись отменена" in text for text in anna.heard)
    assert Appointment.objects.get().status == Appointment.Status.CANCELED
