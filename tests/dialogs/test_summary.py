"""What a manager reads first: the customer's words without the small talk."""

import pytest

from dialogs.effects.summary import telling


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            ["Здрасте", "сколько стоит", "окно 1300 на 1400", "8 916 765 43 21", "да"],
            ["сколько стоит", "окно 1300 на 1400"],
        ),
        (["/start", "Да, верно", "спасибо!"], []),
        (["мой номер 8916 765-43-21"], []),
        (["пишите на 8 (916) 123-45-67, после шести"], ["пишите на 8 (916) 123-45-67, после шести"]),
        (["окно", "окно", "  окно \n на кухню "], ["окно", "окно на кухню"]),
        (["???", "👍", ""], ["???", "👍"]),
        (["📱 …", "📱 +79261234567"], []),
        (["не дам номер"], ["не дам номер"]),
    ],
)
def test_a_manager_reads_what_was_asked_and_not_what_answered_the_bot(said: list[str], told: list[str]) -> None:
    assert telling(said) == told
