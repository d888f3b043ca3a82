"""Text repair before anything is understood: invisible characters, look-alike letters, stretched words, wrong layout."""

import re
import unicodedata

_INVISIBLE = re.compile(r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")  # all of Unicode's category Cc but the line feed
_SPACES = re.compile(r"[^\S\n]+")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)

# Latin letters that look like Russian ones, as people type them to cheat a filter or by mistake.
_LATIN_SHAPES = str.maketrans("abcehikmnoprtuxy", "авсеникмпоргтиху")
_DIGIT_SHAPES = str.maketrans("@013460", "аоизчбо")
_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])[@01346]+(?=[^\W\d_])")

_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_SHIFTED = 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>~'
_JCUKEN = "йцукенгшщзхъфывапролджэячсмитьбюе"
_TO_RUSSIAN = str.maketrans(_QWERTY + _SHIFTED, _JCUKEN * 2)
_TO_ENGLISH = str.maketrans(_JCUKEN[:-1] + "ё", _QWERTY[:-1] + "`")


def clean(text: str) -> str:
    """Return the text in lower case with one form for each letter, and without invisible characters."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    text = _CONTROL.sub(" ", text)
    return _SPACES.sub(" ", text.lower().replace("ё", "е")).strip()


def is_cyrillic(word: str) -> bool:
    """Tell whether the word has a Russian letter."""
    return _CYRILLIC.search(word) is not None


def is_latin(word: str) -> bool:
    """Tell whether the word has Latin letters and no Russian one."""
    return _LATIN.search(word) is not None and not is_cyrillic(word)


def unmask_look_alikes(word: str) -> str:
    """Turn Latin letters, and digits between letters, inside a Russian word into the letters they resemble."""
    if not is_cyrillic(word):
        return word
    word = _BETWEEN_LETTERS.sub(lambda match: match[0].translate(_DIGIT_SHAPES), word)
    return word.translate(_LATIN_SHAPES) if len(_CYRILLIC.findall(word)) * 2 >= len(_LATIN.findall(word)) else word


def as_russian_shapes(word: str) -> str:
    """Read a word of Latin letters by their looks: "cyka" is "сука"."""
    return word.translate(_DIGIT_SHAPES).translate(_LATIN_SHAPES)


def squeeze(word: str) -> tuple[str, str]:
    """Return the word with stretched letters cut to two and to one: "ааалло" gives "аалло" and "алло"."""
    return _STRETCHED.sub(r"\1\1", word), _STRETCHED.sub(r"\1", word)


def to_russian_layout(word: str) -> str:
    """Read keys pressed with the English layout on as Russian: "ghbdtn" is "привет"."""
    return word.translate(_TO_RUSSIAN)


def to_english_layout(word: str) -> str:
    """Read keys pressed with the Russian layout on as English: "руддщ" is "hello"."""
    return word.translate(_TO_ENGLISH)
