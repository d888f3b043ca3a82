"""The home page: every number opens exactly the rows it counts."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from bot.models import InboxEvent
from config import health, troubles
from config.dashboard import PERIODS
from crm.models import Lead
from tests.office import open_office
from tests.people import People, lead_of, logged_in

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"\d+")


def rows_behind(client: Client, url: str) -> int:
    """Follow a number and count what its page shows."""
    page = client.get(url)
    assert page.status_code == 200, url
    if url.startswith(reverse("office_errors")):
        return sum(section["count"] for section in page.context["sections"])
    count: int = page.context["cl"].result_count
    return count


@pytest.mark.parametrize("role", ["owner", "manager", "analyst"])
def test_every_number_opens_exactly_the_rows_it_counts(people: People, role: str) -> None:
    open_office(people)
    client = logged_in(people.user(role))
    home = client.get(reverse("admin:index"))
    rows = {str(row.title): row.numbers for row in home.context["number_rows"]}
    exact = [rows["Новые лиды"], rows["Получены контакты"], rows.get("Сбои, ещё не разобраны", [])]
    counted = 0
    for number in (number for numbers in exact for number in numbers):
        assert rows_behind(client, number.url) == int(number.text), number
        counted += int(number.text)
    assert counted > 0
    for number in rows["Из новых — с контактом"]:
        inside = NUMBER.findall(number.text.partition("(")[2])
        assert rows_behind(client, number.url) == (int(inside[0]) if inside else 0)
    for tile in home.context["tiles"]:
        assert rows_behind(client, tile.url) == tile.count, tile


def test_today_is_told_from_yesterday_at_local_midnight(people: People) -> None:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for at in (midnight, midnight - dt.timedelta(seconds=1), midnight - dt.timedelta(days=6)):
        Lead.objects.filter(pk=lead_of(people.customer).pk).update(created_at=at)
    Lead.objects.filter(pk=lead_of(people.customer).pk).update(created_at=midnight - dt.timedelta(days=6, seconds=1))
    home = logged_in(people.owner).get(reverse("admin:index"))
    assert [number.text for number in home.context["number_rows"][0].numbers] == ["1", "1", "3"]


def test_the_median_and_the_rate(people: People) -> None:
    now = timezone.now()
    start = now - dt.timedelta(seconds=1)
    for minutes in (1, 2, 30, None):
        lead = lead_of(people.customer)
        captured = None if minutes is None else start + dt.timedelta(minutes=minutes)
        Lead.objects.filter(pk=lead.pk).update(created_at=start, captured_at=captured)
    rows = {
        row.title: row.numbers for row in logged_in(people.owner).get(reverse("admin:index")).context["number_rows"]
    }
    assert rows["Из новых — с контактом"][2].text == "75% (3)"
    assert rows["Медиана времени до контакта"][2].text in ("2 мин", "—")  # near midnight the three fall into two days


def test_the_error_page_and_the_ledgers_count_the_same(people: People) -> None:
    open_office(people)
    client = logged_in(people.owner)
    page = client.get(reverse("office_errors"))
    for section in page.context["sections"]:
        assert section["count"] > 0
        assert client.get(section["ledger"]).context["cl"].result_count == section["count"]
    assert troubles.counts({})[""] == sum(section["count"] for section in page.context["sections"])


def test_an_editor_s_home_has_no_numbers(people: People) -> None:
    home = logged_in(people.editor).get(reverse("admin:index"))
    assert (home.context["number_rows"], home.context["tiles"], home.context["signs"]) == ([], [], [])


def test_a_queue_whose_head_is_late_is_bad(people: People) -> None:
    now = timezone.now()
    event = InboxEvent.objects.create(channel=people.chat.channel, chat=people.chat, external_id="1", kind="text")
    InboxEvent.objects.filter(pk=event.pk).update(ready_at=now - dt.timedelta(minutes=3))
    states = {sign.title: sign.state for sign in health.signs(now)}
    assert states["Входящие"] == "bad"
    assert states["Исходящие"] == "ok"


@pytest.mark.parametrize(("seconds", "words"), [(5, "5 с"), (300, "5 мин"), (3_660, "1 ч 1 мин"), (90_000, "1 дн 1 ч")])
def test_ages_are_said_in_words(seconds: int, words: str) -> None:
    assert health.words_for(dt.timedelta(seconds=seconds)) == words


# A page states its queries: one more is a decision, not an accident.
QUERIES = {
    "admin:index": 27,
    "office_errors": 23,
    "admin:crm_lead_changelist": 14,
    "admin:crm_customer_changelist": 10,
    "admin:dialogs_conversation_changelist": 10,
    "admin:bot_message_changelist": 11,
    "admin:bot_inboxevent_changelist": 11,
    "admin:bot_chat_changelist": 11,
    "admin:crm_assignment_changelist": 11,
    "admin:crm_writeback_changelist": 10,
    "admin:crm_remotelead_changelist": 10,
    "admin:dialogs_scenarioversion_changelist": 11,
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_list_asks_few_questions_however_many_rows(
    people: People, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    open_office(people)
    client = logged_in(people.owner)
    with django_assert_max_num_queries(QUERIES[name]):
        client.get(reverse(name))


def test_the_periods_are_named() -> None:
    assert PERIODS == ("today", "yesterday", "7d")


def test_a_stranger_at_the_home_page_is_asked_to_log_in() -> None:
    answer = Client().get(reverse("admin:index"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("admin:login"))
