"""A reader of orders in free words: "два больших латте на овсяном и круассан", "ещё один", "без сахара"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from content.menu.values import Menu
from dialogs.engine.reading import Named
from dialogs.understanding.menu_words import EMPTY, LIGHT, Mark, MenuWords

LONGEST_NAME = 5  # words of a product's name
MOST_NAMED = 8
MOST_TOKENS = 40  # a longer message is no order
_JOINTS = frozenset((",", ";", "+", "\n", "и", "плюс", "также", "еще", "потом", "."))
_MORE = frozenset(("еще",))
_LESS = frozenset(
    ("убери", "уберите", "убрать", "убирай", "удали", "удалите", "удалить", "минус", "вычеркни", "отмени")
)
_NOT = frozenset(("не",))
_WITHOUT = frozenset(("без",))
_ASKING = re.compile(
    r"\?|\b(?:сколько|как(?:ой|ая|ое|ие)|есть ли|почем|цена|стоит|состав|калори\w+|что такое|что за|расскажи\w*|чем отличается)\b"
)
# What is called by other words than it stands on a menu.
_WORDY = (
    (re.compile(r"\bбез\s+лактозы\b", re.IGNORECASE), "безлактозное"),
    (re.compile(r"\b(?:декаф|decaf)\w*", re.IGNORECASE), "без кофеина"),
)
_TASTE = re.compile(
    r"(?:погорячее|горячее|горячий|потеплее|нежарк\w+|покрепче|крепче|послабее|слабее|послаще|несладк\w+|некрепк\w+)"
)


@dataclass(slots=True)
class _Piece:
    """What is gathered around one name."""

    words: list[str] = field(default_factory=list)
    products: tuple[str, ...] = ()
    is_sure: bool = True
    quantity: int | None = None
    options: list[tuple[str, ...]] = field(default_factory=list)
    without: list[tuple[str, ...]] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_more: bool = False
    is_less: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing of the menu."""
        told = self.products or self.options or self.without or self.notes
        return not (told or self.is_more or self.is_less)

    def take(self, other: "_Piece") -> None:
        """Join what was said before or after this name."""
        self.quantity = self.quantity if self.quantity is not None else other.quantity
        self.options += other.options
        self.without += other.without
        self.denied += other.denied
        self.notes += other.notes
        self.is_more, self.is_less = self.is_more or other.is_more, self.is_less or other.is_less

    def named(self, *, is_asked: bool) -> Named:
        """Return it as a value."""
        return Named(
            words=" ".join(self.words),
            products=self.products,
            is_sure=self.is_sure,
            quantity=self.quantity,
            options=tuple(dict.fromkeys(self.options)),
            without=tuple(self.without),
            denied=tuple(self.denied),
            notes=tuple(dict.fromkeys(self.notes)),
            is_more=self.is_more,
            is_less=self.is_less,
            is_asked=is_asked,
        )


class MenuReader:
    """Understands orders by one menu; keeps nothing of what it reads."""

    def __init__(self, menu: Menu) -> None:
        self._words = MenuWords.of(menu)

    def read(self, text: str) -> tuple[tuple[Named, ...], tuple[str, ...]]:
        """Return what was named of the menu, and the words beside it that the menu does not know."""
        for pattern, words in _WORDY:
            text = pattern.sub(words, text)
        marks = self._words.marked(text)
        if not marks or len(marks) > MOST_TOKENS:
            return (), ()
        walk = _Walk(self._words, marks)
        walk.run()
        is_asked = _ASKING.search(text.casefold()) is not None
        pieces = [piece for piece in walk.pieces if not piece.is_empty][:MOST_NAMED]
        named = tuple(piece.named(is_asked=is_asked) for piece in pieces)
        return named, tuple(walk.unknown) if any(item.products for item in named) else ()


@dataclass(slots=True)
class _Walk:
    """One pass over the tokens, left to right."""

    book: MenuWords
    marks: list[Mark]
    pieces: list[_Piece] = field(default_factory=list)
    before: _Piece = field(default_factory=_Piece)  # said since the last joint, of a name still to come
    is_joined: bool = True  # a joint stands between the last name and here
    unknown: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Go through the message."""
        at = 0
        while at < len(self.marks):
            at += self._step(at)
        if not self.before.is_empty or self.before.quantity is not None:
            self._leave_before()

    def _leave_before(self) -> None:
        """What no name followed belongs to the name before it: "латте, большой"."""
        if self.pieces and not self.before.is_more and not self.before.is_less:
            self.pieces[-1].take(self.before)
        else:
            self.pieces.append(self.before)
        self.before = _Piece()

    def _step(self, at: int) -> int:
        mark = self.marks[at]
        if mark.text in _WITHOUT or (mark.text in _NOT and self._negative(at + 1)):
            return 1 + self._leave_out(at + 1)
        if (denied := self._denied(at)) > 1:
            return denied + self._leave_out(at + denied)
        if both := self._measured(at):
            self._piece().options.append(both)
            return 2
        if mark.text in _LESS or (mark.text in _NOT and self._is_name(at + 1)):
            self.before.is_less = True
            return 1
        length, products, is_sure = self._name_at(at)
        if length:
            self._begin(at, length, products, is_sure=is_sure)
            return length
        if mark.text in _JOINTS:
            self.is_joined = True
            self.before.is_more = self.before.is_more or mark.text in _MORE
            return 1
        self._attach(mark)
        return 1

    def _piece(self) -> _Piece:
        """Return what is being spoken of: the name just said, or the one to come."""
        return self.pieces[-1] if self.pieces and not self.is_joined else self.before

    def _measured(self, at: int) -> tuple[str, ...]:
        """Return the option that a number and the word after it name together: "две ложки"."""
        first, rest = self.marks[at], self.marks[at + 1 : at + 2]
        if "обычный" in first.forms and rest and rest[0].groups:
            return tuple(f"{group}:=" for group in rest[0].groups)  # its usual option
        forms = {form for mark in rest for form in mark.forms} if first.number else set()
        return tuple(name for name in first.options if self.book.shared[name.partition(":")[0]] & forms)

    def _denied(self, at: int) -> int:
        """Return how many words "не хочу" takes before the option it denies; 0 when it denies none."""
        words = self.marks[at : at + 3]
        if len(words) < 3 or words[0].text not in _NOT or not EMPTY.fullmatch(words[1].text):
            return 0
        return 2 if words[2].options and not words[2].products else 0

    def _negative(self, at: int) -> tuple[str, ...]:
        """Return the options that say no to this word: "без льда", "не греть"."""
        forms = set(self.marks[at].forms) if at < len(self.marks) else set()
        return tuple(name for name, words in self.book.negatives.items() if words & forms)

    def _is_name(self, at: int) -> bool:
        return at < len(self.marks) and self._name_at(at)[0] > 0

    def _begin(self, at: int, length: int, products: tuple[str, ...], *, is_sure: bool) -> None:
        piece = _Piece([mark.text for mark in self.marks[at : at + length]], products, is_sure)
        piece.take(self.before)
        self.before, self.is_joined = _Piece(), False
        self.pieces.append(piece)

    def _attach(self, mark: Mark) -> None:
        """A number, an option or a word that says nothing: of the name just said, or of the one to come."""
        piece = self._piece()
        meant = (*mark.options, *(f"{group}:" for group in mark.groups))
        if meant and (mark.number is None or mark.number > MOST_NAMED * 10):
            piece.options.append(meant)
        elif mark.number is not None:
            self._count(piece, mark.number)
        elif _TASTE.fullmatch(mark.text):
            piece.notes.append(mark.text)
        elif not (
            mark.products or mark.groups or mark.text in LIGHT or EMPTY.fullmatch(mark.text) or len(mark.text) < 3
        ):
            self.unknown.append(mark.text)

    def _count(self, piece: _Piece, number: float) -> None:
        if number == int(number) and 1 <= number <= MOST_NAMED * 10:
            # "капучино 2" counts what stands before it, "капучино 2 латте" what comes after.
            piece.quantity = int(number) if piece.quantity is None else piece.quantity

    def _leave_out(self, at: int) -> int:
        """What follows "без": an option, a group, or a wish for the barista."""
        piece = self._piece()
        if at >= len(self.marks):
            return 0
        mark = self.marks[at]
        meant = (*mark.options, *(f"{group}:" for group in mark.groups))
        negative = self._negative(at)
        if negative:
            piece.options.append(negative)
        elif meant:
            piece.without.append(meant)
            piece.denied.append(f"без {mark.text}")
        else:
            piece.notes.append(f"без {mark.text}")
        return 1

    def _name_at(self, at: int) -> tuple[int, tuple[str, ...], bool]:
        """Return the longest name that begins here: how many words, which products it fits, whether it surely does."""
        first = self.marks[at]
        if not first.products:
            return 0, (), True
        for length in range(min(LONGEST_NAME, len(self.marks) - at), 0, -1):
            window = self.marks[at : at + length]
            if length > 1 and not window[-1].products:
                continue
            found = self._fitting(window)
            if found is not None:
                return length, *found
        return 0, (), True

    def _fitting(self, window: list[Mark]) -> tuple[tuple[str, ...], bool] | None:
        """Return the products whose names these words are: whole ones, else those they are a part of."""
        telling = [mark for mark in window if mark.text not in LIGHT]
        if any(mark.text in _JOINTS for mark in window) or not all(mark.products for mark in telling):
            return None
        codes = set.intersection(*({code for code, _ in mark.products} for mark in telling))
        is_sure = all(mark.is_sure for mark in telling)
        whole = [code for code in codes if len(self.book.names[code]) == len(telling)]
        if whole:
            return tuple(sorted(whole)), is_sure
        if not codes:
            return None
        if any(mark.options for mark in telling):
            return None  # half a name that is an option, too: "миндальный"
        heads = [code for code in codes if (code, self.book.names[code][0]) in telling[0].products]
        if heads:
            return self._ordered(codes), is_sure and len(codes) == 1
        if all(self.book.shelves & set(mark.forms) for mark in telling):
            return None  # "кофе" is a shelf, not the filter coffee
        return self._ordered(codes), False  # a word from the middle of a name: asked about

    def _ordered(self, codes: Iterable[str]) -> tuple[str, ...]:
        wanted = set(codes)
        return tuple(code for code in self.book.names if code in wanted)


@lru_cache(maxsize=16)
def _reader_of(key: str, menu: "_Held") -> MenuReader:
    return MenuReader(menu.menu)


@dataclass(frozen=True, slots=True)
class _Held:
    """A menu as a key: two of one version are the same."""

    menu: Menu = field(compare=False, hash=False)


def reader_of(menu: Menu) -> MenuReader:
    """Return the reader of a menu: made once for each set of words on it, whatever is left of the goods."""
    words = [f"{item.code}={item.name}" for item in menu.products()]
    words += [
        f"{group.code}:{option.code}={option.name}"
        for item in menu.products()
        for group in item.groups
        for option in group.options
    ]
    return _reader_of("|".join(words), _Held(menu))
