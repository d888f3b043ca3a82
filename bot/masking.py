"""Phones, addresses, tokens and passwords are masked before anything is written to a log or sent to Sentry.

Masking errs on the side of hiding: a log line that lost an innocent number is cheaper than one that kept a customer's.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

HIDDEN = "[hidden]"
# A key that says its value is a secret or personal, whatever the value looks like.
SECRET_KEY = re.compile(
    r"token|secret|passw|credential|api_?key|authorization|cookie|phone|webhook_url|encryption|^auth$|dsn$",
    re.IGNORECASE,
)
DEPTH = 8  # deeper values are replaced whole

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        # A Telegram bot token, alone or inside /bot<token>/method.
        (r"\d{5,12}:[A-Za-z0-9_-]{30,}", "[token]"),
        # Bitrix24's incoming webhook: https://portal/rest/<user>/<code>/method
        (r"(/rest/\d+/)[A-Za-z0-9]{8,}", r"\1[code]"),
        (r"(/webhook/[a-z0-9_-]+/)[^/\s\"'?]+", r"\1[secret]"),
        (r"\b(Bearer|Basic)\s+[^\s\"',;]+", r"\1 [token]"),
        (r"\bsk-[A-Za-z0-9_-]{16,}", "[key]"),
        (r"(://[^/\s:@]*:)[^/\s@]+@", r"\1[password]@"),
        # name=value and "name": "value", in queries, forms, JSON and reprs.
        (
            r"((?:[\w-]*(?:token|secret|passw(?:or)?d|api_?key|access_key|sign(?:ature)?))[\"'\]]*\s*[=:]\s*[\"']?)"
            r"[^\s\"'&,;)}]{4,}",
            r"\1[hidden]",
        ),
        (r"\b([A-Za-z0-9])[A-Za-z0-9._%+-]*@([A-Za-z0-9-]+\.[A-Za-z0-9.-]+)", r"\1***@\2"),
        # Phones: +country and the rest; 7 or 8 and ten digits; ten digits of a Russian mobile or city number in groups.
        (r"(?<![\w+])(?:\+|00)\d(?:[ \u00a0().-]{0,2}\d){8,12}(\d\d)(?!\d)", r"[phone …\1]"),
        (r"(?<![\w.:/+-])[78](?:[ \u00a0().-]{0,3}\d){8}(?:[ \u00a0.-]?)(\d[ -]?\d)(?![\w:])", r"[phone …\1]"),
        (
            r"(?<![\w.:/+-])\(?[3489]\d\d\)?[ \u00a0.-]{1,2}\d{3}[ \u00a0.-]?\d\d[ \u00a0.-]?(\d\d)(?![\w:])",
            r"[phone …\1]",
        ),
        (r"(?<![\w.:/+-])9\d{7}(\d\d)(?![\w:])", r"[phone …\1]"),
    )
)


def mask(text: str) -> str:
    """Return `text` with everything masked that looks like a phone, a token or a password."""
    if text.isalpha():  # no rule is about letters alone, and most words of a log line are nothing else
        return text
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def mask_value(value: Any, *, depth: int = DEPTH) -> Any:
    """Return a copy of plain data, masked at every level; numbers and the like stay as they are."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return mask(value)
    if depth == 0:
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(key): mask_item(str(key), item, depth=depth - 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [mask_value(item, depth=depth - 1) for item in value]
    return mask(str(value))


def mask_item(key: str, value: Any, *, depth: int = DEPTH) -> Any:
    """Return the value of one named field: hidden whole when the name says so."""
    if value and _is_secret(key):
        return HIDDEN
    return mask_value(value, depth=depth)


@lru_cache(maxsize=1_000)
def _is_secret(key: str) -> bool:
    return SECRET_KEY.search(key) is not None
