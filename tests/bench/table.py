"""Tables: aligned for a terminal, and the same as Markdown for the documentation."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Table:
    """A title, a header, rows of text, and what the rows say in words."""

    title: str
    header: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        """Add a row."""
        self.rows.append([str(cell) for cell in cells])

    def markdown(self) -> str:
        """Return the table as Markdown, its columns aligned so that it reads well in a terminal too."""
        widths = [max(len(row[at]) for row in [self.header, *self.rows]) for at in range(len(self.header))]
        lines = [f"### {self.title}", ""]
        lines.append(_line(self.header, widths))
        lines.append("|" + "|".join("-" * (width + 2) for width in widths) + "|")
        lines += [_line(row, widths) for row in self.rows]
        if self.notes:
            lines += ["", *(f"- {note}" for note in self.notes)]
        return "\n".join(lines) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def rate(value: float) -> str:
    """Return requests per second, rounded to what the noise allows."""
    return f"{value:,.0f}"


def times(value: float) -> str:
    """Return a ratio."""
    return f"{value:.2f}×"


def ms(value: float) -> str:
    """Return milliseconds."""
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"
