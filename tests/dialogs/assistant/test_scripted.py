"""The seller by rules: what it says by persona, stage, wish and doubt, and what no line of it may say."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from dialogs.assistant import lines, scripted
from dialogs.assistant.context import Context, Line
from dialogs.assistant.parsing import proposal_of
from dialogs.engine.doubts import CODES, TAGS, doubts_in
from dialogs.engine.personas import Persona
from dialogs.engine.policy import KnownMaterial, KnownProduct, PolicyFacts, decide
from dialogs.engine.proposals import NextAction
from dialogs.safety.screening import screen

PRESET = Path(__file__).resolve().parents[3] / "dialogs/presets"
CASE = KnownMaterial("case-1", "case", "Кейс: Олег", text="Олег ведёт журнал.")
ARGUMENT = KnownMaterial("price", "argument", "Почему столько", text="В цену входит проверка.")
BASE = Context(
    segment="warm",
    persona="newcomer",
    materials=(CASE, ARGUMENT),
    products=(KnownProduct("start", "Курс «Старт»", "24900.00", "Шесть недель."),),
    can_book=True,
    can_pay=True,
)


def says(said: str, **changes: Any) -> tuple[str, NextAction]:
    proposal = scripted.propose(replace(BASE, said=said, **changes))
    return proposal.reply_text, proposal.next_action


@pytest.mark.parametrize("persona", ["newcomer", "trader", "investor", "sceptic", ""])
def test_it_speaks_first_with_something_of_value_and_one_question(persona: str) -> None:
    text, action = says("", persona=persona)
    assert text.split("\n\n")[0] in lines.OPENINGS.get(persona or "anybody", ())
    assert (text.count("?"), action) == (1, NextAction.ASK)


def test_a_hot_one_is_offered_a_consultation_at_once_and_not_twice_in_a_row() -> None:
    assert says("", segment="hot")[1] is NextAction.OFFER_CONSULT
    assert says("", segment="hot", last_offer="offer_consult")[1] is NextAction.ASK


def test_who_asks_for_the_price_is_told_of_one_product_and_can_pay() -> None:
    text, action = says("Сколько стоит?")
    assert "Курс «Старт» — 24\u00a0900 ₽" in text
    assert action is NextAction.OFFER_PAYMENT
    assert says("Сколько стоит?", can_pay=False)[1] is NextAction.OFFER_CONSULT
    assert says("Готов начать")[1] is NextAction.OFFER_CONSULT
    assert scripted._price("24900.50") == "24\u00a0900,50 ₽"


def test_a_doubt_is_answered_by_the_script_then_by_the_library_then_by_lines_of_its_own() -> None:
    own = Persona(objections={"expensive": ("Есть бесплатное.",)})
    assert says("Дорого", manners=own)[0].startswith("Есть бесплатное.")
    assert says("Дорого", apt=("price",))[0].startswith("В цену входит проверка.")
    assert says("Дорого")[0].split("\n\n")[0] in lines.ANSWERS["expensive"]
    text, action = says("Дорого", turn=2, apt=("case-1",))
    assert "Олег ведёт журнал" in text
    assert action is NextAction.OFFER_CONSULT


def test_a_question_is_answered_from_the_library_or_honestly_passed_on() -> None:
    assert "Олег ведёт журнал" in says("Кто такой Олег, который ведёт журнал?")[0]
    text, action = says("А какая погода на Марсе?")
    assert text.split("\n\n")[0] in lines.UNKNOWN
    assert action is NextAction.OFFER_CONSULT
    proposal = scripted.propose(replace(BASE, said="А какая погода на Марсе?", can_book=False))
    assert proposal.confidence < 0.5


def test_it_asks_its_questions_in_turn_then_offers_then_still_has_something_to_say() -> None:
    own = Persona(questions=("Первый?", "Второй?"))
    assert says("Понятно", manners=own)[0].endswith("Первый?")
    heard: tuple[Line, ...] = (Line("bot", "Первый?"),)
    assert says("Понятно", manners=own, lines=heard)[0].endswith("Второй?")
    heard = (*heard, Line("bot", "Второй?"))
    assert says("Понятно", manners=own, lines=heard)[1] is NextAction.OFFER_CONSULT
    text, action = says("Понятно", manners=own, lines=heard, can_book=False)
    assert action is NextAction.SHOW_MATERIALS
    assert "Олег" in text
    assert says("Понятно", manners=own, lines=heard, can_book=False, materials=())[0]


def test_it_never_says_the_same_twice_in_a_long_talk() -> None:
    context = BASE
    recent: list[str] = []
    for number in range(1, 25):
        context = replace(context, said=("Не знаю", "Дорого", "Ну да", "Это развод?")[number % 4], turn=number)
        facts = PolicyFacts(
            said=context.said, recent=tuple(recent[::-1]), can_book=True, can_pay=True, materials=context.materials,
            products=context.products, last_offer=context.last_offer, segment="warm",
        )  # fmt: skip
        decision = decide(scripted.propose(context), facts)
        assert decision.text not in recent[-2:]
        recent.append(decision.text)
        context = replace(context, lines=(*context.lines, Line("user", context.said), Line("bot", decision.text)))


def test_its_words_are_read_back_as_any_provider_s() -> None:
    answer = scripted.answer(BASE)
    assert proposal_of(answer.raw) == answer.proposal


def _shipped_words() -> Iterator[str]:
    for name in vars(lines):
        found = getattr(lines, name)
        if name.isupper() and isinstance(found, dict):
            yield from (text for texts in found.values() for text in texts)
        elif name.isupper() and isinstance(found, tuple):
            yield from found
    script = yaml.safe_load((PRESET / "sales.yaml").read_text(encoding="utf-8"))
    for persona in script["steps"]["talk"]["personas"].values():
        yield from persona["questions"]
        yield from (text for texts in persona.get("objections", {}).values() for text in texts)
    content = yaml.safe_load((PRESET / "sales.content.yaml").read_text(encoding="utf-8"))
    yield from (f"{item['title']}. {item['body']}" for item in content["materials"])


@pytest.mark.parametrize("text", list(_shipped_words()))
def test_no_shipped_line_would_be_stopped_by_the_safety_rules(text: str) -> None:
    screening = screen(text)
    assert screening.is_allowed, screening.fired


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Это же пирамида", {"scam"}),
        ("слишком ДОРОГО для меня", {"expensive"}),
        ("мне некогда", {"time"}),
        ("боюсь, что не разберусь", {"fear"}),
        ("гарантируете доход?", {"guarantee"}),
        ("надо подумать и посоветоваться", {"think"}),
        ("зачем платить, всё есть на ютубе", {"free"}),
        ("здравствуйте", set()),
    ],
)
def test_doubts_are_known_by_their_words(text: str, codes: set[str]) -> None:
    assert codes <= set(doubts_in(text))
    assert bool(doubts_in(text)) == bool(codes)


def test_every_doubt_has_answers_and_materials() -> None:
    assert set(CODES) == set(TAGS) == set(lines.ANSWERS)
