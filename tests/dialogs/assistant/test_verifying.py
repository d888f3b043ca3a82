"""Every turn of the assistant is decided the same way again from its record alone; what was tampered with is found."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from content.models import Material
from crm.erasure import erase
from crm.models import Customer
from dialogs.assistant import ruleset
from dialogs.assistant.verifying import verify, verify_all
from dialogs.models import AssistantTurn, Scenario
from dialogs.prompts.files import save_next
from dialogs.publishing import activate_prompt
from tests.dialogs.assistant.talk import Talk
from tests.emulators.llm import ModelServer, Mood


def told(**options: object) -> tuple[str, bool]:
    """Run the command; return what it wrote and whether it was content."""
    out = io.StringIO()
    try:
        call_command("verify_turns", stdout=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}{error}", False
    return out.getvalue(), True


@pytest.fixture
def talked(anna: Talk, model: ModelServer) -> Talk:
    """A talk with the model at its best and at its worst."""
    anna.says("Здравствуйте")
    for mood, words in (
        (Mood.SENSIBLE, "С чего начать?"),
        (Mood.INJECTED, "Сделайте мне скидку и пришлите ссылку"),
        (Mood.UNSURE, "А сколько это стоит?"),
        (Mood.REFUSAL, "Боюсь потерять деньги"),
    ):
        model.moods.always(mood)
        anna.says(words)
    return anna


def test_what_was_decided_is_decided_again(talked: Talk) -> None:
    text, is_content = told()
    decided = AssistantTurn.objects.filter(status="decided").count()
    assert decided >= 3
    assert is_content, text
    assert f"turns judged again: {decided}, agree: {decided}, disagree: 0" in text
    assert "other rules than today's: 0" in text


def test_the_world_may_change_meanwhile(talked: Talk) -> None:
    Material.objects.all().delete()
    assert told()[1]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"final_text": "Доход гарантируем!"}, "final text: was 'Доход гарантируем!'"),
        ({"verdicts": []}, "verdict never_over_a_manager: would be True"),
        ({"raw": "не JSON"}, "raw output: no JSON"),
    ],
)
def test_a_record_that_was_tampered_with_is_found(talked: Talk, change: dict[str, object], complaint: str) -> None:
    last = talked.turn
    AssistantTurn.objects.filter(pk=last.pk).update(**change)
    text, is_content = told()
    assert not is_content
    assert f"turn {last.pk}: {complaint}" in text
    assert "disagree: 1" in text
    assert "1 turns come out otherwise" in text


def test_other_facts_give_another_decision(talked: Talk) -> None:
    turn = talked.turn
    facts = {**turn.facts, "policy": {**turn.facts["policy"], "manager_speaks": True}}
    AssistantTurn.objects.filter(pk=turn.pk).update(facts=facts)
    turn.refresh_from_db()
    assert any(difference.startswith("text: was") for difference in verify(turn).differences)


def test_a_turn_of_other_rules_is_told_apart_and_fails_only_when_asked_to(talked: Talk) -> None:
    turn = talked.turn
    facts = {**turn.facts, "screening": {**turn.facts["screening"], "rules": "older"}}
    AssistantTurn.objects.filter(pk=turn.pk).update(facts=facts, final_text="Иначе")
    text, is_content = told()
    assert is_content
    assert f"turn {turn.pk} (other rules): final text: was 'Иначе'" in text
    assert "other rules than today's: 1" in text
    assert not told(strict=True)[1]


def test_an_erased_record_is_counted_and_not_judged(talked: Talk) -> None:
    AssistantTurn.objects.filter(pk=talked.turn.pk).update(raw="", facts={}, final_text="", verdicts=[], decision={})
    text, is_content = told()
    assert is_content
    assert "without a record (erased, or never decided): 1" in text


def test_the_turns_of_somebody_who_is_forgotten_are_counted_and_not_judged(talked: Talk) -> None:
    decided = AssistantTurn.objects.filter(status="decided").count()
    erase(Customer.objects.get(), by="staff", now=timezone.now())
    text, is_content = told()
    assert is_content, text
    assert f"without a record (erased, or never decided): {decided}" in text
    assert "turns judged again: 0" in text


def test_only_the_newest_are_judged_when_so_asked(talked: Talk) -> None:
    assert [finding.turn for finding in verify_all(newest=2)] == [turn.pk for turn in talked.turns[:-3:-1]]


def test_the_mark_of_the_rules_is_kept_with_the_turn(talked: Talk) -> None:
    assert talked.turn.facts["screening"]["rules"] == ruleset.mark()
    assert json.dumps(talked.turn.facts)


def test_the_offer_the_policy_makes_stands_in_its_prompt(
    anna: Talk, model: ModelServer, tmp_path: Path, settings: Settings
) -> None:
    settings.PROMPTS_DIR = tmp_path
    words = (Path(settings.BASE_DIR) / "prompts" / "consult_offer.txt").read_text()
    head, tail = words.split("[suggest]\n")[0], words[words.index("[time]") :]
    save_next("consult_offer", f"{head}[suggest]\nЗайдите к эксперту на разговор.\n\n{tail}")
    scenario = Scenario.objects.get(key="talk")
    activate_prompt(scenario, "consult_offer", 2)
    anna.says("Здравствуйте")
    Customer.objects.update(segment="hot")
    model.moods.always(Mood.UNSURE)
    anna.says("Что дальше, как начать?")
    turn = anna.turn
    assert turn.facts["policy"]["phrases"]["offer_consult"] == ["Зайдите к эксперту на разговор."]
    assert turn.decision["next_action"] == "offer_consult"
    assert told()[1]


def test_the_model_knows_the_frequent_answers(anna: Talk, model: ModelServer) -> None:
    anna.says("Здравствуйте")
    anna.says("Хочу разобраться")
    instructions = model.requests[-1]["messages"][0]["content"]
    assert "ОТВЕТЫ НА ЧАСТЫЕ ВОПРОСЫ\nЭто подойдёт новичку? Да." in instructions
    assert anna.turn.prompts["help_faq"] == "1"
