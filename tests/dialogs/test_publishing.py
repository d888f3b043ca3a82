"""Drafts as rows, as a mapping and as YAML; versions published and gone back to; dialogues that stay on theirs."""

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from bot.models import Channel
from dialogs.drafts import compile_draft, content_hash, export_yaml, import_draft, parse_yaml, problems_of
from dialogs.engine.problems import ScriptError
from dialogs.models import Choice, Conversation, Scenario, ScenarioVersion, Step
from dialogs.preset_loading import load_preset, script_file
from dialogs.publishing import publish, roll_back, script_of
from dialogs.surroundings import forget
from dialogs.timers import fire_due
from dialogs.turn import take_turns
from tests.dialogs.engine.play import ask, script
from tests.dialogs.test_turn import Person

pytestmark = pytest.mark.django_db(transaction=True)

MENU = {
    "kind": "menu",
    "text": ["Что нужно?", "Что выберете?"],
    "timeout": "1h",
    "on_timeout": "silent",
    "choices": [
        {"key": "win", "text": "Окна", "next": "phone", "synonyms": ["стеклопакет", "рама"], "intents": ["wants"]},
        {"key": "no", "text": "Ничего", "next": "refused"},
    ],
}
RAW = script({"menu": MENU}, start="menu", title="Проба", texts={"help": ["Помощь раз", "Помощь два"]})


# --- one draft in three shapes


def test_a_script_survives_the_rows_and_the_file() -> None:
    scenario = import_draft(RAW)
    compiled = compile_draft(scenario)
    assert compiled == RAW
    again = import_draft(parse_yaml(export_yaml(scenario)))
    assert again.pk == scenario.pk and compile_draft(again) == compiled
    assert content_hash(compile_draft(again)) == content_hash(compiled)


def test_the_shipped_file_survives_them_too() -> None:
    raw = parse_yaml(script_file("first-contact").read_text(encoding="utf-8"))
    scenario = import_draft(raw)
    assert problems_of(compile_draft(scenario)) == []
    assert parse_yaml(export_yaml(scenario)) == compile_draft(scenario)
    assert compile_draft(scenario)["steps"].keys() == raw["steps"].keys()


def test_the_order_of_steps_and_choices_is_kept() -> None:
    scenario = import_draft(RAW)
    assert list(compile_draft(scenario)["steps"]) == list(RAW["steps"])
    assert [choice.key for choice in Choice.objects.all()] == ["win", "no"]


@pytest.mark.parametrize(
    "text", ["key: [", "- a list", "title: without a key", "key: x\nsteps: 5", "key: x\nsteps: {a: {kind: dance}}"]
)
def test_a_file_that_cannot_be_read_changes_nothing(text: str) -> None:
    before = compile_draft(import_draft(RAW))
    with pytest.raises(ScriptError):
        import_draft(parse_yaml(text))
    assert compile_draft(Scenario.objects.get()) == before


# --- publishing


def test_a_fit_draft_becomes_the_current_version() -> None:
    scenario = import_draft(RAW)
    version = publish(scenario, note="первая")
    scenario.refresh_from_db()
    assert (version.number, version.note, scenario.current) == (1, "первая", version)
    assert script_of(version.pk).steps.keys() == RAW["steps"].keys()


def test_an_unfit_draft_is_refused_with_every_finding_and_its_cure() -> None:
    scenario = import_draft(script({"phone": ask(next="nowhere", timeout=0)}))
    with pytest.raises(ScriptError) as caught:
        publish(scenario)
    found = {problem.code: problem for problem in caught.value.problems}
    assert {"unknown-step", "missing-timeout"} <= found.keys()
    assert found["unknown-step"].step == "phone" and "existing step" in found["unknown-step"].cure
    assert not ScenarioVersion.objects.exists()


def test_the_same_draft_makes_no_second_version() -> None:
    scenario = import_draft(RAW)
    first = publish(scenario)
    assert publish(scenario) == first
    Step.objects.filter(key="phone").update(text="Телефон?")
    assert publish(scenario).number == 2
    first.refresh_from_db()
    assert first.compiled["steps"]["phone"]["text"] == "Ваш номер?"


def test_going_back_makes_a_new_version_of_the_old_words_and_the_draft_follows() -> None:
    scenario = import_draft(RAW)
    first = publish(scenario)
    Step.objects.filter(key="phone").update(text="Телефон?")
    publish(scenario)
    third = roll_back(first)
    scenario.refresh_from_db()
    assert (third.number, third.content_hash, scenario.current) == (3, first.content_hash, third)
    assert compile_draft(scenario) == first.compiled


def test_two_editors_at_once_get_two_numbers() -> None:
    scenario = import_draft(RAW)
    first = publish(scenario)
    Step.objects.filter(key="phone").update(text="Телефон?")
    numbers = at_once(scenario, lambda: publish(scenario).number, lambda: roll_back(first).number)
    # Whoever was second may have found the draft already equal to what is current.
    assert ScenarioVersion.objects.count() == max(numbers)
    assert sorted(ScenarioVersion.objects.values_list("number", flat=True)) == list(range(1, max(numbers) + 1))
    scenario.refresh_from_db()
    assert scenario.current is not None and scenario.current.compiled == compile_draft(scenario)


def test_two_who_publish_the_same_draft_at_once_make_one_version() -> None:
    scenario = import_draft(RAW)
    assert at_once(scenario, lambda: publish(scenario).number, lambda: publish(scenario).number) == [1, 1]


def at_once(scenario: Scenario, *acts: Callable[[], int]) -> list[int]:
    """Do `acts` on connections of their own, let go at the same instant: while they queue, the scenario's row is held."""
    with ThreadPoolExecutor(len(acts)) as pool:
        with transaction.atomic():
            Scenario.objects.select_for_update().get(pk=scenario.pk)
            futures: list[Future[int]] = [pool.submit(_on_own_connection, act) for act in acts]
            _wait_for_blocked(len(acts))
        return [future.result(20) for future in futures]


def _on_own_connection(act: Callable[[], int]) -> int:
    try:
        return act()
    finally:
        connections.close_all()


def _wait_for_blocked(count: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] >= count:
                return
        time.sleep(0.01)
    pytest.fail("nobody queued for the scenario's row")


# --- promise 5: a running dialogue never changes its script


def later(**ahead: float) -> dt.datetime:
    return timezone.now() + dt.timedelta(**(ahead or {"seconds": 2}))


@pytest.fixture
def channel() -> Channel:
    load_preset("first-contact")
    forget()
    return Channel.objects.create(
        kind="telegram", title="Бот", credentials={"token": "1:x"}, scenario_key="first-contact"
    )


def test_a_dialogue_under_way_keeps_its_words_and_so_does_a_timer_set_before(channel: Channel) -> None:
    anna, boris = Person(channel, 1), Person(channel, 2)
    anna.writes("Здравствуйте")
    take_turns(clock=later)
    old = Conversation.objects.get().version
    new = publish_other_words()
    anna.writes("что?")
    take_turns(clock=later)
    assert "НОВОЕ" not in anna.heard()[-1]
    fire_due(later(minutes=11))
    take_turns(clock=later)
    assert "Вы ещё здесь?" in anna.heard()[-1]
    boris.writes("Здравствуйте")
    take_turns(clock=later)
    assert "НОВОЕ" in boris.heard()[-1]
    versions = dict(Conversation.objects.values_list("chat__external_id", "version"))
    assert versions == {"1": old.pk, "2": new.pk}


def publish_other_words() -> ScenarioVersion:
    scenario = Scenario.objects.get(key="first-contact")
    raw: dict[str, Any] = compile_draft(scenario)
    raw["steps"]["phone"] |= {"text": "НОВОЕ: ваш номер?", "retries": ["НОВОЕ: номер?"], "reminders": []}
    return publish(import_draft(raw))
