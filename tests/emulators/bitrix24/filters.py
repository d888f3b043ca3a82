"""The filter language of lists: prefixes on field names, IN and LIKE, and nested OR groups."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from tests.emulators.bitrix24.clock import parse_time
from tests.emulators.bitrix24.methods import RestError, as_list, as_map, is_yes, to_int

# Longest first, so that `!=%` is not read as `!=` on a field named `%...`.
PREFIXES = ("!=%", "!%=", "=%", "%=", "!@", "!=", "!%", ">=", "<=", "!", "=", ">", "<", "@", "%")
MEANING = {"!%=": "!=%", "%=": "=%", "!": "!=", "": "="}

Reader = Callable[[dict[str, Any], str], Any]  # (row, field) -> the value there
KindOf = Callable[[str], str | None]  # field -> its type, None when it may not be filtered by


def split_key(key: str) -> tuple[str, str]:
    """Return the operation and the field of a filter key: `>=id` is (">=", "id")."""
    prefix = next((prefix for prefix in PREFIXES if key.startswith(prefix)), "")
    return MEANING.get(prefix, prefix), key[len(prefix) :]


def check_filter(filter_: Any, kind_of: KindOf, *, with_logic: bool) -> None:
    """Raise INVALID_ARG_VALUE when a field of the filter (also in nested groups) may not be filtered by."""
    for key, wanted in as_map(filter_).items():
        if key == "logic" and with_logic:
            continue
        if key.isdigit() and with_logic:
            check_filter(wanted, kind_of, with_logic=True)
            continue
        name = split_key(key)[1]
        if kind_of(name) is None:
            raise RestError("INVALID_ARG_VALUE", f"Invalid filter: field '{name}' is not allowed in filter")


def fits(row: dict[str, Any], filter_: Any, kind_of: KindOf, read: Reader, *, with_logic: bool) -> bool:
    """Return whether a row passes; unknown fields are passed over (check_filter is for those who are strict)."""
    conditions = as_map(filter_)
    is_or = with_logic and str(conditions.pop("logic", "AND")).upper() == "OR"
    verdicts: list[bool] = []
    for key, wanted in conditions.items():
        if key.isdigit():
            if with_logic:
                verdicts.append(fits(row, wanted, kind_of, read, with_logic=True))
            continue
        operation, name = split_key(key)
        kind = kind_of(name)
        if kind is not None:
            verdicts.append(_holds(read(row, name), operation, wanted, kind))
    return not verdicts or (any(verdicts) if is_or else all(verdicts))


def _holds(value: Any, operation: str, wanted: Any, kind: str) -> bool:
    if operation.startswith("!"):
        return not _holds(value, operation[1:], wanted, kind)
    if isinstance(value, list):
        return any(_holds(item, operation, wanted, kind) for item in value) or (not value and _is_nothing(wanted))
    if operation in {"=", "@"}:
        wants = as_list(wanted) if isinstance(wanted, list | dict) else [wanted]
        return any(_equal(value, item, kind) for item in wants)
    if operation in {"%", "=%"}:
        pattern = f"%{wanted}%" if operation == "%" else str(wanted)
        return value is not None and _like(str(value), pattern)
    return _compares(value, operation, wanted, kind)


def _compares(value: Any, operation: str, wanted: Any, kind: str) -> bool:
    if value in (None, ""):
        return False
    left, right = convert(value, kind), convert(wanted, kind)
    match operation:
        case ">":
            return bool(left > right)
        case ">=":
            return bool(left >= right)
        case "<":
            return bool(left < right)
    return bool(left <= right)


def _equal(value: Any, wanted: Any, kind: str) -> bool:
    if _is_nothing(wanted) or value in (None, ""):
        return _is_nothing(wanted) and value in (None, "", 0)
    return bool(convert(value, kind) == convert(wanted, kind))


def _is_nothing(wanted: Any) -> bool:
    return wanted in (None, "", [], False)


def convert(value: Any, kind: str) -> Any:
    """Return a value as the database would compare it."""
    match kind:
        case "integer" | "user":
            return to_int(value)
        case "double":
            return _to_float(value)
        case "boolean":
            return is_yes(value)
        case "datetime":
            try:
                return parse_time(str(value))
            except ValueError as error:
                raise RestError("INVALID_ARG_VALUE", f"Invalid filter: '{value}' is not a date") from error
    return str(value).casefold()  # the database compares text without regard to case


def _to_float(value: Any) -> float:
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        return 0.0  # as the database reads a text that is no number


def _like(text: str, pattern: str) -> bool:
    expression = "".join({"%": ".*", "_": "."}.get(char, re.escape(char)) for char in pattern)
    return re.fullmatch(expression, text, re.IGNORECASE | re.DOTALL) is not None


def ordered(rows: Iterable[dict[str, Any]], order: Any, kind_of: KindOf, read: Reader) -> list[dict[str, Any]]:
    """Return rows sorted by `{"field": "ASC"}`, empty values first as in MySQL; by id when no order is given."""
    result = sorted(rows, key=lambda row: row["id"])
    for name, direction in reversed(list(as_map(order).items())):
        kind = kind_of(name)
        if kind is None:
            continue

        def rank(row: dict[str, Any], name: str = name, kind: str = kind) -> tuple[bool, Any]:
            value = read(row, name)
            return (False, 0) if value in (None, "") else (True, convert(value, kind))

        result.sort(key=rank, reverse=str(direction).upper() == "DESC")
    return result
