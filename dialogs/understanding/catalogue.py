"""From rows and files to FAQ entries: the one place that knows how an editor's FAQ is written down."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from dialogs.understanding.faq import FaqEntry
from dialogs.understanding.knowledge import load


class FaqRow(Protocol):
    """What is read of a `content.Faq` row: variants one a line, keywords parted by commas."""

    key: str
    question: str
    answer: str
    variants: str
    keywords: str


def entries_of(rows: Iterable[FaqRow]) -> tuple[FaqEntry, ...]:
    """Return the rows as entries; blank lines and doubled commas are forgiven."""
    return tuple(
        FaqEntry(row.key, row.question, row.answer, _parts(row.variants, "\n"), _parts(row.keywords, ","))
        for row in rows
    )


def entries_of_file(items: Iterable[Mapping[str, Any]]) -> tuple[FaqEntry, ...]:
    """Return the items of a preset file as entries."""
    return tuple(
        FaqEntry(
            item["key"],
            item["question"],
            item["answer"],
            tuple(map(str, item.get("variants", ()))),
            tuple(map(str, item.get("keywords", ()))),
        )
        for item in items
    )


def default_items() -> list[dict[str, Any]]:
    """Return the shipped FAQ as plain mappings: key, question, variants, keywords, answer."""
    items: list[dict[str, Any]] = load("faq_ru.yaml")
    return items


def default_entries() -> tuple[FaqEntry, ...]:
    """Return the shipped FAQ."""
    return entries_of_file(default_items())


def _parts(text: str, mark: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(mark) if part.strip())
