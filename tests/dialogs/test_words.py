"""Codes of a scenario as its editors read them."""

import pytest
from django.utils import translation

from dialogs.words import kind_words, timer_words


@pytest.mark.parametrize(
    ("name", "words"),
    [("reminder:0", "напоминание 1"), ("timeout", "слишком долго нет ответа"), ("of my own", "of my own")],
)
def test_a_timer_is_told_in_words(name: str, words: str) -> None:
    with translation.override("ru"):
        assert timer_words(name) == words


def test_a_kind_of_step_is_told_in_a_word() -> None:
    with translation.override("ru"):
        assert (kind_words("handover"), kind_words("dance")) == ("к человеку", "dance")
