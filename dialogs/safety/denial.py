"""What a "не", a "нет", a "без" reaches: each word of a sentence is told how often it is denied."""

import itertools
from collections.abc import Iterator, Sequence

from dialogs.safety.grammar import words_of
from dialogs.safety.words import Word

NOT, NO, CONCORD = words_of("not"), words_of("no"), words_of("concord")
_SCALAR, _WITHOUT, _CANNOT, _HARDLY = words_of("scalar"), words_of("without"), words_of("cannot"), words_of("hardly")
_WHOLE, _SAYING, _THAT, _AND = words_of("whole"), words_of("saying"), words_of("that"), words_of("and")
_WHO, _HAPPENED, _EXISTING = words_of("who"), words_of("happened"), words_of("existing")
_CHANCE, _IDLE_NO = words_of("chance"), words_of("idle_no")
_INTERJECTED = frozenset(("нет", "no"))
_BREAKS = frozenset(",;:—–()«")
_QUOTES = frozenset(('"', "«"))
_PREDICATES = frozenset(("#глагол", "#инф", "#кратк", "#предик"))
_REACH = 7  # words a "без" can reach
_ENGLISH_REACH = 3  # the same in English, where nobody tells us which word is the noun
_NO_REACH = 4  # words from a "нет" within which it denies the thing itself


def parts_of(words: Sequence[Word]) -> Iterator[range]:
    """Yield what stands between marks; a "но" begins a part too."""
    start = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or _is_break(words[at]):
            yield range(start, at)
            start = at


def _is_break(word: Word) -> bool:
    return bool(_BREAKS & set(word.mark)) or word.mark.strip('"«»') == "-" or word.text in ("но", "but", "however")


def is_denied(word: Word) -> bool:
    """Tell whether the denials of a word leave it denied: two of them make a certainty."""
    return (word.denials + word.own_denials) % 2 == 1


def count_denials(words: Sequence[Word], parts: Sequence[range]) -> None:
    """Count the denials of every word of a sentence."""
    for part in parts:
        for at in part:
            _deny_from(words, part, at)
    for number, (before, part) in enumerate(itertools.pairwise(parts)):
        _inherit(words, before, part, parts[number + 2 :])
    _go_on_listing(words, parts)


def _deny_from(words: Sequence[Word], part: range, at: int) -> None:
    text = words[at].text
    if text in NOT and at + 1 < part.stop:
        _deny_by_not(words, part, at + 1)
    elif text in NO:
        _deny_by_no(words, part, at)
    elif text in CONCORD and not _has_denial(words, part, at):
        has_noun = any("#сущ" in words[near].keys for near in range(at + 1, part.stop))  # not in "риска никакого"
        is_of_noun = text == "ни" or ("#прил" in words[at].keys and has_noun)
        if is_of_noun:
            _deny_next(words, part, at)
        elif "#прил" in words[at].keys and at > part.start:
            words[at - 1].own_denials += 1
        else:
            _spread(words, part, at)
    elif text in _WITHOUT and (at == part.start or words[at - 1].text not in NOT):
        _deny_next(words, part, at)
    elif text in _CANNOT:
        _spread(words, part, at)
    elif text in _HARDLY:  # "сложно не заработать"
        for near in range(at + 1, min(at + 4, part.stop - 1)):
            words[near + 1].denials += words[near].text in NOT


def _deny_by_not(words: Sequence[Word], part: range, target: int) -> None:
    word = words[target]
    if word.text in _SCALAR:
        return
    word.own_denials += 1
    if "#предлог" in word.keys and target + 1 < part.stop:  # "получается не у всех"
        target, word = target + 1, words[target + 1]
        word.own_denials += 1
    after = words[target + 1] if target + 1 < part.stop else None
    if after and {"#прил", "#прич"} & word.keys and "#сущ" in after.keys:
        after.own_denials += 1
    if word.keys & _WHOLE:
        _spread(words, part, target, past_verbs=True)
    elif _PREDICATES & word.keys or word.text.isascii():
        _spread(words, part, target)
    elif "#деепр" in word.keys:
        _spread(words, range(target, part.stop), target)


def _deny_by_no(words: Sequence[Word], part: range, at: int) -> None:
    alone, follows = len(part) == 1, words[at + 1] if at + 1 < len(words) else None
    if at == 0 and words[at].text in _INTERJECTED and (alone or (follows and follows.mark)):
        return
    if follows and follows.text in _IDLE_NO:
        return
    reach = range(max(0, part.start - 5), part.stop) if alone else part
    if words[at].text.isascii():
        reach = range(at, part.stop)
    for near in reach:
        if near != at and not ("#глагол" in words[near].keys and near < at):
            own = abs(near - at) <= _NO_REACH or alone
            words[near].own_denials += own
            words[near].denials += not own


def _has_denial(words: Sequence[Word], part: range, at: int) -> bool:
    denying = NOT | NO | _CANNOT
    return any(words[near].text in (denying | (_WITHOUT if near < at else NOT)) for near in part if near != at)


def _deny_next(words: Sequence[Word], part: range, at: int) -> None:
    """Deny what follows "без", "ни", "никаких": up to the noun, and the nouns joined to it."""
    for near in range(at + 1, min(at + 1 + _REACH, len(words))):
        word = words[near]
        outside = near >= part.stop and not (word.mark == "," and "#род" in word.keys)
        goes_on = (
            words[near - 1].keys & _CHANCE or word.text in _WITHOUT
        )  # "без права на проигрыш", "никакого «без риска»"
        torn = "#предлог" in word.keys and not goes_on
        if outside or torn or {"#глагол", "#деепр"} & word.keys:
            break
        word.own_denials += 1
        if _is_last(words, near, at):
            break


def _is_last(words: Sequence[Word], near: int, at: int) -> bool:
    word, more = words[near], words[near + 1] if near + 1 < len(words) else None
    if word.text.isascii():
        return near - at >= _ENGLISH_REACH
    if "#сущ" not in word.keys or more is None:
        return False
    if word.keys & _CHANCE and "#предлог" in more.keys:
        return False
    return not (more.text in _AND or (more.mark in ("", ",") and "#род" in more.keys))


def _spread(words: Sequence[Word], part: range, target: int, *, past_verbs: bool = False) -> None:
    """Let a denied verb deny what depends on it: its part of the sentence up to another verb."""
    for near in range(target + 1, part.stop):
        if _stops(words, near, range(near, part.stop), past_verbs):
            break
        words[near].denials += words[near].text not in CONCORD
    for near in range(target - 1, part.start - 1, -1):
        if words[near].text in (NOT | CONCORD) or _is_emphatic(words, near, part.start):
            continue
        if _stops(words, near, range(part.start, near), past_verbs) or "#деепр" in words[near].keys:
            break
        words[near].denials += 1


def _is_emphatic(words: Sequence[Word], at: int, start: int) -> bool:
    """Tell whether it is the "и" of "дохода может и не быть"."""
    return words[at].text == "и" and words[at + 1].text in NOT and at > start and "мочь" in words[at - 1].keys


def _stops(words: Sequence[Word], near: int, beyond: range, past_verbs: bool) -> bool:
    word = words[near]
    if ("#глагол" in word.keys and not past_verbs and "мочь" not in word.keys) or word.text in NO:
        return True
    return word.text in _AND and any(
        {"#глагол", "#прич", "#кратк"} & words[other].keys or words[other].text in NO for other in beyond
    )


def _inherit(words: Sequence[Word], before: range, part: range, later: Sequence[range]) -> None:
    """Let "мы не обещаем, что …", "нет таких, кто …" deny what they say."""
    first = words[part.start]
    said = any(is_denied(words[at]) and words[at].keys & _SAYING for at in before)
    happened = first.text == "чтобы" and any(words[at].keys & _HAPPENED for at in before)
    if _is_nobody(words, before) and (first.text in _WHO or happened):
        said = True
    elif said:
        said = first.text in _THAT or bool(_QUOTES & set(first.mark))
    for at in part if said else ():
        words[at].denials += 1
    if said and "«" in first.mark:  # a quotation is denied to its end
        for at in itertools.chain(*itertools.takewhile(lambda other: "»" not in words[other.start].mark, later)):
            words[at].denials += 1


def _go_on_listing(words: Sequence[Word], parts: Sequence[range]) -> None:
    """Let "не обещаем прибыль, сроки и отсутствие риска" deny its whole list."""
    listing = False
    for part in parts:
        first = words[part.start]
        is_item = first.mark == "," and {"#сущ", "#прил", "#прич"} & first.keys and "#число" not in first.keys
        if listing and is_item and not any(_PREDICATES & words[at].keys for at in part):
            for at in part:
                words[at].denials += 1
        else:
            listing = any(
                is_denied(words[at]) and words[at].keys & _SAYING and _PREDICATES & words[at].keys for at in part
            )


def _is_nobody(words: Sequence[Word], part: range) -> bool:
    """Tell whether "нет таких", "не было случая", "хоть одного" stands before "кто …", "чтобы …"."""
    exists = any(words[at].keys & _EXISTING and is_denied(words[at]) for at in part)
    return exists or any(words[at].text in NO or words[at].text == "хоть" for at in part)
