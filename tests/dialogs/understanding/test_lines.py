"""The labelled lines of real life: most are understood exactly, and no intent is guessed at random."""

import pytest

from dialogs.understanding.catalogue import default_entries
from dialogs.understanding.reader import Reader
from tests.dialogs.understanding import scoring


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(default_entries())


def test_at_least_98_of_100_known_lines_are_understood_exactly(reader: Reader) -> None:
    total = scoring.score(scoring.load("lines.tsv"), reader)
    assert total.exact / total.lines >= 0.98, scoring.table(total)
