"""Reads the files of real-life lines: conversation, numbers, extension, reason, region; parted by tabs."""

from dataclasses import dataclass
from pathlib import Path

from crm.phones import Found

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Line:
    """One conversation and what the bot should hold after it."""

    text: str
    found: Found
    region: str


def read_lines(name: str) -> list[Line]:
    """Return the lines of a file beside this one, without comments and empty lines."""
    rows = (row for row in (HERE / name).read_text(encoding="utf-8").split("\n") if row and not row.startswith("# "))
    return [_line(row) for row in rows]


def _line(row: str) -> Line:
    text, numbers, extension, reason, region, *_ = [*row.split("\t"), "", "", "", ""]
    found = Found(tuple(number for number in numbers.split(",") if number), extension or None, reason or None)
    return Line(text, found, region or "RU")
