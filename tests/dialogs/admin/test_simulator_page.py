"""The simulator in the browser: a draft is talked to and nothing is written."""

import re

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from dialogs.models import Scenario
from dialogs.preset_loading import load_preset
from tests.people import People, logged_in

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'id="sim-token"\s+value="([^"]+)"')


@pytest.fixture
def scenario(people: People) -> Scenario:
    return load_preset("first-contact")


class Room:
    """One simulated dialogue: keeps the token as the page does."""

    def __init__(self, client: Client, scenario: Scenario) -> None:
        self.client, self.address = client, reverse("admin:dialogs_scenario_simulator", args=[scenario.pk])
        self.token = self._token(client.get(self.address).content.decode())

    def say(self, text: str) -> str:
        answer = self.client.post(self.address, {"token": self.token, "text": text})
        assert answer.status_code == 200
        page = str(answer.content.decode())
        self.token = self._token(page) if "sim-token" in page else self.token
        return page

    def _token(self, page: str) -> str:
        found = TOKEN.search(page)
        assert found is not None
        return found[1]


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_a_draft_is_talked_to_and_nothing_is_written(people: People, scenario: Scenario) -> None:
    room = Room(logged_in(people.editor), scenario)
    before = counts()
    assert "Оставьте, пожалуйста, номер телефона" in room.say("/start")
    assert "+7 916 123-45-67" in room.say("8 916 123-45-67")
    assert counts() == before


def test_time_is_skipped_and_timers_fire(people: People, scenario: Scenario) -> None:
    room = Room(logged_in(people.editor), scenario)
    assert "reminder" in room.say("/start")
    page = room.say("+2h")
    assert "Вы ещё здесь?" in page
    assert "⏱" in page
    assert "silent" in page


def test_the_draft_counts_and_not_the_published_version(people: People, scenario: Scenario) -> None:
    scenario.steps.filter(key="hello").update(text="Черновой привет")
    assert "Черновой привет" in Room(logged_in(people.editor), scenario).say("/start")


def test_a_draft_that_leads_nowhere_says_so(people: People, scenario: Scenario) -> None:
    scenario.steps.filter(key="hello").update(next="nowhere")
    page = Room(logged_in(people.editor), scenario).say("/start")
    assert "Ведёт к шагу, которого нет" in page


def test_a_state_changed_on_the_way_is_refused(people: People, scenario: Scenario) -> None:
    room = Room(logged_in(people.editor), scenario)
    room.client.raise_request_exception = False
    answer = room.client.post(room.address, {"token": room.token[:-3] + "abc", "text": "a"})
    assert answer.status_code == 400


def test_what_the_customer_types_is_never_markup(people: People, scenario: Scenario) -> None:
    room = Room(logged_in(people.editor), scenario)
    room.say("/start")
    assert "<script>x" not in room.say("<script>x</script>")
