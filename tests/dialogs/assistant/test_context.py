"""What a provider is told: bounded, without contacts, and the same after the database; which materials; what it costs."""

import json
from decimal import Decimal

import pytest
from pytest_django import Settings

from content.models import Material, Product
from dialogs.assistant.context import Context, Line, tokens_of, within, without_contacts
from dialogs.assistant.materials import pick, products_for
from dialogs.assistant.parsing import proposal_of, raw_of
from dialogs.assistant.provider import Request, Unusable, Usage
from dialogs.assistant.spending import Price, Purse, price_of
from dialogs.assistant.wording import NOBODY_SPOKE, messages_for
from dialogs.engine.personas import Persona
from dialogs.engine.policy import KnownMaterial, KnownProduct
from dialogs.engine.proposals import NextAction, Proposal, ProposedButton

LONG = "Очень длинное сообщение о том, как всё начиналось. " * 20
FULL = Context(
    business="Школа", name="Анна", segment="warm", persona="newcomer", said="Дорого",
    manners=Persona("Понять", "Мягко", ("basics",), ("Что важно?",), {"expensive": ("Есть бесплатное.",)}),
    answers={"goal": "Разобраться"}, lines=tuple(Line("user" if n % 2 else "bot", LONG) for n in range(12)),
    materials=(KnownMaterial("a", "case", "Кейс", "https://s.example/a", LONG), KnownMaterial("b", "review", "Отзыв", "", LONG)),
    products=(KnownProduct("start", "Курс", "24900.00", "Шесть недель."),),
    buttons={"talk:more": "подробнее"}, suspicions=("asks_role",), slots=("2026-11-23T12:00",), apt=("a",), turn=3,
)  # fmt: skip


def test_it_survives_the_database() -> None:
    assert Context.from_json(json.loads(json.dumps(FULL.to_json()))) == FULL


@pytest.mark.parametrize("budget", [500, 1000, 4000, 100_000])
def test_it_never_takes_more_than_its_budget_and_the_newest_words_stay(budget: int) -> None:
    cut = within(FULL, budget)
    told = sum(tokens_of(line.text) for line in cut.lines) + sum(tokens_of(item.text) for item in cut.materials)
    assert told <= budget
    assert cut.lines[-1].text == FULL.lines[-1].text[: len(cut.lines[-1].text)]
    assert len(cut.lines) >= 2
    assert (cut == FULL) == (budget == 100_000)


def test_contacts_stay_here() -> None:
    said = without_contacts(
        "Звоните 8 (916) 123-45-67 или a.b@mail.ru, карта 2202 2000 1234 5678, бюджет 300 000 ₽, 25.12 в 15:30"
    )
    assert said == "Звоните [номер] или [почта], карта [номер], бюджет 300 000 ₽, 25.12 в 15:30"


def test_the_talk_is_told_as_a_talk_and_the_facts_as_facts() -> None:
    context = Context(name="Анна", said="Дорого", lines=(Line("manager", "Это Олег."), Line("user", "Дорого")))
    system, facts, manager, user = messages_for(Request(context, "Ты — менеджер."))
    assert system["content"] == "Ты — менеджер."
    assert '"name": "Анна"' in facts["content"]
    assert (manager["role"], manager["content"]) == ("assistant", "[менеджер] Это Олег.")
    assert (user["role"], user["content"]) == ("user", "Дорого")
    assert messages_for(Request(Context(lines=(Line("user", "да"),))))[-1]["content"] == NOBODY_SPOKE
    answered = Context(said="Сколько стоит?", lines=(Line("user", "Сколько стоит?"), Line("bot", "24 900 ₽.")))
    assert messages_for(Request(answered))[-1] == {"role": "user", "content": "Сколько стоит?"}


@pytest.mark.parametrize(
    "raw",
    [
        "", "{}", "[]", "null", "привет", '{"reply_text": "  "}',
        '{"reply_text": "Да", "buttons": [], "next_action": "sell", "confidence": 1}',
        '{"reply_text": "Да", "buttons": {}, "next_action": "ask", "confidence": 1}',
        '{"reply_text": "Да", "buttons": [1], "next_action": "ask", "confidence": 1}',
        '{"reply_text": "Да", "buttons": [{"text": 1, "callback": "a"}], "next_action": "ask", "confidence": 1}',
        '{"reply_text": "Да", "buttons": [], "next_action": "ask", "confidence": true}',
        '{"reply_text": "Да", "buttons": [], "next_action": "ask", "confidence": 7}',
        '{"reply_text": "' + "а" * 30_000 + '", "buttons": [], "next_action": "ask", "confidence": 1}',
    ],
)  # fmt: skip
def test_anything_but_the_agreed_json_is_unusable(raw: str) -> None:
    with pytest.raises(Unusable):
        proposal_of(raw)


def test_a_proposal_is_read_back_as_it_was_written() -> None:
    proposal = Proposal("Да", (ProposedButton("Ещё", "talk:more"),), NextAction.OFFER_CONSULT, 0.5)
    assert proposal_of(raw_of(proposal)) == proposal


def material(
    key: str, *, segments: tuple[str, ...] = (), tags: tuple[str, ...] = (), kind: str = "article", stage: str = ""
) -> Material:
    return Material(key=key, title=key, type=kind, segments=list(segments), tags=list(tags), stage=stage)


def test_materials_are_chosen_by_segment_stage_tags_doubts_and_what_was_shown() -> None:
    shelf = [
        material("hot", segments=("hot",)),
        material("later", stage="offer"),
        material("tagged", tags=("newcomer",)),
        material("case", kind="case"),
        material("price", tags=("price",), kind="argument"),
        material("plain"),
    ]

    def chosen(**wanted: object) -> list[str]:
        return [item.key for item in pick(shelf, segment="warm", **wanted)]  # type: ignore[arg-type]

    assert chosen() == ["case", "plain", "price"]
    assert chosen(tags=("newcomer",)) == ["tagged", "case", "plain"]
    assert chosen(doubts=("expensive",))[0] == "price"
    assert chosen(stage="offer")[0] == "case" and "later" in chosen(stage="offer")
    assert chosen(shown=("case", "plain")) == ["price", "tagged", "case"]


def test_the_product_that_suits_comes_first() -> None:
    products = [Product(pk=1, code="a", personas=["trader"]), Product(pk=2, code="b", personas=["newcomer"])]
    assert [item.code for item in products_for(products, "newcomer")] == ["b", "a"]


def test_prices_are_found_by_the_longest_name_and_an_unknown_model_is_dear(settings: Settings) -> None:
    assert price_of("gpt-4o-mini-2024-07-18") == Price(Decimal("0.15"), Decimal("0.60"))
    assert price_of("gpt-4o-2024") == Price(Decimal("2.50"), Decimal(10))
    assert price_of("who-knows") == Price(*settings.OPENAI_UNKNOWN_PRICE)
    assert price_of("gpt-4o-mini").of(Usage(1_000_000, 1_000_000)) == Decimal("0.75")


def test_what_is_under_way_counts_as_spent() -> None:
    purse = Purse(Decimal(1), Decimal("0.5"), spent_today=Decimal("0.6"), spent={7: Decimal("0.45")})
    assert purse.refuses(8, Decimal("0.3")) == ""
    purse.under_way[1] = Decimal("0.2")
    assert purse.refuses(8, Decimal("0.3")) == "day_limit"
    assert purse.refuses(7, Decimal("0.1")) == "conversation_limit"
