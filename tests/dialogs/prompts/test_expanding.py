"""A scenario says what stands in a prompt: in the version it is pinned to, with every wording."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from dialogs.drafts import import_draft, problems_of
from dialogs.engine.problems import ScriptError
from dialogs.engine.rendering import render
from dialogs.preset_loading import load_preset
from dialogs.prompts.expanding import AS_VARIABLES, expanded, wordings_of
from dialogs.prompts.files import save_next
from dialogs.publishing import activate_prompt, publish, script_of
from tests.dialogs.engine.play import ask, script

OFFER = "{{prompt.consult_offer.offer}}"
first = wordings_of({})


@pytest.fixture(autouse=True)
def saved(tmp_path: Path, settings: Settings) -> Path:
    settings.PROMPTS_DIR = tmp_path
    return tmp_path


def text_of(raw: Any) -> Any:
    return expanded({"steps": {"a": {"kind": "say", "text": raw}}}, first)["steps"]["a"]["text"]


def test_a_reference_alone_stands_for_every_wording() -> None:
    assert text_of(OFFER) == list(first("consult_offer", "offer"))
    assert len(text_of(["Сначала своё", f" {OFFER} "])) == 1 + len(first("consult_offer", "offer"))
    assert text_of("{{prompt.consult_offer.confirm}}") == "Записываю: {{answer}}. Всё верно?"


def test_a_reference_among_other_words_is_its_first_wording() -> None:
    assert text_of(f"Итак. {OFFER}") == f"Итак. {first('consult_offer', 'offer')[0]}"


def test_texts_reminders_and_buttons_are_filled_in_too() -> None:
    raw = {
        "key": "x", "menu": [{"text": "{{prompt.consult_offer.taken}}", "data": "a"}], "texts": {"help": [OFFER]},
        "steps": {"a": {"kind": "menu", "reminders": [{"after": "1h", "text": OFFER}], "tries": 3}},
    }  # fmt: skip
    done = expanded(raw, first)
    assert done["menu"][0]["text"].startswith("Это время только что заняли")
    assert done["texts"]["help"] == list(first("consult_offer", "offer"))
    assert done["steps"]["a"] == {
        "kind": "menu", "reminders": [{"after": "1h", "text": first("consult_offer", "offer")[0]}], "tries": 3,
    }  # fmt: skip


def test_what_is_no_script_stays_as_it_is_for_whoever_checks_it() -> None:
    assert expanded({"steps": "x", "texts": None}, first) == {"steps": "x", "texts": None}
    assert expanded({"steps": {"a": 5}}, first) == {"steps": {"a": 5}}


@pytest.mark.parametrize(
    "name", ["prompt.consult_offer.nothing", "prompt.nothing.offer", "prompt.system_manager.offer"]
)
def test_a_name_nobody_knows_is_found_before_publishing(name: str) -> None:
    found = problems_of(script({"phone": ask(text=f"Ваш номер? {{{{{name}}}}}")}))
    assert [(problem.code, problem.step) for problem in found] == [("unknown-variable", "phone")]


def test_every_placeholder_of_such_a_prompt_has_a_name_in_the_engine() -> None:
    from dialogs.prompts.catalogue import KINDS

    spoken = {name for kind in ("consult_offer", "payment_offer", "help_faq") for name in KINDS[kind].placeholders}
    assert spoken <= set(AS_VARIABLES)


@pytest.mark.django_db
def test_a_dialogue_under_way_keeps_the_words_of_its_version() -> None:
    scenario = import_draft(script({"phone": ask(text="{{prompt.consult_offer.suggest}}")}))
    old = publish(scenario)
    words = Path(__file__).resolve().parents[3].joinpath("prompts/consult_offer.txt").read_text()
    save_next("consult_offer", words.replace("Предлагаю обсудить это с экспертом", "Обсудим с экспертом"))
    new = activate_prompt(scenario, "consult_offer", 2)
    before, after = script_of(old.pk).steps["phone"], script_of(new.pk).steps["phone"]
    assert next(iter(before.texts())).startswith("Предлагаю обсудить это с экспертом")
    assert next(iter(after.texts())).startswith("Обсудим с экспертом")


@pytest.mark.django_db
def test_words_a_script_cannot_say_are_not_activated() -> None:
    scenario = import_draft(
        script({"phone": ask(text="{{prompt.consult_offer.suggest}}{{prompt.consult_offer.extra}}")})
    )
    words = Path(__file__).resolve().parents[3].joinpath("prompts/consult_offer.txt").read_text()
    save_next("consult_offer", words + "\n[extra]\nЕщё.\n")
    with pytest.raises(ScriptError):
        publish(scenario)  # the first version has no such section


@pytest.mark.django_db
def test_a_version_that_is_lost_gives_way_to_the_first(saved: Path) -> None:
    (saved / "consult_offer-v2.txt").write_text("[offer]\nбез остального")
    assert wordings_of({"consult_offer": 2})("consult_offer", "taken") == first("consult_offer", "taken")


@pytest.mark.django_db
def test_the_school_speaks_from_its_prompts() -> None:
    scenario = load_preset("sales")
    assert scenario.current is not None
    school = script_of(scenario.current.pk)
    confirm = render(school.texts["booking_confirm"][0], {"answer": "завтра в 12:00"})
    assert confirm == "Записываю: завтра в 12:00. Всё верно?"
    assert "{{prompt" not in repr(school)
    assert "дохода не обещает" in repr(school.steps["offer"])
