"""Appointments: a place is nobody's twice, moves and cancels take everything along, and the customer always hears of it."""

import datetime as dt
import threading
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection
from pytest_django import DjangoAssertNumQueries

from bot.errors import Refused
from bot.models import Channel, Chat, InboxEvent, Message
from crm import attendance, booking
from crm.models import Appointment, AppointmentReminder, Customer, CustomerChat, Event, Lead, Manager, ScheduleRule

pytestmark = pytest.mark.django_db(transaction=True)
MOSCOW = ZoneInfo("Europe/Moscow")
NOW = dt.datetime(2026, 11, 16, 9, 0, tzinfo=MOSCOW)  # a Monday
NOON = NOW.replace(hour=12)
TOMORROW = NOON + dt.timedelta(days=1)
Status = Appointment.Status


@pytest.fixture(autouse=True)
def rule() -> ScheduleRule:
    return ScheduleRule.objects.create(title="Консультации")


def somebody(name: str = "Анна") -> tuple[Customer, Chat]:
    channel, _made = Channel.objects.get_or_create(
        kind="telegram", defaults={"title": "Бот", "credentials": {"token": "1:t"}}
    )
    chat = Chat.objects.create(channel=channel, external_id=f"chat-{name}", name=name)
    customer = Customer.objects.create(name=name)
    CustomerChat.objects.create(customer=customer, chat=chat)
    return customer, chat


def asks(name: str, starts_at: dt.datetime = NOON, *, now: dt.datetime = NOW, key: str = "") -> None:
    customer = Customer.objects.filter(name=name).first()
    chat = Chat.objects.get(name=name) if customer else somebody(name)[1]
    customer = customer or Customer.objects.get(name=name)
    lead = Lead.objects.filter(customer=customer).first() or Lead.objects.create(
        customer=customer, chat=chat, status=Lead.Status.IN_BOT
    )
    booking.request(customer, starts_at, chat=chat, lead=lead, key=key or f"e:{name}:{starts_at}", now=now)


def told(name: str) -> list[str]:
    events = InboxEvent.objects.filter(chat__name=name, kind="booking").order_by("id")
    return [event.payload["outcome"] for event in events]


def row_of(name: str) -> Appointment:
    return Appointment.objects.get(customer__name=name, status__in=Appointment.STANDING)


def reminders(row: Appointment) -> list[int]:
    return list(row.reminders.filter(sent_at=None).order_by("due_at").values_list("before_minutes", flat=True))


def test_a_booked_time_is_kept_told_counted_and_waits_for_a_manager() -> None:
    asks("Анна", TOMORROW)
    row = row_of("Анна")
    assert (row.status, row.starts_at, row.seat, row.source) == (Status.SCHEDULED, TOMORROW, 1, "own")
    assert (str(row.date), f"{row.slot:%H:%M}", row.tz) == ("2026-11-17", "12:00", "Europe/Moscow")
    assert [line["what"] for line in row.history] == ["booked"]
    assert told("Анна") == ["booked"]
    assert reminders(row) == [1440, 15]
    assert Event.objects.filter(type="appointment.booked").count() == 1
    assert Lead.objects.get().standing == "назначен на консультацию вт 17.11 в 12:00 (МСК)"


def test_a_taken_time_is_offered_to_nobody_and_refused_to_the_second() -> None:
    assert NOON in booking.free_slots(NOW)
    asks("Анна")
    assert NOON not in booking.free_slots(NOW)
    asks("Борис")
    assert told("Борис") == ["taken"] and Appointment.objects.count() == 1


def test_a_time_outside_the_schedule_is_refused() -> None:
    asks("Анна", NOON.replace(hour=13))
    asks("Борис", NOW - dt.timedelta(days=1))
    assert told("Анна") == told("Борис") == ["taken"] and not Appointment.objects.exists()


def test_two_people_at_the_same_instant_never_get_the_last_place(rule: ScheduleRule) -> None:
    ScheduleRule.objects.filter(pk=rule.pk).update(capacity=3)
    names = [f"Гость {number}" for number in range(8)]
    for name in names:
        somebody(name)
    at_once(*(lambda name=name: asks(name) for name in names))
    assert sorted(outcome for name in names for outcome in told(name)) == ["booked"] * 3 + ["taken"] * 5
    assert set(Appointment.objects.values_list("seat", flat=True)) == {1, 2, 3}


def test_the_database_itself_refuses_a_place_given_twice() -> None:
    asks("Анна")
    row = row_of("Анна")
    twin = Appointment(customer=somebody("Борис")[0], seat=row.seat)
    twin.place(row.starts_at, minutes=60, zone=MOSCOW)
    with pytest.raises(IntegrityError, match="crm_appointment_place_once"):
        twin.save()


def test_two_who_swap_at_the_same_instant_end_with_one_place_each() -> None:
    asks("Анна", NOON)
    asks("Борис", TOMORROW)
    at_once(lambda: asks("Анна", TOMORROW), lambda: asks("Борис", NOON))
    places = Appointment.objects.filter(status__in=Appointment.STANDING).values_list("starts_at", "seat")
    assert len(set(places)) == 2


def test_one_customer_pressing_twice_has_one_appointment() -> None:
    asks("Анна", NOON)
    asks("Анна", TOMORROW)
    row = row_of("Анна")
    assert (row.status, row.starts_at) == (Status.RESCHEDULED, TOMORROW)
    assert told("Анна") == ["booked", "moved"]
    assert NOON in booking.free_slots(NOW), "the old place is free again"
    assert [line["what"] for line in row.history] == ["booked", "moved"]


def test_moving_to_a_taken_time_leaves_everything_as_it_was() -> None:
    asks("Анна", NOON)
    asks("Борис", TOMORROW)
    asks("Анна", TOMORROW, key="again")
    assert row_of("Анна").starts_at == NOON and told("Анна") == ["booked", "taken"]


def test_reminders_follow_a_move_and_go_with_a_cancel() -> None:
    asks("Анна", TOMORROW)
    asks("Анна", TOMORROW + dt.timedelta(days=1))
    row = row_of("Анна")
    assert {reminder.due_at for reminder in row.reminders.all()} == {
        row.starts_at - dt.timedelta(days=1), row.starts_at - dt.timedelta(minutes=15),
    }  # fmt: skip
    booking.withdraw(row, chat=row.chat or somebody()[1], key="x", now=NOW)
    assert not AppointmentReminder.objects.exists()
    assert (Appointment.objects.get().status, told("Анна")[-1]) == (Status.CANCELED, "canceled")
    assert TOMORROW + dt.timedelta(days=1) in booking.free_slots(NOW)


def test_who_books_after_the_reminder_s_time_is_not_reminded_of_it(rule: ScheduleRule) -> None:
    ScheduleRule.objects.filter(pk=rule.pk).update(lead_minutes=0)
    asks("Анна", NOON)  # three hours ahead: the day before is over
    assert reminders(row_of("Анна")) == [15]
    asks("Борис", NOW.replace(hour=14), now=NOW.replace(hour=13, minute=50))
    assert reminders(row_of("Борис")) == []


def test_reminders_are_sent_once_whatever_is_restarted() -> None:
    asks("Анна", TOMORROW)
    assert attendance.send_reminders(NOW) == 0
    assert attendance.send_reminders(TOMORROW - dt.timedelta(hours=23)) == 1
    assert attendance.send_reminders(TOMORROW - dt.timedelta(hours=23)) == 0
    at_once(*[lambda: attendance.send_reminders(TOMORROW - dt.timedelta(minutes=15))] * 3)
    assert told("Анна") == ["booked", "reminder", "reminder"]


def test_after_a_long_pause_one_reminder_is_enough_and_none_comes_too_late() -> None:
    asks("Анна", TOMORROW)
    attendance.send_reminders(TOMORROW - dt.timedelta(minutes=10))
    assert told("Анна").count("reminder") == 1
    asks("Борис", TOMORROW + dt.timedelta(hours=2))
    attendance.send_reminders(TOMORROW + dt.timedelta(hours=3))
    assert told("Борис") == ["booked"]


def test_while_a_human_has_the_dialogue_our_people_are_reminded_instead() -> None:
    Channel.objects.create(kind="telegram", title="Наш", credentials={"token": "2:t"})
    manager = Manager.objects.create(name="Ольга", telegram_id=555)
    asks("Анна", TOMORROW)
    Chat.objects.filter(name="Анна").update(speaker=Chat.Speaker.MANAGER)
    attendance.send_reminders(TOMORROW - dt.timedelta(minutes=15))
    assert "reminder" not in told("Анна")
    notices = Message.objects.filter(chat__external_id=str(manager.telegram_id)).values_list("text", flat=True)
    assert any("напомните сами" in text for text in notices)


def test_who_unsubscribed_is_not_written_to() -> None:
    asks("Анна", TOMORROW)
    Customer.objects.update(unsubscribed_at=NOW)
    attendance.send_reminders(TOMORROW - dt.timedelta(minutes=15))
    assert told("Анна") == ["booked"]


def test_who_will_not_come_frees_the_place_and_may_think_better_of_it() -> None:
    asks("Анна", TOMORROW)
    row = row_of("Анна")
    booking.attend(row, comes=False, key="k", now=NOW)
    assert TOMORROW in booking.free_slots(NOW) and reminders(row) == []
    assert Lead.objects.get().standing.endswith("выбирает другое время")
    asks("Анна", TOMORROW, key="back")
    row = row_of("Анна")
    assert (row.seat, row.declined_at) == (1, None) and reminders(row) == [1440, 15]
    booking.attend(row, comes=False, key="k2", now=NOW)
    asks("Борис", TOMORROW)
    asks("Анна", TOMORROW, key="too late")
    assert told("Анна")[-1] == "taken" and row_of("Анна").declined_at is not None


def test_who_will_come_is_noted() -> None:
    asks("Анна", TOMORROW)
    booking.attend(row_of("Анна"), comes=True, key="k", now=NOW)
    assert row_of("Анна").confirmed_at == NOW


def test_what_has_passed_is_completed_and_what_was_declined_is_canceled() -> None:
    asks("Анна", NOON)
    asks("Борис", TOMORROW)
    booking.attend(row_of("Борис"), comes=False, key="k", now=NOW)
    assert attendance.close_past(NOON + dt.timedelta(minutes=59)) == 0
    assert attendance.close_past(TOMORROW + dt.timedelta(hours=2)) == 2
    statuses = dict(Appointment.objects.values_list("customer__name", "status"))
    assert statuses == {"Анна": Status.COMPLETED, "Борис": Status.CANCELED}


def test_a_manager_says_who_did_not_come_but_not_before_its_time() -> None:
    asks("Анна", NOON)
    row = row_of("Анна")
    with pytest.raises(Refused):
        booking.mark_held(row, Status.NO_SHOW, by="Ольга", now=NOW)
    attendance.close_past(NOON + dt.timedelta(hours=2))
    booking.mark_held(row, Status.NO_SHOW, by="Ольга", now=NOON + dt.timedelta(hours=3))
    assert Appointment.objects.get().status == Status.NO_SHOW


def test_a_new_appointment_may_follow_one_that_has_begun() -> None:
    asks("Анна", NOON)
    asks("Анна", TOMORROW, now=NOON + dt.timedelta(minutes=5))
    assert row_of("Анна").starts_at == TOMORROW
    assert Appointment.objects.filter(status=Status.COMPLETED).count() == 1


def test_our_people_move_and_cancel_and_the_customer_is_told() -> None:
    asks("Анна", NOON)
    row = row_of("Анна")
    booking.move_by_us(row, TOMORROW, by="Ольга", now=NOW)
    assert told("Анна") == ["booked", "moved_by_us"] and row_of("Анна").history[-1]["by"] == "Ольга"
    asks("Борис", NOON)
    with pytest.raises(Refused):
        booking.move_by_us(row, NOON, by="Ольга", now=NOW)
    with pytest.raises(Refused):
        booking.move_by_us(row, TOMORROW, by="Ольга", now=NOW)
    booking.cancel_by_us(row, by="Ольга", reason="эксперт болен", now=NOW)
    assert told("Анна")[-1] == "canceled_by_us"
    with pytest.raises(Refused):
        booking.cancel_by_us(row, by="Ольга", now=NOW)


def test_in_a_dialogue_that_a_human_has_the_news_are_said_in_their_name() -> None:
    asks("Анна", NOON)
    Chat.objects.filter(name="Анна").update(speaker=Chat.Speaker.MANAGER)
    row = Appointment.objects.select_related("chat", "customer").get()
    booking.move_by_us(row, TOMORROW, by="Ольга", now=NOW)
    assert told("Анна") == ["booked"]
    said = Message.objects.get(chat__name="Анна", role=Message.Role.MANAGER)
    assert said.text == "Консультация перенесена: вт 17.11 в 12:00 (МСК)."


def test_a_look_at_the_calendar_is_one_query_and_agrees_with_the_truth(
    rule: ScheduleRule, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asks("Анна", TOMORROW)
    row = row_of("Анна")
    with django_assert_num_queries(1):
        found = booking.outlook([row.customer_id, 0], NOW, rules=[rule], holidays=[])
    assert found.standing == {row.customer_id: row}
    assert found.slots is not None and list(found.slots) == booking.free_slots(NOW)


def at_once(*jobs: Callable[[], object]) -> None:
    """Run the jobs on connections of their own, begun together."""
    gate, errors = threading.Barrier(len(jobs)), list[Exception]()

    def run(job: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            job()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not errors, errors
