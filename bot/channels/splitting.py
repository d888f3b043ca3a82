"""Cutting what is too long for one request into messages of their own, before they are queued.

One row of the outbox is one request to the provider: if a row took several, a crash between them would leave us not knowing
what was said. Lengths are in UTF-16 code units, the unit messengers count in (an emoji is two).
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.channels.base import Abilities
from bot.messages import Outgoing

# Where a text may be cut, best first: between paragraphs, lines, sentences, words.
SEAMS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s"), re.compile(r"\s"))


def utf16_length(text: str) -> int:
    """Return the length messengers count in."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def in_parts(message: Outgoing, abilities: Abilities) -> list[Outgoing]:
    """Return messages that take one request each and say the same in the same order; the buttons stay at the end."""
    if _fits(message, abilities):
        return [message]
    files = [Outgoing("", media=(item,)) for item in message.media]
    texts = [Outgoing(text) for text in split_text(message.text, abilities.max_text)]
    parts = files + texts
    parts[0] = replace(parts[0], picture=message.picture)
    parts[-1] = replace(
        parts[-1], buttons=message.buttons, hide_keyboard=message.hide_keyboard, is_menu=message.is_menu
    )
    return parts


def _fits(message: Outgoing, abilities: Abilities) -> bool:
    length = utf16_length(message.text)
    if not message.media:
        return length <= abilities.max_text
    worded = all(item.kind in abilities.captioned for item in message.media) and length <= abilities.max_caption
    return len(message.media) <= abilities.max_files and (not length or worded)


def split_text(text: str, limit: int) -> list[str]:
    """Return pieces of at most `limit` code units, cut at the best seam in the later half of each."""
    return list(_pieces(text.strip(), limit))


def _pieces(text: str, limit: int) -> Iterator[str]:
    while utf16_length(text) > limit:
        window = _first_units(text, limit)
        end, start = _cut(text, len(window))
        yield text[:end].rstrip()
        text = text[start:].lstrip()
    if text:
        yield text


def _first_units(text: str, limit: int) -> str:
    window = text[:limit]
    while utf16_length(window) > limit:
        window = window[: len(window) - max(1, (utf16_length(window) - limit) // 2)]
    return window


def _cut(text: str, room: int) -> tuple[int, int]:
    """Return where the first piece ends and where the rest begins."""
    for seam in SEAMS:
        cuts = [match.span() for match in seam.finditer(text, room // 2, room + 1)]
        if cuts:
            return cuts[-1]
    return room, room
