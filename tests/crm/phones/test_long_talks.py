"""A conversation of thousands of messages costs by its length, not by its square."""

import re

import pytest

from crm.phones import areas, find_phones


class Read:
    """Counts how much text was searched for countries and cities."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern, self.characters = pattern, 0

    def finditer(self, text: str) -> object:
        self.characters += len(text)
        return self.pattern.finditer(text)


@pytest.mark.parametrize("tail", [["8 916 123-45-67"], ["я из Казахстана", "701 234 56 78"], ["мск", "255-01-01"]])
def test_each_message_is_searched_a_few_times_however_long_the_talk(
    monkeypatch: pytest.MonkeyPatch, tail: list[str]
) -> None:
    said = [f"сообщение {number} про окна, а номер 8 916" for number in range(300)]
    searched = []
    for part in (said[:150], said):
        readers = [Read(areas._CITY), Read(areas._COUNTRY)]
        monkeypatch.setattr(areas, "_CITY", readers[0])
        monkeypatch.setattr(areas, "_COUNTRY", readers[1])
        find_phones([*part, *tail])
        monkeypatch.undo()
        searched.append(sum(reader.characters for reader in readers))
    assert searched[1] < 2.2 * searched[0], "twice the talk, twice the work"


@pytest.mark.parametrize(
    ("messages", "number"),
    [
        (["я из Казахстана", "ну вот", "701 234 56 78"], "+77012345678"),
        (["живу в Москве", "да", "255-01-01"], None),
    ],
)
def test_what_was_named_earlier_still_counts(messages: list[str], number: str | None) -> None:
    found = find_phones(messages).numbers
    assert number is None or found == (number,)
