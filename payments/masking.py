"""What is kept of a provider's raw words: enough to settle a dispute, no one's address or number. Pure."""

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "…"
MAX_VALUE = 300  # characters of one value
MAX_FIELDS = 60
DEPTH = 4
_SECRET = re.compile(r"key|secret|token|sign|passw|auth|link|url", re.IGNORECASE)
_PERSONAL = re.compile(r"name|фамил|имя|city|address|comment|birth", re.IGNORECASE)
_ADDRESS = re.compile(r"([\w.%+-])[\w.%+-]*@([\w-]+\.[\w.-]+)")
_NUMBER = re.compile(r"\+?\d[\d\s()\-]{8,16}(\d\d)(?!\d)")
# Digits that are no phone: what the deal and its money are called by.
_PLAIN = re.compile(r"id|number|deal|order|paid|pay(?!er)|money|cost|amount|sum|price|status|_at$|date", re.IGNORECASE)


def masked(value: Any, *, depth: int = DEPTH) -> Any:
    """Return a copy of plain data fit to be kept."""
    if isinstance(value, Mapping):
        if depth == 0:
            return HIDDEN
        fields = list(value.items())[:MAX_FIELDS]
        return {str(name)[:MAX_VALUE]: _field(str(name), item, depth - 1) for name, item in fields}
    if isinstance(value, list | tuple):
        return [masked(item, depth=depth - 1) for item in value[:MAX_FIELDS]] if depth else HIDDEN
    if isinstance(value, str):
        return _text(value)
    return value


def _field(name: str, value: Any, depth: int) -> Any:
    if _SECRET.search(name) or _PERSONAL.search(name):
        return HIDDEN if value not in (None, "") else value
    if isinstance(value, str) and _PLAIN.search(name) and not re.search(r"phone|email|user", name, re.IGNORECASE):
        return _ADDRESS.sub(r"\1***@\2", value[:MAX_VALUE])
    if isinstance(value, int) and re.search(r"phone", name, re.IGNORECASE):
        return _text(str(value))
    return masked(value, depth=depth)


def _text(value: str) -> str:
    return _NUMBER.sub(r"…\1", _ADDRESS.sub(r"\1***@\2", value[:MAX_VALUE]))
