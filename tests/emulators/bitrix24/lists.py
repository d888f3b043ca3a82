"""How lists answer: 50 rows to a page, `start`, `next` and `total`, and `start=-1` that counts nothing."""

from typing import Any

from tests.emulators.bitrix24.methods import Call, Page, to_int

PAGE = 50


def page(call: Call, rows: list[Any], *, size: int = PAGE) -> tuple[list[Any], int | None, int | None]:
    """Return the rows of the page asked for, the total (0 when not counted) and the next offset if there is one."""
    start = to_int(call.get("start", 0))
    if start < 0:
        return rows[:size], 0, None
    following = start + size
    return rows[start:following], len(rows), following if following < len(rows) else None


def list_answer(call: Call, rows: list[Any], wrapper: str = "") -> Page:
    """Return a page of already shaped rows, under `wrapper` when the method has one."""
    shown, total, following = page(call, rows)
    return Page({wrapper: shown} if wrapper else shown, total, following)
