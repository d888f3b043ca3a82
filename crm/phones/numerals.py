"""Reads Russian and English number words as digits: "девятьсот шестнадцать" becomes "916", "три нуля" becomes "000"."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

# Words are compared without the soft sign and with "ё" as "е": half of the misspellings disappear by that alone.
_FORMS = {
    0: "нол нул ноля нуля нолик нулик зеро",
    1: "один одна одно одного одному одной адин един",
    2: "два две двух двум двумя",
    3: "три трех трем тремя",
    4: "четыре четырех четырем четырмя четыри читыре чтыре",
    5: "пят пяти пятю",
    6: "шест шести шестю",
    7: "сем семи",
    8: "восем восми восемю восим",
    9: "девят девяти девятю девит",
    10: "десят десяти",
    11: "одиннадцат одиннадцати одинадцат адинадцат одинацат",
    12: "двенадцат двенадцати двинадцат двенацат",
    13: "тринадцат тринадцати тринацат",
    14: "четырнадцат четырнадцати четырнацат",
    15: "пятнадцат пятнадцати пятнацат питнадцат",
    16: "шестнадцат шестнадцати шеснадцат шеснацат",
    17: "семнадцат семнадцати семнацат",
    18: "восемнадцат восемнадцати восемнацат",
    19: "девятнадцат девятнадцати девятнацат",
    20: "двадцат двадцати двацат дватцат",
    30: "тридцат тридцати трицат тритцат",
    40: "сорок сорока",
    50: "пятдесят пятидесяти пядесят пятьдесят писят пиисят полста полтинник",
    60: "шестдесят шестидесяти шесдесят шисят шейсят шестесят",
    70: "семдесят семидесяти семисят семсят",
    80: "восемдесят восмидесяти восемсят",
    90: "девяносто девяноста девеносто",
    100: "сто ста",
    200: "двести двухсот двесте",
    300: "триста трехсот",
    400: "четыреста четырехсот четыресто",
    500: "пятсот пятисот пятцот пицот",
    600: "шестсот шестисот шессот",
    700: "семсот семисот",
    800: "восемсот восмисот",
    900: "девятсот девятисот деветсот девятсто",
}
_ENGLISH = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_ENGLISH_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NOUNS = {
    0: "нол нул",
    1: "единиц единичк",
    2: "двойк двоечк",
    3: "тройк троечк",
    4: "четверк четверочк",
    5: "пятерк пятерочк",
    6: "шестерк шестерочк",
    7: "семерк семерочк",
    8: "восмерк восмерочк",
    9: "девятк девяточк",
}
_UNIT_ORDINALS = {"перв": 1, "втор": 2, "трет": 3, "четверт": 4, "пят": 5, "шест": 6, "седм": 7, "восм": 8, "девят": 9}

VALUES: dict[str, int] = {form: value for value, forms in _FORMS.items() for form in forms.split()}
VALUES |= {word: value for value, word in enumerate(_ENGLISH)} | {"oh": 0, "nought": 0}
VALUES |= {word: 20 + 10 * place for place, word in enumerate(_ENGLISH_TENS)}
_NOUN_VALUES = {
    stem + ending: value
    for value, stems in _NOUNS.items()
    for stem in stems.split()
    for ending in ("а", "и", "у", "ек", "ок", "я", "ей", "ик", "ика", "иков", "ь", "")
}
_PLURAL_ZEROS = frozenset({"нуля", "ноля", "нули", "ноли"})
_REPEATS = {"двойной": 2, "тройной": 3, "double": 2, "triple": 3, "дважды": 2, "трижды": 3}
_GLUED = re.compile("(?:" + "|".join(sorted((f for f in VALUES if len(f) > 2), key=len, reverse=True)) + ")")
_ORDINAL_END = re.compile(r"(?:ый|ий|ой|ого|его|ому|ом|ым|ая|ую|ое|ые|ых)$")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
# Only a quick look: what begins like a number word. "стол" and "столько" should not pass, "стодвадцать" should.
_STEMS = re.compile(
    r"(?<![^\W\d_])(?:нол|нул|один|одна\b|одно|адин|един|дв(?:а|е)\b|дв(?:ух|ум|ад|ац|ат|ен|ин|ой|ое|ест)|дважды|три|тр[её][хмт]|трой|четыр|четв|читыр|"
    r"чтыр|пят|пяд|питн|пицот|писят|шес|шис|шей|шыс|сем[ьинсё]|сем\b|вос[еиь]м|восм|восе|дев[яеи]|десят|дес[ея]т|сорок|ст[оа]\b|"
    r"сто(?=дв|тр|сор|пят|шест|сем|вос|дев|од)|полст|полтин|тысяч|zero|oh\b|one\b|two\b|three|four|five|six|seven|eight|nine|ten\b|"
    r"eleven|twel|thirt|fift|forty|twent|double|triple|nought)",
    re.IGNORECASE,
)
_LOOSE_GAP = re.compile(r"[\s,.\-:…]*\Z")
_TIGHT_GAP = re.compile(r"(?: {0,3}|-)\Z")
_FUZZY_MIN_LETTERS = 5
_FUZZY_NEIGHBOURS = 3  # so many numbers must be certain before a misspelt one is believed


@dataclass(slots=True)
class _Token:
    start: int
    end: int
    digits: str | None  # None for a word that is no number
    value: int | None = None  # set for number words only
    word: str = ""
    is_spoken: bool = False


def has_numerals(text: str) -> bool:
    """Tell cheaply whether any word could be a number word."""
    return _STEMS.search(text) is not None


def to_digits(text: str, *, merge: bool = True) -> str:
    """Replace number words by digits. `merge` also reads "девятьсот 16" and "девятьсот ноль три" as one group."""
    tokens = _read(text)
    if not any(token.value is not None or token.is_spoken for token in tokens):
        return text
    _read_misspelt(tokens)
    return _write(text, _group(text, tokens, merge=merge))


def _read(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        if word[0].isdigit():
            tokens.append(_Token(match.start(), match.end(), word))
            continue
        tokens += _read_word(word.lower(), match.start(), tokens[-1] if tokens else None)
    return tokens


def _read_word(lower: str, start: int, before: _Token | None) -> list[_Token]:
    word = lower.replace("ё", "е").replace("ь", "")
    end = start + len(lower)
    count = _count(before) if word not in VALUES or word in _PLURAL_ZEROS else 0
    if word in _NOUN_VALUES and (count or word not in VALUES):
        digit = str(_NOUN_VALUES[word])
        if count and before is not None:
            before.value, before.digits, before.end, before.is_spoken = None, digit * count, end, True
            return []
        return [_Token(start, end, digit, int(digit), word)]
    if lower in _REPEATS:
        return [_Token(start, end, None, None, lower)]
    value = VALUES.get(word, VALUES.get(re.sub(r"(.)\1", r"\1", word)))
    if value is None:
        value = _ordinal(word, before)
    if value is None:
        return _split_glued(word, start, end)
    if before is not None and before.digits is None and before.word in _REPEATS and value < 10:
        before.digits, before.end, before.is_spoken = str(value) * _REPEATS[before.word], end, True
        return []
    return [_Token(start, end, str(value), value, word)]


def _count(before: _Token | None) -> int:
    """How many times the noun that follows is said: 2 for "два" before "нуля"."""
    if before is None or before.digits is None or len(before.digits) != 1:
        return 0
    return int(before.digits) if before.digits in "12345" else 0


def _ordinal(word: str, before: _Token | None) -> int | None:
    """Read "шестнадцатый"; "шестой" only after "двадцать", for elsewhere it counts things, not digits."""
    stem = _ORDINAL_END.sub("", word)
    if stem == word:
        return None
    if stem in _UNIT_ORDINALS:
        follows = before is not None and before.value is not None and before.value >= 20
        return _UNIT_ORDINALS[stem] if follows else None
    value = VALUES.get(stem, VALUES.get(stem + "и"))
    return value if value is not None and value > 10 else None


def _split_glued(word: str, start: int, end: int) -> list[_Token]:
    """Read "сорокпять" as 45; any other word stays a word."""
    parts = _GLUED.findall(word)
    if len(parts) < 2 or sum(map(len, parts)) != len(word):
        return [_Token(start, end, None, None, word)]
    # The pieces share the place of the word: only the first and the last touch its edges.
    return [_Token(start if n == 0 else end, end, str(VALUES[p]), VALUES[p], p) for n, p in enumerate(parts)]


def _read_misspelt(tokens: list[_Token]) -> None:
    if sum(token.digits is not None for token in tokens) < _FUZZY_NEIGHBOURS:
        return
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        beside = [t for t in (before, after) if t is not None and t.digits is not None]
        if token.digits is None and beside and len(token.word) >= _FUZZY_MIN_LETTERS and token.word not in _REPEATS:
            token.value = _nearest(token.word)
            token.digits = None if token.value is None else str(token.value)


def _nearest(word: str) -> int | None:
    limit = 1 if len(word) < 9 else 2
    best, value = limit + 1, None
    for form, number in VALUES.items():
        if len(form) >= _FUZZY_MIN_LETTERS - 1 and abs(len(form) - len(word)) <= limit:
            distance = DamerauLevenshtein.distance(word, form, score_cutoff=limit)
            if distance < best:
                best, value = distance, number
    return value


def _group(text: str, tokens: list[_Token], *, merge: bool) -> list[_Token]:
    """Join hundreds, tens and units that are said as one number."""
    grouped: list[_Token] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        position += 1
        if token.word == "тысяча" and position < len(tokens) and tokens[position].value is not None:
            token = _Token(token.start, token.end, "1000", 1000)
        if token.value is not None:
            while position < len(tokens) and _TIGHT_GAP.match(text[token.end : tokens[position].start]):
                joined = _join(token.value, tokens, position, merge=merge)
                if joined is None:
                    break
                value, used = joined
                token = _Token(token.start, tokens[position + used - 1].end, str(value), value)
                position += used
        grouped.append(token)
    return grouped


def _join(value: int, tokens: list[_Token], position: int, *, merge: bool) -> tuple[int, int] | None:
    """Return the joined value and how many tokens it took, or None when the next token starts a new group."""
    token = tokens[position]
    if token.word.startswith("тысяч") and value < 100 and _goes_on(tokens, position):
        return value * 1000, 1
    room = _room(value)
    if token.digits is None or not room:
        return None
    if token.value is not None and 0 < token.value < room:
        return value + token.value, 1
    if not merge or room != 100:
        return None
    if token.value is None and len(token.digits) == 2:  # "девятьсот 16"
        return value + int(token.digits), 1
    if token.value == 0 and position + 1 < len(tokens):  # "девятьсот ноль три"
        unit = tokens[position + 1].value
        if unit is not None and 0 < unit < 10:
            return value + unit, 2
    return None


def _goes_on(tokens: list[_Token], position: int) -> bool:
    """Tell "четыре тысячи пятьсот" from "четыре тысячи рублей"."""
    return position + 1 < len(tokens) and tokens[position + 1].value is not None


def _room(value: int) -> int:
    """Return below what a number may follow `value` as its part: 100 after 900, 10 after 40, 0 after 7."""
    if value < 20:
        return 0
    return next((room for room in (1000, 100, 10) if value % room == 0), 0)


def _write(text: str, tokens: list[_Token]) -> str:
    pieces: list[str] = []
    at = 0
    before: _Token | None = None
    for token in tokens:
        if token.digits is None:
            before = None
            continue
        gap = text[at : token.start]
        spoken = _is_spoken(token) or (before is not None and _is_spoken(before))
        if before is not None and spoken and _LOOSE_GAP.match(gap):
            gap = " "
        pieces += [gap, token.digits]
        at, before = token.end, token
    pieces.append(text[at:])
    return "".join(pieces)


def _is_spoken(token: _Token) -> bool:
    return token.is_spoken or token.value is not None
