"""The listed word a mistyped one was meant to be."""

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA


def closest(word: str, candidates: Sequence[str], *, errors: int) -> str | None:
    """Return the candidate at most so many typing errors away, None when there is none."""
    near = process.extractOne(word, candidates, scorer=OSA.distance, score_cutoff=errors)
    return str(near[0]) if near is not None else None
