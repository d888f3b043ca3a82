"""Consultations in the back office: the calendar, the list, the file, and the schedule that an admin changes."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bot.models import InboxEvent
from crm import booking
from crm.models import Appointment, Customer, Lead, ScheduleRule
from tests.people import People, lead_of, logged_in

pytestmark = pytest.mark.django_db
MOSCOW = ZoneInfo("Europe/Moscow")
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
CALENDAR = "admin:crm_appointment_calendar"


@pytest.fixture(autouse=True)
def rule() -> ScheduleRule:
    return ScheduleRule.objects.create(title="Консультации", weekdays=DAYS, capacity=2)


def day_after(days: int, hour: int = 14) -> dt.datetime:
    today = timezone.now().astimezone(MOSCOW).date()
    return dt.datetime.combine(today + dt.timedelta(days=days), dt.time(hour), MOSCOW)


def booked(people: People, lead: Lead | None = None, *, starts_at: dt.datetime | None = None) -> Appointment:
    customer = lead.customer if lead is not None else people.customer
    moment = starts_at or day_after(1)
    return booking.book(customer, moment, chat=people.chat, lead=lead, key=f"k{customer.pk}", now=timezone.now())


def move(client: Client, row: Appointment, starts_at: str, **headers: str) -> object:
    return client.post(reverse("admin:crm_appointment_move", args=[row.pk]), {"starts_at": starts_at}, headers=headers)


def test_the_calendar_shows_who_comes_when_and_how_many_places_are_taken(people: People) -> None:
    row = booked(people, lead_of(people.customer, chat=people.chat, manager=people.olga))
    page = logged_in(people.owner).get(reverse(CALENDAR), {"week": row.local.date().isoformat()}).content.decode()
    assert str(people.customer) in page and "1/2" in page and "draggable" in page
    assert "Nothing is held" not in page
    ScheduleRule.objects.all().delete()
    empty = logged_in(people.owner).get(reverse(CALENDAR), {"week": "2030-01-01"}).content.decode()
    assert "<table" not in empty


@pytest.mark.parametrize("week", ["", "nonsense", "2026-02-31", "0001-01-01", "9999-12-31"])
def test_any_week_in_the_address_opens(people: People, week: str) -> None:
    assert logged_in(people.owner).get(reverse(CALENDAR), {"week": week}).status_code == 200


def test_a_manager_sees_whose_are_their_own_and_only_that_the_rest_is_taken(people: People) -> None:
    other = Customer.objects.create(name="Чужой Клиент")
    mine = booked(people, lead_of(people.customer, chat=people.chat, manager=people.olga))
    theirs = booked(people, lead_of(other, chat=people.chat, manager=people.pavel))
    client = logged_in(people.manager)
    page = client.get(reverse(CALENDAR), {"week": mine.local.date().isoformat()}).content.decode()
    assert str(people.customer) in page and "Чужой" not in page and "занято" in page
    assert "Чужой" not in client.get(reverse("admin:crm_appointment_changelist")).content.decode()
    assert move(client, theirs, day_after(3).isoformat()).status_code == 404  # type: ignore[attr-defined]
    assert move(client, mine, day_after(3).isoformat()).status_code == 302  # type: ignore[attr-defined]


def test_a_move_by_mouse_answers_the_script_and_tells_the_customer(people: People) -> None:
    row = booked(people)
    client = logged_in(people.owner)
    answer = move(client, row, day_after(3, 16).isoformat(), accept="application/json")
    assert answer.status_code == 200 and answer.json()["ok"]  # type: ignore[attr-defined]
    row.refresh_from_db()
    assert row.starts_at == day_after(3, 16) and row.status == Appointment.Status.RESCHEDULED
    assert InboxEvent.objects.get(kind="booking").payload["outcome"] == "moved_by_us"
    refused = move(client, row, day_after(3, 15).isoformat(), accept="application/json")
    assert refused.status_code == 409 and not refused.json()["ok"]  # type: ignore[attr-defined]
    for odd in ("", "завтра", "2026-02-31T10:00", "2026-12-01T10:00"):
        assert move(client, row, odd, accept="application/json").status_code == 409  # type: ignore[attr-defined]
    assert client.get(reverse("admin:crm_appointment_move", args=[row.pk])).status_code == 405


def test_who_may_only_look_may_not_move(people: People) -> None:
    row = booked(people)
    assert move(logged_in(people.analyst), row, day_after(3).isoformat()).status_code == 403  # type: ignore[attr-defined]


def test_the_buttons_of_a_page_are_those_that_fit(people: People) -> None:
    row = booked(people)
    client = logged_in(people.owner)
    page = client.get(reverse("admin:crm_appointment_change", args=[row.pk])).content.decode()
    assert "Отменить" in page and "Не пришёл" not in page
    press = reverse("admin:crm_appointment_do", args=[row.pk, "cancel"])
    assert client.post(press, follow=True).status_code == 200
    assert InboxEvent.objects.get(kind="booking").payload["outcome"] == "canceled_by_us"
    past = booked(people, starts_at=day_after(2))
    Appointment.objects.filter(pk=past.pk).update(starts_at=day_after(-2), ends_at=day_after(-2, 15))
    for verb, status in (("no-show", "no_show"), ("completed", "completed")):
        client.post(reverse("admin:crm_appointment_do", args=[past.pk, verb]))
        past.refresh_from_db()
        assert past.status == status
    assert "перенос" not in client.get(reverse("admin:crm_appointment_change", args=[past.pk])).content.decode()


def test_the_list_is_filtered_searched_and_taken_away_as_a_file(people: People) -> None:
    Customer.objects.filter(pk=people.customer.pk).update(name="=cmd()", phone="+79161234567")
    people.customer.refresh_from_db()
    booked(people)
    client = logged_in(people.owner)
    where = reverse("admin:crm_appointment_changelist")
    assert "=cmd()" in client.get(where, {"status__in": "scheduled", "q": "4567"}).content.decode()
    assert "=cmd()" not in client.get(where, {"q": "nobody"}).content.decode()
    files = {}
    for when in ("", "today", "tomorrow", "week", "past"):
        answer = client.get(reverse("admin:crm_appointment_export"), {"when": when})
        assert answer.status_code == 200
        files[when] = answer.content.decode("utf-8-sig")
    assert {when: len(text.splitlines()) - 1 for when, text in files.items()} == {
        "": 1, "today": 0, "tomorrow": 1, "week": 1, "past": 0,
    }  # fmt: skip
    assert "'=cmd()" in files["week"] and "'+79161234567" in files["week"] and "14:00" in files["week"]


SCHEDULE = {
    "title": "Вечерние", "weekdays": ["mon", "sat"], "times": "19:30, 9:00, 19:30", "duration_minutes": "40", "capacity": "3",
    "time_zone": "Europe/Moscow", "lead_minutes": "30", "horizon_days": "14", "reminders": "15, 1440", "days_off": "2026-12-31",
    "valid_from": "", "valid_to": "", "is_active": "on",
}  # fmt: skip


def test_an_admin_makes_a_rule_in_words(people: People) -> None:
    client = logged_in(people.admin)
    answer = client.post(reverse("admin:crm_schedulerule_add"), SCHEDULE)
    assert answer.status_code == 302, answer.context and answer.context["adminform"].form.errors
    made = ScheduleRule.objects.get(title="Вечерние")
    assert (made.times, made.reminders, made.weekdays) == (["09:00", "19:30"], [1440, 15], ["mon", "sat"])
    assert "Пн, Сб" in client.get(reverse("admin:crm_schedulerule_changelist")).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("times", "25:00"), ("times", ""), ("times", "полдень"), ("reminders", "час"), ("reminders", "0"), ("days_off", "вчера"),
        ("days_off", "2026-02-31"), ("time_zone", "Mars/Olympus"), ("capacity", "0"), ("horizon_days", "0"), ("weekdays", []),
    ],
)  # fmt: skip
def test_what_cannot_be_a_schedule_is_refused_at_its_field(people: People, field: str, value: object) -> None:
    answer = logged_in(people.admin).post(reverse("admin:crm_schedulerule_add"), {**SCHEDULE, field: value})
    assert answer.status_code == 200 and field in answer.context["adminform"].form.errors


def test_a_rule_that_ends_before_it_begins_is_refused(people: People) -> None:
    dates = {"valid_from": "2026-12-02", "valid_to": "2026-12-01"}
    answer = logged_in(people.admin).post(reverse("admin:crm_schedulerule_add"), {**SCHEDULE, **dates})
    assert "valid_to" in answer.context["adminform"].form.errors
