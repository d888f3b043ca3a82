"""The calendar of consultations in a real browser: dragged by mouse, moved by keyboard, in the hand, in both themes."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from bot.models import InboxEvent
from crm import booking
from crm.models import Appointment, ScheduleRule
from tests.people import People, logged_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOSCOW = ZoneInfo("Europe/Moscow")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def appointment(people: People) -> Appointment:
    """On Tuesday of next week, at two; every day is open, so that no test depends on today's."""
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    ScheduleRule.objects.create(title="Консультации", weekdays=days)
    return booking.book(people.customer, next_week(1, 14), chat=people.chat, key="k", now=timezone.now())


def next_week(day: int, hour: int) -> dt.datetime:
    today = timezone.now().astimezone(MOSCOW).date()
    monday = today + dt.timedelta(days=7 - today.weekday())
    return dt.datetime.combine(monday + dt.timedelta(days=day), dt.time(hour), MOSCOW)


def calendar(context: BrowserContext, live_server: Any, people: People) -> Page:
    session = logged_in(people.owner).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('admin:crm_appointment_calendar')}?week={next_week(0, 0):%Y-%m-%d}")
    return page


def cell(page: Page, moment: dt.datetime) -> Any:
    return page.locator(f'[data-starts="{moment.isoformat()}"]')


def test_an_appointment_is_dragged_to_a_free_time_and_the_customer_is_told(
    live_server: Any, people: People, appointment: Appointment, new_context: NewContext
) -> None:
    page = calendar(new_context(viewport={"width": 1400, "height": 900}), live_server, people)
    card = page.locator(f'[data-appointment="{appointment.pk}"]')
    expect(cell(page, next_week(1, 14))).to_contain_text("1/1")
    with page.expect_response(lambda answer: "/move/" in answer.url):
        card.drag_to(cell(page, next_week(3, 16)))
    expect(cell(page, next_week(3, 16)).locator(".cal-place")).to_be_visible()
    expect(cell(page, next_week(1, 14))).to_contain_text("0/1")
    appointment.refresh_from_db()
    assert appointment.starts_at == next_week(3, 16)
    assert InboxEvent.objects.get(kind="booking").payload["outcome"] == "moved_by_us"


def test_what_is_full_or_closed_takes_no_card(
    live_server: Any, people: People, appointment: Appointment, new_context: NewContext
) -> None:
    ScheduleRule.objects.update(days_off=[next_week(2, 0).date().isoformat()])
    page = calendar(new_context(viewport={"width": 1400, "height": 900}), live_server, people)
    page.locator(f'[data-appointment="{appointment.pk}"]').drag_to(cell(page, next_week(2, 14)))
    page.wait_for_timeout(300)
    appointment.refresh_from_db()
    assert appointment.starts_at == next_week(1, 14)


def test_the_keyboard_alone_moves_an_appointment(
    live_server: Any, people: People, appointment: Appointment, new_context: NewContext
) -> None:
    page = calendar(new_context(viewport={"width": 1400, "height": 900}), live_server, people)
    page.locator(".cal-menu summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Новое время").select_option(next_week(2, 12).isoformat())
    page.locator(".cal-menu button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("клиенту сообщаем")).to_be_visible()
    appointment.refresh_from_db()
    assert appointment.starts_at == next_week(2, 12)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_the_hand_nothing_runs_out_of_the_screen_in_either_theme(
    live_server: Any, people: People, appointment: Appointment, new_context: NewContext, scheme: str
) -> None:
    page = calendar(new_context(**PHONE, color_scheme=scheme), live_server, people)
    expect(page.locator(f'[data-appointment="{appointment.pk}"]')).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")


def test_an_admin_changes_the_schedule_and_the_calendar_follows(
    live_server: Any, people: People, appointment: Appointment, new_context: NewContext
) -> None:
    page = calendar(new_context(viewport={"width": 1400, "height": 900}), live_server, people)
    page.goto(live_server.url + reverse("admin:crm_schedulerule_change", args=[ScheduleRule.objects.get().pk]))
    page.locator("input[name=times]").fill("10:30, 14:00")
    page.locator("input[name=capacity]").fill("3")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page).to_have_url(live_server.url + reverse("admin:crm_schedulerule_changelist"))
    page.goto(f"{live_server.url}{reverse('admin:crm_appointment_calendar')}?week={next_week(0, 0):%Y-%m-%d}")
    expect(cell(page, next_week(1, 14))).to_contain_text("1/3")
    expect(cell(page, next_week(1, 10) + dt.timedelta(minutes=30))).to_contain_text("0/3")
