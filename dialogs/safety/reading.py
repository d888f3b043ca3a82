"""From a text to thoughts: disguises undone, words told apart, amounts put together, stances judged."""

import re
from collections.abc import Iterable, Iterator, Sequence

from dialogs.safety.amounts import join_amounts
from dialogs.safety.grammar import words_of
from dialogs.safety.letters import visible
from dialogs.safety.lexicon import Lexicon
from dialogs.safety.stance import judge
from dialogs.safety.words import Thought, Word
from dialogs.understanding import morphology
from dialogs.understanding.normalise import is_cyrillic, is_latin
from dialogs.understanding.translit import to_russian

MAX_LENGTH = 6_000
_APART = re.compile(r"(?<![^\W_])(?:[^\W_][ .\-_*·|/\\,+~'()\[\]<>\n]{1,3}){3,}[^\W_](?![^\W_])(?:\.(?=\s))?")
_WIDE = re.compile(r"[ .\-_*·|/\\,+~'\n]{2,}")
_SIGN_BETWEEN = re.compile(r"[^\W_][^\w\s][^\W_]|[^\W_]_[^\W_]")
_TOKEN = re.compile(
    r"[xх]\s?-?\d+(?![\w])|\d+(?:[.,]\d+)?\s?[xх](?!\w)"  # x10, 10x
    r"|[\d@$|!][^\W\d_]{2,}[\w*@$|'’-]*"
    r"|[+-]?\d+(?:[ .,]\d{3})*(?:[.,]\d+)?(?:\s?[-–—…]\s?\d+(?:[ .,]\d{3})*(?:[.,]\d+)?)?(?:\s?%)?(?!\d)"
    r"|\{\{|\}\}|[^\W\d_](?:[\w*@$|'’.·^~#!\\/+-]*[^\W_])?|[\d@$|!][^\W\d_][\w*@$|'’-]*|[^\w\s]|\n"
)
_INSIDE = re.compile(r"[*@|'’.·^~#!\\/+_$-]+")
_END = frozenset(".!?…\n")
_PART = frozenset(',;:—–-()«»"')
_TOPIC = 4  # words: a question so short names what is talked about: "Риски? Нет."
_ENGLISH = words_of("english")
_RUN_TOGETHER = re.compile(
    r"([^\W\d_]{3,})(\d+)|(\d+)(вмесяц|внеделю|вдень|вгод|всутки)|(в)(месяц|неделю|день|год|сутки)"
)
_CONTRAST = words_of("contrast")
_ENGLISH_NOT = re.compile(
    r"^(do|does|did|ca|can|wo|would|should|could|is|are|was|were|have|has|must|need)(?:n['’]?t|not)$"
)
_POS = {
    "VERB": "#глагол", "INFN": "#инф", "NOUN": "#сущ", "ADJF": "#прил", "ADJS": "#кратк", "PRTF": "#прич", "PRTS": "#кратк",
    "GRND": "#деепр", "PREP": "#предлог",
    "PRED": "#предик", "NUMR": "#число", "NPRO": "#мест", "ADVB": "#нареч", "COMP": "#сравн",
}  # fmt: skip
_GRAMMEMES = {
    "futr": "#будущее", "past": "#прошлое", "pres": "#настоящее", "2per": "#вы", "1per": "#мы", "3per": "#они", "impr": "#приказ",
    "gent": "#род", "plur": "#мн",
}  # fmt: skip
_PRONOUNS = words_of("pronouns")
_SMALL = words_of("small")
_LONG = 9  # letters of a word which real words hardly make by chance
_LETTERS = re.compile(r"[^\W\d_]+")
_KNOWN_PART = 0.6
_SHOUT = 2  # words
_ANSWERS = words_of("yes") | words_of("no")
_NEVER_TOPIC = 14  # words back: further away a pronoun speaks of something else


def read(text: str, lexicon: Lexicon) -> list[Thought]:
    """Return the thoughts of a text, the stance of every word judged."""
    sentences = _rejoined(_sentences(_pieces(visible(text[:MAX_LENGTH]), lexicon), lexicon))
    judge(sentences)
    return [
        thought
        for number, (words, asked) in enumerate(sentences)
        for thought in _thoughts(
            words,
            asked,
            number - (number > 0 and words[0].text in _CONTRAST),
            sentences[number - 1][0] if number else [],
        )
    ]


def is_language(text: str, lexicon: Lexicon) -> bool:
    """Tell whether a decoded text is words at all: any letters resemble something to who looks long enough."""
    words = [word for word in _LETTERS.findall(visible(text)) if len(word) > _SHOUT]
    known = sum(lexicon.knows(word) or word in _ENGLISH for word in words)
    return bool(words) and known >= len(words) * _KNOWN_PART


def _pieces(text: str, lexicon: Lexicon) -> list[str]:
    text = _APART.sub(lambda found: _joined(found[0], lexicon), text)
    pieces: list[str] = []
    tokens = _TOKEN.findall(text)
    english = not _ENGLISH.isdisjoint(tokens)
    for token in tokens:
        pieces += _word_or_words(token, lexicon, english)
    pieces = _without_gaps(pieces, lexicon)
    return pieces if english else _from_latin(pieces, lexicon)


def _joined(run: str, lexicon: Lexicon) -> str:
    """Put letters set apart together; two signs in a row part words, and where nothing does the dictionary decides."""
    words = [re.sub(r"[\W_]", "", chunk) for chunk in (run.split() if _SIGN_BETWEEN.search(run) else _WIDE.split(run))]
    if any(len(word) == 1 for word in words) or run.replace(" ", "").isdigit():
        words = [re.sub(r"[\W_]", "", run)]
    if all(word.isdigit() for word in words):
        return run
    found: list[str] = []
    for word in words:
        meant = lexicon.meant(word)
        parts = meant if all(map(lexicon.knows, meant)) else lexicon.split(word)
        if not parts:
            return run
        found += parts
    return " ".join(found)


def _word_or_words(token: str, lexicon: Lexicon, english: bool) -> Iterable[str]:
    if (
        len(token) < 2
        or not any(character.isalpha() for character in token)
        or re.fullmatch(r"[xх]\W?\d+|\d\S*\s?[xх]", token)
    ):
        return (token,)
    if negative := _ENGLISH_NOT.match(token):
        return (negative[1], "not")
    if token[-3:] in ("'ll", "’ll"):
        return (token[:-3], "will")
    if run := _RUN_TOGETHER.fullmatch(token):  # "доходность50%вмесяц"
        return [piece for part in run.groups() if part for piece in _word_or_words(part, lexicon, english)]
    if not _INSIDE.search(token) and token.isalpha():
        return lexicon.meant(token, english)
    whole = lexicon.meant(token)
    if token[0].isdigit() and not all(map(lexicon.is_ours, whole)):
        return (token[0], *_word_or_words(token[1:], lexicon, english))
    if all(map(lexicon.is_ours, whole)) or (is_cyrillic(token) and morphology.is_known(token)):
        return whole
    return _cut(token, lexicon)


def _cut(token: str, lexicon: Lexicon) -> Iterator[str]:
    """Cut "доход/прибыль" and "сайт.Гарантия" at the signs, which stay to part sentences."""
    for piece in re.findall(r"[^*@|'’.·^~#!\\/+_$-]+|[*@|'’.·^~#!\\/+_$-]", token):
        if _INSIDE.fullmatch(piece):
            yield from () if piece == "-" else (piece,)  # a hyphen joins, a dash parts
        else:
            yield from lexicon.meant(piece)


def _without_gaps(pieces: list[str], lexicon: Lexicon) -> list[str]:
    """Join "гаран тия" and "при быль": pieces which together are a word of ours and apart hardly any."""
    found: list[str] = []
    at = 0
    while at < len(pieces):
        taken = next((size for size in (5, 4, 3, 2) if _is_one(pieces[at : at + size], size, lexicon)), 1)
        found.append("".join(pieces[at : at + taken]))
        at += taken
    return found


_BEGINNINGS = words_of("beginnings")


def _is_one(pieces: Sequence[str], size: int, lexicon: Lexicon) -> bool:
    if len(pieces) < size or not all(piece.isalpha() for piece in pieces):
        return False
    word = "".join(pieces)
    if len(word) < 5 or word not in lexicon.forms:
        return False
    if pieces[0] in _BEGINNINGS or any(not lexicon.knows(piece) for piece in pieces):
        return True
    return len(word) >= _LONG and not any(piece in lexicon.forms or piece in _SMALL for piece in pieces)


def _from_latin(pieces: list[str], lexicon: Lexicon) -> list[str]:
    """Where Russian is written in Latin letters, read the small words so too: "ne", "bez", "vy"."""
    latin = [piece for piece in pieces if is_latin(piece) and piece.isalpha()]
    if not latin or any(is_cyrillic(piece) for piece in pieces if piece not in lexicon.forms):
        return pieces
    if not any(is_cyrillic(piece) for piece in pieces):
        return pieces
    return [
        to_russian(piece) if is_latin(piece) and piece.isalpha() and not lexicon.is_ours(piece) else piece
        for piece in pieces
    ]


def _sentences(pieces: Iterable[str], lexicon: Lexicon) -> Iterator[tuple[list[Word], bool]]:
    """Yield the words of each sentence and whether it asks; a question of few words leads in the next sentence."""
    words: list[Word] = []
    mark = ""
    for piece in pieces:
        if piece == "\n" and (len(words) <= 2 or mark[-1:] in _PART):
            mark += ","
        elif piece in _END:
            if words and not (piece == "?" and _is_topic(words)):
                yield _finished(words, lexicon), piece == "?"
                words = []
            mark = "" if piece == "?" else mark
        elif piece in _PART:
            mark += piece
        else:
            words.append(_word(piece, mark if words else "", lexicon))
            mark = ""
    if words:
        yield _finished(words, lexicon), False


def _rejoined(sentences: Iterable[tuple[list[Word], bool]]) -> list[tuple[list[Word], bool]]:
    """Join shouts: "Гарантирую! Доход! Каждый день!"."""
    found: list[tuple[list[Word], bool]] = []
    shouting = False
    for words, asked in sentences:
        is_short = len(words) <= _SHOUT and not asked and words[0].text not in _ANSWERS
        if shouting and is_short:
            found[-1][0].extend(words)
        else:
            found.append((words, asked))
        shouting = is_short
    return found


def _finished(words: Sequence[Word], lexicon: Lexicon) -> list[Word]:
    """Name the groups of whole phrases at their first words, then put amounts together."""
    for at, word in enumerate(words):
        for phrase, group in lexicon.phrases_from(word.keys):
            near = words[at : at + len(phrase)]
            if len(near) == len(phrase) and not any(
                part.isdisjoint(other.keys) for part, other in zip(phrase, near, strict=True)
            ):
                word.keys |= {group}
    return join_amounts(words)


def _is_topic(words: Sequence[Word]) -> bool:
    """Tell whether "Риски?", "А гарантии?" only names what the next words are about."""
    return len(words) <= _TOPIC and not any(
        {"#глагол", "#инф", "#предик", "#кратк"} & word.keys or word.text in _ASKING for word in words
    )


_ASKING = words_of("asking")


def _word(piece: str, mark: str, lexicon: Lexicon) -> Word:
    keys = set(lexicon.groups_of(piece))
    if piece == "{{":
        keys.add("#подстановка")
    if is_cyrillic(piece):
        readings = morphology.parse(piece)
        for reading in readings[:1]:
            keys.add(_POS.get(str(reading.tag.POS), "#слово"))
        for reading in readings[:3]:
            if reading.tag.POS == readings[0].tag.POS:
                keys |= {kind for grammeme, kind in _GRAMMEMES.items() if grammeme in reading.tag}
        if "impr" not in readings[0].tag:
            keys.discard("#приказ")  # "прогорите" tells more often than it orders
    return Word(piece, frozenset(keys), mark)


def _thoughts(words: Sequence[Word], asked: bool, number: int, told: Sequence[Word]) -> Iterator[Thought]:
    """Cut a sentence at "но", and at "а" after a comma; a pronoun after the cut stands for what was spoken of."""
    begun: list[Word] = []
    for at, word in enumerate(words):
        if begun and (word.text in _CONTRAST or (word.text in ("а", "and", "и") and word.text == "а" and word.mark)):
            yield Thought(tuple(begun), asked, number)
            begun = []
        if word.text in _PRONOUNS:
            word.keys |= _spoken_of([*told[-_NEVER_TOPIC:], *words[:at]][-_NEVER_TOPIC:])
        begun.append(word)
    if begun:
        yield Thought(tuple(begun), asked, number)


def _spoken_of(before: Sequence[Word]) -> frozenset[str]:
    noun = next((word for word in reversed(before) if "#сущ" in word.keys), None)
    return frozenset(key for key in noun.keys if key.startswith("@")) if noun else frozenset()
