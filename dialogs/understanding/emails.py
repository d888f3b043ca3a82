"""E-mail addresses in free text, also dictated ones: "ivan собака mail точка ru"."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from dialogs.understanding.normalise import clean

_ADDRESS = re.compile(
    r"(?<![\w.+-])([a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9_+-])?)@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})(?![\w@-])"
)
_NATIONAL = re.compile(r"(?<![\w.+-])([\w.%+-]{1,64})@((?:[\wа-я-]{1,63}\.)+(?:рф|рус|москва|дети))(?!\w)")
_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\{at\}|\(собака\)|\bсобак[ау]?\b|\bсобачк[ау]\b|\bэт\b|\bat\b)\s*")
_DOT = re.compile(r"\s*(?:\(dot\)|\[dot\]|\(точка\)|\bточка\b|\bдот\b|\bdot\b)\s*")
_DASH = re.compile(r"\s*\b(?:дефис|минус|тире)\b\s*")
_UNDERSCORE = re.compile(r"\s*\b(?:нижнее подчеркивание|подчеркивание|андерскор|underscore)\b\s*")
_LOOSE = re.compile(r"(?<=[a-z0-9])\s*@\s*(?=[a-z0-9])")
_COMMA_FOR_DOT = re.compile(r"(@[a-z0-9-]+),\s?(ru|com|by|kz|ua|net|org)\b")
_SPOKEN_DOMAINS = (
    ("майл", "mail"), ("мейл", "mail"), ("мэйл", "mail"), ("яндекс", "yandex"), ("гмейл", "gmail"), ("джимейл", "gmail"),
    ("гмаил", "gmail"), ("рамблер", "rambler"), ("лист", "list"), ("бк", "bk"), ("инбокс", "inbox"), ("ру", "ru"),
    ("ком", "com"), ("аутлук", "outlook"), ("ya", "ya"), ("айклауд", "icloud"),
)  # fmt: skip
_SPOKEN = re.compile(r"(?<=[@.])\s*(" + "|".join(word for word, _ in _SPOKEN_DOMAINS) + r")(?![а-яa-z])")
_COMMON = (
    "mail.ru", "gmail.com", "yandex.ru", "ya.ru", "bk.ru", "list.ru", "inbox.ru", "rambler.ru", "icloud.com",
    "outlook.com", "hotmail.com", "yahoo.com", "yandex.com", "yandex.by", "yandex.kz", "tut.by", "ukr.net", "vk.com",
    "internet.ru", "proton.me", "protonmail.com", "me.com", "live.ru", "live.com", "googlemail.com", "narod.ru",
    "mail.com", "gmx.com", "gmx.de", "qq.com", "aol.com", "list.com",
)  # fmt: skip
_GUESSABLE = _COMMON[:14]


@dataclass(frozen=True, slots=True)
class FoundEmail:
    """An address as written, and the likelier one when its domain looks mistyped; never changed silently."""

    address: str
    suggestion: str | None = None


def find_email(text: str) -> FoundEmail | None:
    """Return the first address in the text, None when there is none."""
    text = _spelled_out(clean(text))
    match = _ADDRESS.search(text) or _NATIONAL.search(text)
    if match is None or ".." in match[0]:
        return None
    name, domain = match[1], match[2]
    return FoundEmail(f"{name}@{domain}", _suggestion(name, domain))


def _spelled_out(text: str) -> str:
    if "@" not in text and not _AT.search(text):
        return text
    spoken = _AT.search(text) is not None and "@" not in text
    if spoken:
        text = _UNDERSCORE.sub("_", _DASH.sub("-", _DOT.sub(".", _AT.sub("@", text))))
        text = re.sub(r"(?<=[@.])\s+|\s+(?=[@.])", "", text)
    text = _LOOSE.sub("@", _DOT.sub(".", text))
    text = _SPOKEN.sub(lambda match: dict(_SPOKEN_DOMAINS)[match[1]], text)
    return _COMMA_FOR_DOT.sub(r"\1.\2", text)


def _suggestion(name: str, domain: str) -> str | None:
    if domain in _COMMON:
        return None
    near = [(OSA.distance(domain, known), known) for known in _GUESSABLE if domain[0] == known[0] or len(domain) > 6]
    distance, known = min(near, default=(9, ""))
    return f"{name}@{known}" if distance <= (1 if len(known) < 7 else 2) else None
