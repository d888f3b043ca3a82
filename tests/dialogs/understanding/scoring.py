"""Scores a reader against labelled lines: `python -m tests.dialogs.understanding.scoring [FILE] [-v]` prints a table.

A line is "labels<TAB>text": an intent or `faq:KEY` is required, `~label` is allowed but not required.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dialogs.engine.reading import Reading
from dialogs.understanding.catalogue import default_entries
from dialogs.understanding.reader import Reader

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Line:
    """One labelled line."""

    text: str
    required: frozenset[str]
    allowed: frozenset[str]


@dataclass
class Score:
    """Counts over many lines."""

    exact: int = 0
    lines: int = 0
    hits: Counter[str] | None = None
    misses: Counter[str] | None = None
    extras: Counter[str] | None = None

    def __post_init__(self) -> None:
        self.hits, self.misses, self.extras = Counter(), Counter(), Counter()

    def ratio(self, label: str) -> tuple[float, float]:
        """Return precision and recall of one label."""
        assert self.hits is not None and self.misses is not None and self.extras is not None
        hit, missed, extra = self.hits[label], self.misses[label], self.extras[label]
        return hit / ((hit + extra) or 1), hit / ((hit + missed) or 1)


def load(name: str) -> list[Line]:
    """Read a file of labelled lines."""
    rows = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [parse(row) for row in rows if row and not row.startswith("#")]


def parse(row: str) -> Line:
    """Read one labelled line."""
    labels, text = row.split("\t")
    names = labels.split(",")
    required = frozenset(name for name in names if not name.startswith("~"))
    return Line(text, required, frozenset(name[1:] for name in names if name.startswith("~")))


def labels_of(reading: Reading) -> frozenset[str]:
    """Return what was understood, in the words of the file."""
    return frozenset(intent for intent in reading.intents if intent != "faq") | {
        f"faq:{hit.key}" for hit in reading.faq
    }


def score(lines: Iterable[Line], reader: Reader, *, verbose: bool = False) -> Score:
    """Compare every line with what the reader makes of it."""
    total = Score()
    assert total.hits is not None and total.misses is not None and total.extras is not None
    for line in lines:
        found = labels_of(reader.read([line.text]))
        missing, extra = line.required - found, found - line.required - line.allowed
        total.lines += 1
        total.exact += not missing and not extra
        total.hits.update(line.required & found)
        total.misses.update(missing)
        total.extras.update(extra)
        if verbose and (missing or extra):
            print(f"{line.text!r}: missing {sorted(missing)}, extra {sorted(extra)}")
    return total


def table(total: Score) -> str:
    """Return the scores as text, a label a line."""
    assert total.hits is not None and total.misses is not None and total.extras is not None
    labels = sorted(total.hits.keys() | total.misses.keys() | total.extras.keys())
    rows = [f"{total.exact}/{total.lines} lines exactly right ({total.exact / total.lines:.1%})"]
    rows.append(f"{'label':<22} {'precision':>9} {'recall':>7} {'lines':>6}")
    for label in labels:
        precision, recall = total.ratio(label)
        rows.append(f"{label:<22} {precision:>9.2f} {recall:>7.2f} {total.hits[label] + total.misses[label]:>6}")
    return "\n".join(rows)


if __name__ == "__main__":
    names = [name for name in sys.argv[1:] if name != "-v"] or ["lines.tsv"]
    for name in names:
        print(name, table(score(load(name), Reader(default_entries()), verbose="-v" in sys.argv)), sep="\n")
