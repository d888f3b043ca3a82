"""Russian written in Latin letters: both sides are brought to one rough spelling and compared there.

People transliterate each in their own way ("zdravstvuyte", "zdrastvuite", "3dravstvuj"), so there is no table that
turns it back; but words of a known list can be found by a spelling which forgets what people vary.
"""

import re

_LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
    "ц": "c", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
_MERGED = (
    ("shch", "sh"), ("sch", "sh"), ("sh'", "sh"), ("4", "ch"), ("6", "sh"), ("'", ""), ("kh", "h"), ("x", "h"),
    ("ph", "f"), ("w", "v"), ("tz", "c"), ("ts", "c"), ("j", "i"), ("y", "i"), ("q", "k"), ("ck", "k"), ("io", "e"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")


def skeleton_of_russian(word: str) -> str:
    """Return the rough Latin spelling of a Russian word."""
    return _merge("".join(_LETTERS.get(letter, letter) for letter in word))


def skeleton_of_latin(word: str) -> str:
    """Return the rough spelling of a word somebody wrote in Latin letters."""
    return _merge(word)


def to_russian(word: str) -> str:
    """Transliterate back letter by letter, the common way; good enough for words no list knows."""
    for latin, russian in _BACK:
        word = word.replace(latin, russian)
    return word


def _merge(text: str) -> str:
    for variant, common in _MERGED:
        text = text.replace(variant, common)
    text = text.replace("iu", "u").replace("ia", "a")
    return _DOUBLED.sub(r"\1", text)


_BACK = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ch", "ч"), ("sh", "ш"), ("ts", "ц"), ("yu", "ю"),
    ("ju", "ю"), ("iu", "ю"), ("ya", "я"), ("ja", "я"), ("ia", "я"), ("yo", "е"), ("jo", "е"), ("yi", "ый"),
    ("iy", "ий"), ("ij", "ий"), ("ay", "ай"), ("oy", "ой"), ("ey", "ей"), ("uy", "уй"), ("ai", "ай"), ("oi", "ой"),
    ("ei", "ей"), ("ui", "уй"), ("y", "ы"), ("j", "й"), ("x", "х"), ("h", "х"), ("w", "в"), ("q", "к"), ("4", "ч"),
    ("6", "ш"), ("a", "а"), ("b", "б"), ("c", "ц"), ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"), ("i", "и"),
    ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("r", "р"), ("s", "с"), ("t", "т"),
    ("u", "у"), ("v", "в"), ("z", "з"), ("'", "ь"),
)  # fmt: skip
