"""Tricks with letters undone before anybody reads: look-alikes, invisible marks, letters as digits, encodings."""

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from dialogs.understanding.normalise import to_russian_layout
from dialogs.understanding.translit import to_russian

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_BASE64 = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/_-]{12,}={0,2}(?![\w+/=])")
_HEX = re.compile(r"(?<!\w)(?:[0-9a-fA-F]{2}[ :]?){10,}(?!\w)")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"[^\S\n]+")
_EMOJI_WORDS = (
    ("💯", " 100% "), ("✖", "x"), ("×", "x"), ("🅰", "а"), ("🅱", "в"), ("🅾", "о"), ("🅿", "р"), ("❌", " "), ("➕", "+"),
    ("٪", "%"), ("✅", " . "), ("❓", "?"), ("❗", "!"), ("\u20e3", ""), ("№", " номер "), ("•", " . "), ("≥", " от "),
    ("€", " евро "), ("₽", " рублей "), ("₿", " биткоин "), ("∞", " бесконечно "),
)  # fmt: skip
_PICTURE = re.compile(
    "[\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff]"
)
_CYRILLIC = re.compile(r"[а-я]")
_LATIN = re.compile(r"[a-z]")
_ADDRESS = re.compile(r"https?://\S+|\b[\w.-]+@[\w-]+\.[\w.-]+")
_LETTER_OF_TWO = re.compile(r"(?<=[а-я ])[ьb][i|](?=[а-я])")  # "прибbIль"
_WORDLIKE = re.compile(r"[\w@$|!*'’^]+")
_TWO_LETTERS = ((("|", "l"), "и"), (("}{",), "ж"))


def _table(*pairs: tuple[str, str]) -> dict[int, str]:
    return {
        ord(letter): meant for letters, meant_all in pairs for letter, meant in zip(letters, meant_all, strict=True)
    }


# Letters of other alphabets which look like Russian or Latin ones, whatever word they stand in.
_FOREIGN = _table(
    ("іїјѕԁҟқңөүұһәғґѓќўџӏӧӥԛєњљћђѐѝ", "iijsdккноyyнагггкуцiоиqенлннеи"),
    ("αβγδεζηικλμνορστυφχω", "aвгdeznikлмvopoтyфxw"),
    ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "aвcdefгнijкlмnopгsтuvwуz"),
    ("ʀɑɡɩıłøđƙƨɐəɔɯʍʁᴙᴦᴨᴫəǝ", "гagiilodkзaeoшмяягплee"),
)
# Latin letters, digits and signs inside a Russian word: by their looks, and by their sound.
_LOOKS = _table(("abcdehgijklmnopqrstuvwxyz", "авсденгииклмпорqгстиvшхуз"), ("03146789@$|!", "озичбтвяасии"))
_LOOKS_TOO = _table(("abcdehgijklmnopqrstuvwxyz", "абсдендииклмнорqгстuvшхуз"), ("03146789@$|!", "оеиаблвдаслл"))
_SOUNDS = _table(("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопкрстувшхиз"), ("03146789@$|!", "озичштвяасии"))
# Digits and signs inside a Latin word.
_LEET = _table(("0134578@$|!+", "oieastbasiit"))
_LEET_TOO = _table(("0134578@$|!+", "oleastbaslit"))
_TO_LATIN = _table(("аеосрхукмтнвигпзбдіѕ", "aeocpxykmthbuгnzbdis".replace("г", "r")))


def visible(text: str) -> str:
    """Return what a person sees, in small letters: marks and invisible characters gone, each letter in one form."""
    text = _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), html.unescape(text))
    text = unquote(text) if "%D0" in text.upper() or "%D1" in text.upper() else text
    text = "".join(map(_small_capital, _INVISIBLE.sub("", text)))
    for picture, word in _EMOJI_WORDS:
        text = text.replace(picture, word)
    text = unicodedata.normalize("NFKC", text).lower()
    text = _LETTER_OF_TWO.sub("ы", "".join(map(_without_marks, text)).translate(_FOREIGN))
    return _SPACES.sub(lambda found: "  " if len(found[0]) > 1 else " ", _PICTURE.sub(" ", text)).strip()


def _small_capital(character: str) -> str:
    """Read squared and circled letters, and the letters flags are made of."""
    code = ord(character)
    for first in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6):
        if first <= code < first + 26 and character not in "🅰🅱🅾🅿":
            return chr(ord("a") + code - first)
    return character


def _without_marks(character: str) -> str:
    if character == "ё":
        return "е"
    if character == "й" or character.isascii():
        return character
    return "".join(part for part in unicodedata.normalize("NFD", character) if not unicodedata.combining(part))


def spellings(word: str) -> Iterator[str]:
    """Yield what the word may have been meant to be, the likeliest first."""
    russian, latin = len(_CYRILLIC.findall(word)), len(_LATIN.findall(word))
    if russian:
        yield from (word.translate(table) for table in (_LOOKS, _SOUNDS, _LOOKS_TOO))
        yield word.translate(_TO_LATIN).translate(_LEET)
        yield word.translate(_TO_LATIN).translate(_LEET).replace("y", "u")
    elif latin:
        yield from (word.translate(_LEET), word.translate(_LEET_TOO))
        yield from (word.translate(table) for table in (_LOOKS, _LOOKS_TOO))
        yield to_russian(word)
    if latin and not russian:
        yield to_russian_layout(word)


def hidden(text: str) -> Iterator[str]:
    """Yield texts written in a code inside the text: base64, hexadecimal, rot13, backwards."""
    for found in _BASE64.findall(text):
        yield from _decoded(_unbase, found)
    for found in _HEX.findall(text):
        yield from _decoded(bytes.fromhex, re.sub(r"[ :]", "", found))
    yield text[::-1]
    plain = _ADDRESS.sub(" ", text)  # an address is no code; turned into letters it only muddles what stands around it
    if _LATIN.search(plain.lower()) and not _CYRILLIC.search(plain.lower()):
        yield codecs.encode(plain, "rot13")
        yield to_russian_layout(plain)


def _unbase(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_" if re.search("[-_]", text) else None)


def _decoded(decode: object, found: str) -> Iterator[str]:
    try:
        text = decode(found).decode()  # type: ignore[operator]
    except (ValueError, binascii.Error):
        return
    if text.isprintable() or "\n" in text:
        yield text
