"""What people write about an appointment they have: they come, they do not, they want another time or none at all."""

import re
from enum import StrEnum

# Letters between the words are kept short: "не приду на консультацию" is about it, a long story may be about anything.
_MISSES = re.compile(
    r"\bне\s+(?:смогу|могу|получ(?:ится|ается)|успева?ю|успею|выйдет)\b(?=.{0,24}\b(?:прийти|быть|подключиться|"
    r"присутствовать|созвон\w*|консультаци\w*|встреч\w*|$))"
    r"|\bне\s+(?:приду|буду|подключусь|придём|придем)\b(?!.{0,12}\b(?:покупать|брать|платить|оставлять|давать|говорить|писать))"
)
_COMES = re.compile(
    r"\b(?:приду|подключусь|буду\s+(?:вовремя|обязательно|на\s+связи|на\s+консультации)|всё\s+в\s+силе|все\s+в\s+силе)\b"
)
_CANCELS = re.compile(
    r"\b(?:отмен\w*|снимите|удалите|убер[иё]те)\s+(?:\S+\s+){0,2}?(?:запись|записи|консультаци\w*|встреч\w*|созвон\w*|бронь)"
    r"|\b(?:запись|консультаци\w*|встреч\w*|созвон)\s+(?:\S+\s+){0,1}?отмен\w*"
)
_MOVES = re.compile(
    r"\b(?:перен[её]с\w*|переносит\w*|сдвин\w*|перепи(?:ши|сать)\w*|перезапи\w*)\b"
    r"|\bдруг(?:ое|ой|ую)\s+(?:время|день|дат\w*)\b"
)


class Wish(StrEnum):
    """One of the things people want with their appointment."""

    COME = "come"
    MISS = "miss"
    MOVE = "reschedule"
    CANCEL = "cancel"


def wish_of(text: str) -> Wish | None:
    """Return what the words want with an appointment, None when they are about something else."""
    words = " ".join(text.casefold().split())
    if _CANCELS.search(words):
        return Wish.CANCEL
    if _MOVES.search(words):
        return Wish.MOVE
    if _MISSES.search(words):
        return Wish.MISS
    return Wish.COME if _COMES.search(words) else None


_NONE_FITS = re.compile(r"нет подходящ|не подход|не устраива|неудобно|не удобно|друг(?:ое|ой|ую) (?:время|день|дат)")
_ANY = re.compile(r"\b(?:люб(?:ое|ой|ая)|когда угодно|без разницы|вс[её] равно|как можно скорее|ближайш(?:ее|ий|ая))\b")


def fits_nothing(text: str) -> bool:
    """Tell whether the words refuse what was offered and ask for other times."""
    return _NONE_FITS.search(text.casefold()) is not None


def any_fits(text: str) -> bool:
    """Tell whether the words leave the choice to us."""
    return _ANY.search(text.casefold()) is not None
