"""The labelled lines of real life: most are understood exactly.

`lines.tsv` was written before the reader and guided it. The held-out files were written later, each before the reader
saw it, and scored at first sight: `held_out.tsv` 191 of 247 (77 %), `held_out_2.tsv` 134 of 194 (69 %),
`held_out_3.tsv` 103 of 127 (81 %); `held_out_4.tsv`, by another author and judged by what is demanded and forbidden,
337 of 392 (86 %). They have been used to improve it since, so what they say now is that nothing was
lost, not how good it is with strangers.
"""

import pytest

from dialogs.understanding.catalogue import default_entries
from dialogs.understanding.reader import Reader
from tests.dialogs.understanding import scoring


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(default_entries())


@pytest.mark.parametrize(
    ("file", "share"),
    [
        ("lines.tsv", 0.99),
        ("held_out.tsv", 0.96),
        ("held_out_2.tsv", 0.96),
        ("held_out_3.tsv", 0.94),
        ("held_out_4.tsv", 0.93),
    ],
)
def test_known_lines_stay_understood(reader: Reader, file: str, share: float) -> None:
    total = scoring.score(scoring.load(file), reader)
    assert total.exact / total.lines >= share, scoring.table(total)


def test_demands_are_never_missed_nor_imagined(reader: Reader) -> None:
    """To go on writing to who said stop, or to keep what was to be erased, is worse than any other error."""
    total = scoring.score(scoring.load("lines.tsv"), reader)
    for label in ("stop", "delete_data", "asks_person", "gives_phone"):
        assert total.ratio(label) == (1.0, 1.0), label
