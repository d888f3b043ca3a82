"""Rules about the words as words: plain, not empty, not too long, one question, nothing said twice."""

import re
import unicodedata
from dataclasses import replace

from dialogs.engine.policy.draft import LOOKED_BACK, Draft, Ruling, bare, phrase_for, refused
from dialogs.engine.policy.facts import PolicyFacts
from dialogs.engine.policy.links import LINK, links_in
from dialogs.engine.policy.pieces import Piece, paragraphs, pieces_of, text_of, without
from dialogs.engine.proposals import NextAction

_MARKUP = re.compile(r"\*\*|__|~~|`+|<[^<>\n]{0,200}>|^[ \t]*#{1,6}[ \t]+|^[ \t]*>[ \t]*", re.MULTILINE)
_LABELLED_LINK = re.compile(r"\[([^\[\]\n]*)\]\(([^()\s]*)\)")
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\$\{|\{%")
_BLANKS = re.compile(r"[^\S\n]+")
_MANY_LINES = re.compile(r" ?\n ?(?:\n\s*)*")
# Format, control, lone halves, private, unassigned; accents and strokes over letters; line separators.
_HIDDEN = ("Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me", "Zl", "Zp")
EMOJI_STYLE = "\ufe0f"
_STYLE_OF_SIGN = re.compile(f"(?<=[ -~]){EMOJI_STYLE}+")  # the digit in a little square is a digit
_QUOTED = re.compile(r"\"[^\"]*\"|«[^«»]*»|“[^“”]*”")
_QUESTION = re.compile(r"\?[?!]*")


def plain_text(draft: Draft, facts: PolicyFacts) -> Ruling:
    """No markup, no hidden characters, no placeholder left open: the words are shown as they are."""
    text = _plain(draft.text)
    text, unfilled = without(text, lambda words: bool(_PLACEHOLDER.search(words)))
    if text == draft.text:
        return Ruling(draft)
    if unfilled:
        return refused(draft, "placeholder", unfilled, text=text)
    if bare(text) == bare(draft.text):
        return Ruling(replace(draft, text=text))  # blanks and marks alone: nobody was misled
    return refused(draft, "markup", text=text)


def _plain(text: str) -> str:
    text = _STYLE_OF_SIGN.sub("", "".join(_shown(char) for char in unicodedata.normalize("NFC", text)))
    while (bared := _MARKUP.sub("", _LABELLED_LINK.sub(r"\1 \2", text))) != text:
        text = bared  # what is taken away may bring other marks together
    text = _BLANKS.sub(" ", text)
    return _MANY_LINES.sub(lambda match: "\n\n" if match[0].count("\n") > 1 else "\n", text).strip()


def _shown(char: str) -> str:
    """Return what a reader sees: no invisible characters, digits and letters of odd alphabets as the usual ones."""
    if char.isascii():
        return char if char.isprintable() or char == "\n" else " "
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    category = unicodedata.category(char)
    if category in _HIDDEN and char != EMOJI_STYLE:
        return ""
    usual = unicodedata.normalize("NFKC", char)
    return usual if len(usual) == 1 and usual.isascii() else char


def says_something(draft: Draft, facts: PolicyFacts) -> Ruling:
    """An answer holds words; without them our own are said."""
    if bare(LINK.sub("", draft.text)):
        return Ruling(draft)
    return refused(draft, "empty", text=paragraphs(phrase_for(draft.next_action, facts), draft.text))


def one_question(draft: Draft, facts: PolicyFacts) -> Ruling:
    """One question at a time: the last one stays."""
    pieces = pieces_of(draft.text)
    asking = [number for number, piece in enumerate(pieces) if questions_in(piece.words)]
    if sum(questions_in(piece.words) for piece in pieces) <= 1:
        return Ruling(draft)
    kept = [piece for number, piece in enumerate(pieces) if number not in asking[:-1]]
    mended = [Piece(piece.gap, _first_question(piece.words)) for piece in kept]
    return refused(draft, "many_questions", str(len(asking)), text=text_of(mended))


def questions_in(words: str) -> int:
    """Count the questions, not the marks inside addresses, nor what somebody is quoted with."""
    return len(_QUESTION.findall(_asked_aloud(words)))


def _asked_aloud(words: str) -> str:
    return _QUOTED.sub("", LINK.sub("", words))


def _first_question(words: str) -> str:
    if questions_in(words) < 2:
        return words
    aloud = _asked_aloud(words)
    return aloud[: _QUESTION.search(aloud).end()].strip()  # type: ignore[union-attr]


def without_questions(text: str) -> str:
    """Return what a text tells, without what it asks."""
    return without(text, lambda words: questions_in(words) > 0)[0]


def short_enough(draft: Draft, facts: PolicyFacts) -> Ruling:
    """An answer is short: sentences are left out from the end, the question and the links last of all."""
    if len(draft.text) <= facts.limit:
        return Ruling(draft)
    pieces = pieces_of(draft.text)
    while pieces and len(text_of(pieces)) > facts.limit:
        spare = [number for number, piece in enumerate(pieces) if number and not _matters(piece.words)]
        del pieces[spare[-1] if spare else -1]
    return refused(draft, "too_long", str(len(draft.text)), text=text_of(pieces))


def _matters(words: str) -> bool:
    return bool(questions_in(words) or links_in(words))


def nothing_said_twice(draft: Draft, facts: PolicyFacts) -> Ruling:
    """No message repeats one of those just before it."""
    if bare(draft.text) not in {bare(text) for text in facts.recent[:LOOKED_BACK]}:
        return Ruling(draft)
    return refused(draft, "repeated", text=phrase_for(draft.next_action, facts))


def words_of_offer(text: str, offer: NextAction, facts: PolicyFacts) -> str:
    """Return `text` with the offer in place of its question."""
    return paragraphs(without_questions(text), phrase_for(offer, facts))
