"""A long answer as a person would send it: a few short messages, cut where a thought ends."""

import re

ENOUGH = 320  # characters; shorter neighbours stay together
MOST = 3  # messages of one answer
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=\S)")


def short(text: str, *, enough: int = ENOUGH, most: int = MOST) -> tuple[str, ...]:
    """Return `text` in at most `most` messages; the last one takes what is left, so that nothing is lost."""
    pieces = [piece for paragraph in re.split(r"\n\s*\n", text) for piece in _sentences(paragraph.strip(), enough)]
    messages: list[str] = []
    for gap, piece in pieces:
        if messages and (len(messages) == most or len(messages[-1]) + len(piece) < enough):
            messages[-1] += gap + piece
        else:
            messages.append(piece)
    return tuple(messages)


def _sentences(paragraph: str, enough: int) -> list[tuple[str, str]]:
    """Return a paragraph whole, or its sentences when it is long, each with what parts it from the one before."""
    if not paragraph:
        return []
    parts = _SENTENCE.split(paragraph) if len(paragraph) > enough else [paragraph]
    return [("\n\n" if number == 0 else " ", part) for number, part in enumerate(parts)]
