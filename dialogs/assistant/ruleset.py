"""Which rules judged a turn: a mark of everything that has a say in it, kept with the turn."""

import hashlib
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACES = (HERE.parent / "engine" / "policy", HERE.parent / "safety")
FILES = (HERE / "judging.py", HERE / "parsing.py")
KINDS = (".py", ".yaml")


@cache
def mark() -> str:
    """Return the mark of the rules this process runs; another release with the same rules has the same."""
    found = sorted(path for place in PLACES for path in place.rglob("*") if path.suffix in KINDS)
    digest = hashlib.sha256()
    for path in (*found, *FILES):
        digest.update(path.relative_to(HERE.parent).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
