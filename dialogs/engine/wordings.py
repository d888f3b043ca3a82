"""Texts with several wordings: a script writes one string or a list of them."""

from typing import Any


def wordings_of(raw: Any) -> tuple[str, ...]:
    """Return the wordings, without empty ones."""
    items = raw if isinstance(raw, list | tuple) else [raw]
    return tuple(str(item).strip() for item in items if item not in (None, "") and str(item).strip())
