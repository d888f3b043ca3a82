"""How each word of a text is meant: said, denied, absent, or only asked, supposed and told about others."""

from collections.abc import Iterable, Iterator, Sequence

from dialogs.safety.denial import CONCORD, NO, count_denials, is_denied, parts_of
from dialogs.safety.grammar import words_of
from dialogs.safety.words import Stance, Word

Sentence = tuple[list[Word], bool]

_THAT, _ASIDE, _SUPPOSING, _WHOEVER = words_of("that"), words_of("aside"), words_of("supposing"), words_of("whoever")
_LURE, _COUNTING, _WHY, _YES = words_of("lure"), words_of("counting"), words_of("why"), words_of("yes")
_DENYING, _OURS, _ABOUT = words_of("denying"), words_of("ours"), words_of("about")
_NO_ANSWER = NO | CONCORD | {"исключено", "невозможно"}
_HOW_MUCH = words_of("how_much")
_SHOWING = words_of("showing")
_HEDGING = words_of("hedging")
_KNOWING = words_of("knowing")
_AFFIRMED = "#да"
_SURELY = "#наверняка"
_SOON = 8  # words of the next sentence that may take an allurement back


def judge(sentences: Sequence[Sentence]) -> None:
    """Set the stance of every word."""
    for at, (words, asked) in enumerate(sentences):
        parts = list(parts_of(words))
        count_denials(words, parts)
        _suppose(words, parts)
        for word in words:
            _settle(word)
        after = sentences[at + 1][0] if at + 1 < len(sentences) else []
        _ask(words, asked, after)
        _warn(words, after)


def _suppose(words: Sequence[Word], parts: Sequence[range]) -> None:
    """Open what is only supposed, asked about, or said by whoever it may be."""
    _open_topics(words)
    quoting = False
    for number, part in enumerate(parts):
        texts = [words[at].text for at in part]
        rest = words[part.stop :]
        supposed = not _SUPPOSING.isdisjoint(texts[:3]) and (not _lures(words) or _denies(rest, len(rest)))
        asked_about = "ли" in texts or "whether" in texts
        aside = number > 0 and texts[0] in (_COUNTING | _THAT | {"можно"}) and _has(words, parts[number - 1], _ASIDE)
        whoever = texts[0] in ("кто", "who", "whoever") or (
            texts[0] in _WHOEVER and len(texts) > 1 and texts[1] in ("кто", "who")
        )
        whoever = whoever and not (number > 0 and _speaks_for_us(words, parts[number - 1]))
        embedded = number > 0 and texts[0] in _HOW_MUCH and not _has(words, parts[number - 1], _SHOWING)
        unknown = number > 0 and texts[0] in ("как", "how") and _is_unknown(words, parts[number - 1])
        certain = any(words[at].denials + words[at].own_denials > 1 for at in part)
        quoted = quoting and "«" in words[part.start].mark
        quoting = supposed or quoted
        if (
            supposed
            or asked_about
            or aside
            or embedded
            or unknown
            or quoted
            or ((whoever or "бы" in texts) and not certain)
        ):
            for at in part:
                words[at].stance = Stance.OPEN


def _is_unknown(words: Sequence[Word], part: range) -> bool:
    """Tell whether "мы не знаем", "никто не скажет" stands before "как …"."""
    return any(words[at].keys & _KNOWING and is_denied(words[at]) for at in part)


def _speaks_for_us(words: Sequence[Word], part: range) -> bool:
    """Tell whether "мы единственные" stands before "кто …", and not "я бы не верил тем"."""
    ours = any(words[at].keys & _OURS for at in part)
    return ours and not any(words[at].denials or words[at].own_denials or words[at].text == "бы" for at in part)


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


def _lures(words: Iterable[Word]) -> bool:
    return any(word.keys & _LURE for word in words)


def _denies(words: Sequence[Word], within: int) -> bool:
    return any(word.keys & _DENYING for word in words[:within])


def _settle(word: Word) -> None:
    if word.stance is Stance.OPEN:
        return
    total = word.own_denials + word.denials
    if total % 2:
        word.stance = Stance.ABSENT if word.own_denials % 2 else Stance.DENIED
    elif total:
        word.keys |= {_SURELY}


def _ask(words: Sequence[Word], asked: bool, after: Sequence[Word]) -> None:
    """Take a question for what its answer makes of it; an alluring one without a denial speaks for itself."""
    answer = after[0].text if after else ""
    if len(after) > 1 and answer in ("а", "и", "ну"):
        answer = after[1].text
    about_ours = asked or any(word.text == "ли" for word in words)
    if not about_ours:
        return
    if asked and answer in _NO_ANSWER:
        for word in words:
            word.stance = Stance.MEANT if is_denied(word) else Stance.ABSENT
        return
    if asked and answer in _YES:
        is_plain = not any(word.keys & _HEDGING for word in after)
        for word in words:
            word.stance = Stance.MEANT if word.stance is not Stance.ABSENT else word.stance
            word.keys |= {_AFFIRMED} if is_plain else set()
        return
    alluring = _lures(words) and not any(word.text in _COUNTING for word in words) and not _denies(after, _SOON)
    if asked and not alluring:
        for word in words[_asking_from(words) :]:
            word.stance = Stance.OPEN


def _asking_from(words: Sequence[Word]) -> int:
    """Return where the question begins: what is stated before "…, чем вы хуже?" stays stated."""
    last = list(parts_of(words))[-1]
    stated = any({"#глагол"} & word.keys and word.text not in _COUNTING for word in words[: last.start])
    begins = words[last.start].text in (_COUNTING | _WHY)
    return last.start if stated and begins and words[0].text not in (_COUNTING | _WHY) else 0


def _warn(words: Sequence[Word], after: Sequence[Word]) -> None:
    """Open what is told about others as a warning: "обещают доход без риска мошенники"."""
    ours = any(word.keys & _OURS or "#мы" in word.keys for word in _outside_quotes(words))
    warned = any("@тревога" in word.keys and word.stance is Stance.MEANT for word in words)
    told_by_others = any({"#глагол", "#они"} <= word.keys and "@обещать" in word.keys for word in words)
    if (warned or (told_by_others and (_denies(words, len(words)) or _denies(after, _SOON)))) and not ours:
        for word in words:
            if word.stance is not Stance.DENIED and "@тревога" not in word.keys:
                word.stance = Stance.OPEN


def _outside_quotes(words: Sequence[Word]) -> Iterator[Word]:
    quoted = False
    for word in words:
        if "»" in word.mark or (quoted and '"' in word.mark):
            quoted = "«" in word.mark
        elif "«" in word.mark or '"' in word.mark:
            quoted = True
        if not quoted:
            yield word
