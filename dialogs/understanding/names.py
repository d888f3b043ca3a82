"""A person's name in free text: "меня зовут Анна", "это Лена", "Иван Петров", or a bare answer to "как вас зовут?"."""

import re
from collections.abc import Sequence

from dialogs.understanding import morphology
from dialogs.understanding.gibberish import is_keyboard_run
from dialogs.understanding.normalise import clean, is_cyrillic, to_russian_layout
from dialogs.understanding.translit import to_russian

_INTRODUCTION = re.compile(
    r"(?:меня\s+зовут|мо[её]\s+имя(?:\s*[-—:])?|зовут(?:\s+меня)?|зовите(?:\s+меня)?|обращайтесь(?:\s+ко\s+мне)?"
    r"|можно\s+просто|можете\s+звать(?:\s+меня)?|имя\s*[-—:]?|фио\s*[-—:]?|my\s+name\s+is|call\s+me|menya\s+zovut|menja\s+zovut|минa\s+зовут"
    r"|контактное\s+лицо\s*[-—:]?)\s+",
    re.IGNORECASE,
)
_PRESENTATION = re.compile(
    r"(?:^|[,.!]\s*|привет\s+|здравствуйте\s+|день\s+|вечер\s+|утро\s+)(?:это|я|я\s*[-—]|i\s*am|i'm)\s+", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_LEADING = re.compile(
    r"^(?:здравствуйте|добрый\s+\w+|доброе\s+утро|привет|да|ну|просто|hello|hi)\b[\s,!.]*", re.IGNORECASE
)
_MOST_WORDS = 3
_PARTICLES = frozenset(("просто", "а", "и", "же", "вообще", "тебя", "вас", "не", "пожалуйста", "можно", "это"))
_ENGLISH = frozenset((
    "john", "mary", "james", "robert", "michael", "william", "david", "richard", "thomas", "charles", "daniel",
    "matthew", "anthony", "mark", "steven", "paul", "andrew", "kevin", "brian", "george", "jennifer", "linda",
    "elizabeth", "susan", "jessica", "sarah", "karen", "lisa", "nancy", "emily", "emma", "olivia", "sophia", "alice",
    "kate", "anna", "maria", "julia", "victoria", "alex", "nick", "peter", "max", "tom", "sam", "ann", "jane", "bob",
    "jack", "harry", "oliver", "noah", "liam", "lucas", "helen", "diana", "eva", "eric", "martin", "simon", "adam",
    "chris", "christopher", "joseph", "ben", "henry", "laura", "amy", "lucy", "ryan", "jason", "ivan", "olga", "elena",
    "natalia", "tatiana", "irina", "ekaterina", "svetlana", "sergey", "dmitry", "andrey", "alexey", "vladimir",
    "mikhail", "pavel", "igor", "oleg", "roman", "denis", "anton", "nikita", "kirill", "egor", "ilya", "yulia",
    "anastasia", "daria", "polina", "ksenia", "marina", "galina", "lena", "masha", "dasha", "sasha", "misha", "kolya",
))  # fmt: skip
# Russian words the dictionary also knows as names, which a customer hardly ever means as one.
_UNLIKELY = frozenset((
    "вера", "надежда", "любовь", "роза", "лев", "мир", "слава", "рада", "света", "мая", "марта", "август", "один",
    "ян", "май", "рим", "том", "марк", "ким", "ли", "дон", "сам", "эта", "дай", "на", "да", "алло", "ура", "бел", "ага",
))  # fmt: skip
_AMBIGUOUS = frozenset(
    ("любовь", "надежда", "вера", "роза", "лев", "рада", "ян", "марк", "слава", "ким", "мая", "света")
)


def find_name(text: str, *, asked: bool = False) -> str | None:
    """Return the name in proper case, or None; `asked` when the text answers "как вас зовут?"."""
    text = " ".join(text.split())[:300]
    for introduction in _INTRODUCTION.finditer(text):
        if name := _at_start(text[introduction.end() :], introduced=True):
            return name
    for introduction in _PRESENTATION.finditer(text):
        if name := _at_start(text[introduction.end() :], introduced=False):
            return name
    return _bare(text, asked=asked)


def _bare(text: str, *, asked: bool) -> str | None:
    """Read a text that is nothing but a name, maybe with digits beside it: "Анна, 8916…"."""
    rest = _LEADING.sub("", re.sub(r"[+\d()\s,.;:–—-]*\d[\d()\s.–—-]*", " , ", text)).strip(" ,.!;:-—")
    rest = re.sub(r"\S+@\S+", "", rest).strip(" ,.!;:-—")
    words = _WORD.findall(rest)
    if not words or len(words) > _MOST_WORDS or "?" in text or re.search(r"[^\w\s,.!'’\-—:;()]", rest):
        return None
    if any(is_keyboard_run(clean(word)) for word in words):
        return None
    names = _names(words)
    if len(names) != len(words):
        return _any_word(words) if asked and len(words) <= 2 else None
    return _joined(names)


def _at_start(text: str, *, introduced: bool) -> str | None:
    """Take the name words right at the beginning of what follows an introduction."""
    words: list[str] = []
    for piece in re.split(r"\s+", text)[:_MOST_WORDS]:
        match = _WORD.match(piece)
        if match is None:
            break
        if match[0].lower() in ("просто",) and not words:
            continue
        words.append(match[0])
        if match[0] != piece:
            break
    names = _names(words)
    if names:
        return _joined(names)
    return _any_word(words[:1]) if introduced and words and words[0][:1].isupper() else None


def _names(words: Sequence[str]) -> list[str]:
    """Return the leading words that are parts of a name; at least one must be a given name or a patronymic."""
    kinds = [_kind(word) for word in words]
    names: list[str] = []
    for word, kind in zip(words, kinds, strict=True):
        if kind is None:
            break
        names.append(word)
    taken = kinds[: len(names)]
    return names if any(kind in ("Name", "Patr") for kind in taken) else []


def _kind(word: str) -> str | None:
    """Return Name, Patr or Surn; None for a word that is no part of a name."""
    lower = clean(word)
    if not is_cyrillic(lower):
        return _latin_kind(lower)
    if lower in _UNLIKELY and lower not in _AMBIGUOUS:
        return None
    if lower in _AMBIGUOUS:
        return "Name" if word[:1].isupper() else None
    for reading in morphology.parse(lower):
        for kind in ("Name", "Patr", "Surn"):
            if kind in reading.tag and reading.tag.case == "nomn" and _is_likely(reading, kind, word):
                return kind
    return None


def _is_likely(reading: object, kind: str, word: str) -> bool:
    score = getattr(reading, "score", 0.0)
    return bool(score >= (0.3 if kind != "Surn" else 0.2) or (word[:1].isupper() and score >= 0.1))


def _latin_kind(lower: str) -> str | None:
    if lower in _ENGLISH:
        return "Name"
    for spelled in (to_russian(lower), to_russian_layout(lower)):
        if len(spelled) > 2 and morphology.is_known(spelled):
            for reading in morphology.parse(spelled):
                kind = next((kind for kind in ("Name", "Patr") if kind in reading.tag), None)
                if kind is not None and reading.tag.case == "nomn" and reading.score >= 0.4:
                    return kind
    return None


def _any_word(words: Sequence[str]) -> str | None:
    """Accept a word no dictionary knows as an answer to the question: foreign and rare names are many."""
    if not words or any(_is_common(word) for word in words):
        return None
    return _joined(words)


def _is_common(word: str) -> bool:
    lower = clean(word)
    if len(lower) < 2 or lower in _PARTICLES or not re.search(r"[аеиоуыэюяaeiouy]", lower):
        return True
    if not is_cyrillic(lower):
        return len(lower) < 3
    return morphology.is_known(lower) and not any(
        kind in reading.tag for reading in morphology.parse(lower) for kind in ("Name", "Surn", "Patr", "Geox")
    )


def _joined(words: Sequence[str]) -> str:
    return " ".join("-".join(part[:1].upper() + part[1:].lower() for part in word.split("-")) for word in words)


def is_english_name(word: str) -> bool:
    """Tell whether a Latin word is a first name customers bear."""
    return word.lower() in _ENGLISH
