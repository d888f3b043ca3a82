"""Tables as files that spreadsheets open: numbers stay numbers, and text is never a formula."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from crm.exports import guarded

Cell = str | int | Decimal | dt.timedelta | dt.date | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
TITLE_LENGTH = 31  # of a sheet, by the format
_FORBIDDEN = str.maketrans(dict.fromkeys(r"[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Table:
    """One table with a name and a head line."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def to_csv(tables: Iterable[Table]) -> bytes:
    """Return the tables one under the other, each below its name."""
    out = io.StringIO()
    writer = csv.writer(out)
    for number, table in enumerate(tables):
        if number:
            writer.writerow([])
        writer.writerow([guarded(table.title)])
        writer.writerow([guarded(cell) for cell in table.head])
        writer.writerows([[_plain(cell) for cell in row] for row in table.rows])
    return out.getvalue().encode("utf-8-sig")  # the mark tells Excel that this is UTF-8


def to_xlsx(tables: Iterable[Table]) -> bytes:
    """Return a book with a sheet for each table."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.title.translate(_FORBIDDEN)[:TITLE_LENGTH])
        for row in [table.head, *table.rows]:
            sheet.append([_cell(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return guarded(cell)
        case dt.timedelta():
            return f"{cell.total_seconds() / 60:.1f}"
    return str(cell)


def _cell(sheet: Any, cell: Cell) -> Any:
    if isinstance(cell, str):
        made = WriteOnlyCell(sheet, value=guarded(ILLEGAL_CHARACTERS_RE.sub("", cell)))
        made.data_type, made.number_format = "s", "@"
        return made
    if isinstance(cell, dt.timedelta):
        return WriteOnlyCell(sheet, value=round(cell.total_seconds() / 60, 1))  # minutes, as the head says
    value: Any = cell  # openpyxl takes dates and decimals; its stubs do not say so
    return WriteOnlyCell(sheet, value=value)
