"""Choosing one of several, in the ways people really answer."""

import pytest

from dialogs.engine.choosing import Option, chosen_by, place_of
from dialogs.engine.reading import Reading

OPTIONS = [
    Option(key="learn", text="Разобраться"),
    Option(key="keep", text="🛡 Сохранить накопления"),
    Option(key="grow", text="Приумножить капитал"),
    Option(key="order", text="Навести порядок в портфеле и накоплениях"),
]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("первый", 1),
        ("вторая", 2),
        ("третье", 3),
        ("вариант 2", 2),
        ("2 й", 2),
        ("1 ый вариант", 1),
        ("давайте четвертый вариант пожалуйста", 4),
        ("последний", 4),
        ("номер 3", 3),
        ("пятый", 0),  # there are four
        ("9", 0),
        ("пятница", 0),
        ("первый раз слышу", 0),
        ("у меня 2 квартиры", 0),
        ("", 0),
    ],
)
def test_a_choice_may_be_named_by_its_place(text: str, place: int) -> None:
    assert place_of(text, 4) == place


@pytest.mark.parametrize(
    ("text", "intents", "key"),
    [
        ("второй", ("statement",), "keep"),
        ("сохранить", ("statement",), "keep"),
        ("Сохранить деньги", ("statement",), "keep"),
        ("хочу приумножить", ("wants",), "grow"),
        ("капитал", ("statement",), "grow"),
        ("порядок", ("statement",), "order"),
        ("накопления", ("statement",), None),  # two share it: ask
        ("не сохранить", ("statement",), None),
        ("а сохранить можно?", ("question",), None),
        ("расскажите, как лучше сохранить то, что есть", ("statement",), None),  # no answer, a wish
        ("да", ("affirm",), None),
    ],
)
def test_a_short_answer_may_share_only_a_word_with_its_button(
    text: str, intents: tuple[str, ...], key: str | None
) -> None:
    chosen = chosen_by(Reading(text=text, intents=intents), OPTIONS)
    assert (chosen and chosen.key) == key
