"""A text as sentences with the gaps between them, so that one can be taken out and the rest still reads well."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

REMEMBERED = 2048  # texts whose reading is kept: those of the business are the same at every turn
_LINES = re.compile(r"\s*\n\s*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[»\")\]]*( +)(?=[^a-zа-яё\s])")
_GAPS = ("", " ", "\n", "\n\n")  # from weak to strong


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence and what stands before it."""

    gap: str
    words: str


def pieces_of(text: str) -> list[Piece]:
    """Return the sentences of a text, each line ending one."""
    pieces: list[Piece] = []
    end = 0
    gap = ""
    for match in _LINES.finditer(text.strip()):
        pieces += _sentences(text.strip()[end : match.start()], gap)
        end, gap = match.end(), "\n\n" if match[0].count("\n") > 1 else "\n"
    return pieces + _sentences(text.strip()[end:], gap)


def _sentences(line: str, gap: str) -> list[Piece]:
    pieces: list[Piece] = []
    end = 0
    for match in _SENTENCE_END.finditer(line):
        pieces.append(Piece(gap, line[end : match.start(1)]))
        end, gap = match.end(1), " "
    return [*pieces, Piece(gap, line[end:])] if line[end:] else pieces


def text_of(pieces: Iterable[Piece]) -> str:
    """Put the sentences together again."""
    return "".join(piece.gap + piece.words for piece in pieces).strip()


def without(text: str, is_bad: Callable[[str], bool]) -> tuple[str, str]:
    """Return the text without its bad sentences, and the first of those; the stronger of two gaps stays."""
    kept: list[Piece] = []
    dropped, gap = "", ""
    for piece in pieces_of(text):
        if is_bad(piece.words):
            dropped = dropped or piece.words
            gap = max(gap, piece.gap, key=_GAPS.index)
        else:
            kept.append(Piece(max(gap, piece.gap, key=_GAPS.index), piece.words))
            gap = ""
    return text_of(kept), dropped


def paragraphs(*texts: str) -> str:
    """Return the texts that say something, an empty line between them."""
    return "\n\n".join(text for text in texts if text)
