"""How each word of a text is meant: said, denied, absent, or only asked, supposed and told about others."""

import itertools
from collections.abc import Iterator, Sequence

from dialogs.safety.grammar import words_of
from dialogs.safety.words import Stance, Word

Sentence = tuple[list[Word], bool]

_NOT = words_of("not")
_SCALAR = words_of("scalar")
_CONCORD = words_of("concord")
_NO = words_of("no")
_WITHOUT = words_of("without")
_CANNOT = words_of("cannot")
_HARDLY = words_of("hardly")
_WHOLE = words_of("whole")
_SAYING = words_of("saying")
_THAT = words_of("that")
_ASIDE = words_of("aside")
_SUPPOSING = words_of("supposing")
_WHOEVER = words_of("whoever")
_LURE = words_of("lure")
_COUNTING = words_of("counting")
_WHY = words_of("why")
_YES = words_of("yes")
_DENYING = words_of("denying")
_AND = words_of("and")
_INTERJECTED = frozenset(("нет", "no"))
_TURNING = frozenset(["но", "а", "зато", "однако", "but", "however"])
_OURS = words_of("ours")
_SURELY = "#наверняка"
_ABOUT = words_of("about")
_BREAKS = frozenset(",;:—–()")


def judge(sentences: Sequence[Sentence]) -> None:
    """Set the stance of every word."""
    for at, (words, asked) in enumerate(sentences):
        parts = list(_parts(words))
        for part in parts:
            _deny(words, part)
        _inherit(words, parts)
        _suppose(words, parts)
        for word in words:
            _settle(word)
        after = sentences[at + 1][0] if at + 1 < len(sentences) else []
        _ask(words, asked, after)
        _warn(words, after)


def _parts(words: Sequence[Word]) -> Iterator[range]:
    """Yield what stands between marks; a "но" or "а" begins a part too."""
    start = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or _is_break(words[at]):
            yield range(start, at)
            start = at


def _is_break(word: Word) -> bool:
    return bool(_BREAKS & set(word.mark)) or word.mark.strip('"«»') == "-" or word.text in ("но", "but", "however")


def _deny(words: Sequence[Word], part: range) -> None:
    for at in part:
        text, after = words[at].text, at + 1 if at + 1 < part.stop else None
        if text in _NOT and after is not None:
            _deny_by_not(words, part, after)
        elif text in _NO:
            _deny_by_no(words, part, at)
        elif text in _CONCORD and not _has_denial(words, part, at):
            _deny_next(words, part, at) if text == "ни" or "#прил" in words[at].keys else _spread(words, part, at)
        elif text in _WITHOUT and (at == part.start or words[at - 1].text not in _NOT):
            _deny_next(words, part, at)
        elif text in _CANNOT:
            _spread(words, part, at, through_verbs=False)
        elif text in _HARDLY:
            _deny_after_hardly(words, part, at)


def _deny_by_not(words: Sequence[Word], part: range, target: int) -> None:
    word = words[target]
    if word.text in _SCALAR:
        return
    word.own_denials += 1
    if {"#глагол", "#инф", "#кратк", "#предик"} & word.keys or word.keys & _WHOLE or word.text.isascii():
        _spread(words, part, target)
    elif "#деепр" in word.keys:
        _spread(words, range(target, part.stop), target)


def _deny_by_no(words: Sequence[Word], part: range, at: int) -> None:
    alone = len(part) == 1
    if at == 0 and (alone or (at + 1 < len(words) and words[at + 1].mark)) and words[at].text in _INTERJECTED:
        return
    if at + 1 < len(words) and words[at + 1].text in (
        "ничего",
        "предела",
        "doubt",
        "matter",
        "brainer",
        "exceptions",
        "сомнений",
    ):
        return
    reach = range(max(0, part.start - 5), part.stop) if alone else part
    if words[at].text.isascii():
        reach = range(at, part.stop)
    for near in reach:
        if near != at and not ("#глагол" in words[near].keys and near < at):
            own = abs(near - at) <= 4 or alone
            words[near].own_denials += own
            words[near].denials += not own


def _has_denial(words: Sequence[Word], part: range, at: int) -> bool:
    return any(
        words[near].text in _NOT or (words[near].text in (_NO | _CANNOT | _WITHOUT)) for near in part if near != at
    )


def _deny_next(words: Sequence[Word], part: range, at: int) -> None:
    """Deny what follows "без", "ни", "никаких": up to the noun, and the nouns joined to it."""
    near, seen = at + 1, 0
    while near < len(words) and seen < 7:
        word = words[near]
        outside = near >= part.stop
        if (outside and not (word.mark == "," and "#род" in word.keys)) or {
            "#глагол",
            "#предлог",
            "#деепр",
        } & word.keys:
            break
        word.own_denials += 1
        if "#сущ" in word.keys or word.text.isascii():
            more = words[near + 1] if near + 1 < len(words) else None
            joined = more and (more.text in _AND or (more.mark in ("", ",") and "#род" in more.keys))
            if not joined:
                break
        near, seen = near + 1, seen + 1


def _deny_after_hardly(words: Sequence[Word], part: range, at: int) -> None:
    for near in range(at + 1, min(at + 4, part.stop)):
        if words[near].text in _NOT and near + 1 < part.stop:
            words[near + 1].denials += 1


def _spread(words: Sequence[Word], part: range, target: int, *, through_verbs: bool = False) -> None:
    """Let a denied verb deny what depends on it: its part of the sentence up to another verb."""
    for near in range(target + 1, part.stop):
        if _stops(words, near, range(near, part.stop), through_verbs):
            break
        words[near].denials += 1
    for near in range(target - 1, part.start - 1, -1):
        if words[near].text in _NOT:
            continue
        if _stops(words, near, range(part.start, near), through_verbs) or "#деепр" in words[near].keys:
            break
        words[near].denials += 1


def _stops(words: Sequence[Word], near: int, beyond: range, through_verbs: bool) -> bool:
    word = words[near]
    if "#глагол" in word.keys and not through_verbs:
        return True
    if word.text in _NO:
        return True
    return word.text in _AND and any("#глагол" in words[other].keys or words[other].text in _NO for other in beyond)


def _inherit(words: Sequence[Word], parts: Sequence[range]) -> None:
    """Let "мы не обещаем, что …" deny what it says."""
    for before, part in itertools.pairwise(parts):
        said = any(_odd(words[at]) and words[at].keys & _SAYING for at in before)
        if (said and words[part.start].text in _THAT) or (said and {"«", '"'} & set(words[part.start].mark)):
            for at in part:
                words[at].denials += 1


def _odd(word: Word) -> bool:
    return (word.denials + word.own_denials) % 2 == 1


def _suppose(words: Sequence[Word], parts: Sequence[range]) -> None:
    """Open what is only supposed, asked about, or said by whoever it may be."""
    _open_topics(words)
    for number, part in enumerate(parts):
        texts = [words[at].text for at in part]
        rest = words[part.stop :]
        supposed = not _SUPPOSING.isdisjoint(texts[:3]) and (
            not _lures(words[at] for at in part) or _denies(rest, len(rest))
        )
        asked_about = "ли" in texts or "whether" in texts
        aside = number > 0 and texts[0] in (_COUNTING | _THAT | {"можно"}) and _has(words, parts[number - 1], _ASIDE)
        whoever = texts[0] in ("кто", "who", "whoever") or (
            texts[0] in _WHOEVER and len(texts) > 1 and texts[1] in ("кто", "who")
        )
        if supposed or asked_about or aside or whoever or "бы" in texts:
            for at in part:
                words[at].stance = Stance.OPEN


def _open_topics(words: Sequence[Word]) -> None:
    """Open what is only spoken about: "вопросы о доходности", "разговор про прибыль"."""
    for at, word in enumerate(words):
        if word.text in _ABOUT:
            for near in words[at + 1 : at + 4]:
                if near.mark or {"#глагол", "#предлог"} & near.keys:
                    break
                near.stance = Stance.OPEN
                if "#сущ" in near.keys or near.text.isascii():
                    break


def _has(words: Sequence[Word], part: range, lemmas: frozenset[str]) -> bool:
    return any(words[at].keys & lemmas for at in part)


def _lures(words: object) -> bool:
    return any(word.keys & _LURE for word in words)  # type: ignore[attr-defined]


def _denies(words: Sequence[Word], within: int) -> bool:
    return any(word.keys & _DENYING for word in words[:within])


def _settle(word: Word) -> None:
    if word.stance is Stance.OPEN:
        return
    total = word.own_denials + word.denials
    if total % 2:
        word.stance = Stance.ABSENT if word.own_denials % 2 else Stance.DENIED
    elif total and {"#инф", "#глагол"} & word.keys:
        word.keys |= {_SURELY}


def _ask(words: Sequence[Word], asked: bool, after: Sequence[Word]) -> None:
    """Take a question for what its answer makes of it; an alluring one without a denial speaks for itself."""
    answer = after[0].text if after else ""
    about_ours = asked or any(word.text == "ли" for word in words)
    if not about_ours:
        return
    if asked and answer in (_NO | _CONCORD | {"исключено", "невозможно"}):
        for word in words:
            word.stance = Stance.MEANT if _odd(word) else Stance.ABSENT
        return
    if asked and answer in _YES:
        for word in words:
            word.stance = Stance.MEANT if word.stance is Stance.OPEN else word.stance
        return
    alluring = _lures(words) and not any(word.text in _COUNTING for word in words) and not _denies(after, 8)
    if asked and not alluring:
        for word in words[_asking_from(words) :]:
            word.stance = Stance.OPEN


def _asking_from(words: Sequence[Word]) -> int:
    """Return where the question begins: what is stated before "…, чем вы хуже?" stays stated."""
    last = list(_parts(words))[-1]
    stated = any({"#глагол"} & word.keys and word.text not in _COUNTING for word in words[: last.start])
    begins = words[last.start].text in (_COUNTING | _WHY)
    return last.start if stated and begins and words[0].text not in (_COUNTING | _WHY) else 0


def _warn(words: Sequence[Word], after: Sequence[Word]) -> None:
    """Open what is told about others as a warning: "обещают доход без риска мошенники"."""
    ours = any(word.keys & _OURS or "#мы" in word.keys for word in words)
    warned = any("@тревога" in word.keys and word.stance is Stance.MEANT for word in words)
    told_by_others = any({"#глагол", "#они"} <= word.keys and "@обещать" in word.keys for word in words)
    if (warned or (told_by_others and (_denies(words, len(words)) or _denies(after, 8)))) and not ours:
        for word in words:
            if word.stance is not Stance.DENIED and "@тревога" not in word.keys:
                word.stance = Stance.OPEN
