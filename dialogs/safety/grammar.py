"""The small words of `data/grammar.yaml`."""

from functools import lru_cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "data" / "grammar.yaml"


@lru_cache(maxsize=1)
def _all() -> dict[str, list[str]]:
    """Read the file; every scalar is a string, so that the words "no" and "yes" stay words."""
    found: dict[str, list[str]] = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - builds no objects
    return found


def words_of(name: str) -> frozenset[str]:
    """Return one list of words."""
    return frozenset(_all()[name])
