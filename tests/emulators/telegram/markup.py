"""`parse_mode=HTML` as Telegram reads it: a few tags, four named entities, and errors with byte offsets.

Offsets of entities are in UTF-16 code units, offsets in errors are in UTF-8 bytes, as in the real server.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from .refusals import bad_request
from .world import Json

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
ENTITY = re.compile(r"&(lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[a-zA-Z0-9.-]+))?""")
COMMAND = re.compile(r"(?<![\w/])/[a-zA-Z0-9_]{1,64}(?:@\w+)?")
LINK = re.compile(r"https?://[^\s<>\"]+")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+\w")


def utf16_length(text: str) -> int:
    """Return the length the Bot API counts in."""
    return len(text.encode("utf-16-le")) // 2


def refuse(text: str) -> Exception:
    """Return the refusal of a text that cannot be parsed."""
    return bad_request(f"can't parse entities: {text}")


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    attributes: dict[str, str]


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text = ""
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._close_tag()
            elif self.source[self.at] == "<":
                self._open_tag()
            else:
                self._character()
        if self.open:
            raise refuse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return self.text, sorted(self.entities, key=lambda entity: (entity["offset"], -entity["length"]))

    def _byte_offset(self) -> int:
        return len(self.source[: self.at].encode())

    def _character(self) -> None:
        match = ENTITY.match(self.source, self.at)
        self.text += unescape(match.group()) if match else self.source[self.at]
        self.at = match.end() if match else self.at + 1

    def _open_tag(self) -> None:
        offset = self._byte_offset()
        match = re.compile(r"<([^\s>]*)").match(self.source, self.at)
        tag = match.group(1).lower() if match else ""
        if tag not in TAGS:
            raise refuse(f'Unsupported start tag "{tag}" at byte offset {offset}')
        self.at += 1 + len(tag)
        attributes = self._attributes(offset)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise refuse(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        self.open.append(_Open(tag, utf16_length(self.text), attributes))

    def _attributes(self, offset: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            rest = self.source[self.at :].lstrip()
            if not rest:
                raise refuse(f"Unclosed start tag at byte offset {offset}")
            if rest[0] == ">":
                self.at = len(self.source) - len(rest) + 1
                return found
            match = ATTRIBUTE.match(self.source, self.at)
            if match is None:
                raise refuse(f"Empty attribute name in the tag at byte offset {offset}")
            found[match.group(1).lower()] = unescape((match.group(2) or "").strip("\"'"))
            self.at = match.end()

    def _close_tag(self) -> None:
        offset = self._byte_offset()
        if not self.open:
            raise refuse(f"Unexpected end tag at byte offset {offset}")
        end = self.source.find(">", self.at)
        if end < 0:
            raise refuse(f"Unclosed end tag at byte offset {offset}")
        name = self.source[self.at + 2 : end].strip().lower()
        opened = self.open.pop()
        if name and name != opened.tag:
            raise refuse(f'Unmatched end tag at byte offset {offset}, expected "</{opened.tag}>", found "</{name}>"')
        self.at = end + 1
        self._finish(opened)

    def _finish(self, opened: _Open) -> None:
        length = utf16_length(self.text) - opened.offset
        entity: Json = {"type": TAGS[opened.tag], "offset": opened.offset, "length": length}
        if opened.tag == "a":
            start = len(self.text.encode("utf-16-le")[: opened.offset * 2].decode("utf-16-le"))
            entity["url"] = opened.attributes.get("href") or self.text[start:]
        if opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
        if length and not (opened.tag == "a" and not is_url(entity["url"])):
            self.entities.append(entity)


def is_url(url: str) -> bool:
    """Say whether Telegram would make a link of it."""
    return bool(re.match(r"(https?|tg|tonsite)://[^\s]+$|[\w-]+(\.[\w-]+)+(/\S*)?$|mailto:\S+$|tel:\S+$", url, re.I))


def parse_text(text: str, mode: str, entities: Any) -> tuple[str, list[Json]]:
    """Return the visible text and its entities; raise when the markup is broken or of a kind not emulated here."""
    kind = mode.lower()
    if kind == "html":
        text, marked = _Reader(text).read()
    elif not kind:
        marked = _given(entities)
    elif kind in {"markdown", "markdownv2"}:
        raise refuse("this emulator reads HTML only: Markdown and people's own words do not mix")
    else:
        raise bad_request("unsupported parse_mode")
    text, marked = _trimmed(text, marked)
    return text, sorted(marked + found_entities(text, marked), key=lambda entity: entity["offset"])


def _given(entities: Any) -> list[Json]:
    if not entities:
        return []
    if not isinstance(entities, list) or not all(isinstance(entity, dict) for entity in entities):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    return [dict(entity) for entity in entities]


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    text = text.rstrip()
    cut = utf16_length(text) - utf16_length(text.lstrip())
    text = text.lstrip()
    end = utf16_length(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        stop = min(entity["offset"] + entity["length"] - cut, end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return text, kept


def found_entities(text: str, taken: list[Json] | None = None) -> list[Json]:
    """Return what the server marks by itself: commands, links and e-mail addresses."""
    busy = [(entity["offset"], entity["offset"] + entity["length"]) for entity in taken or []]
    found: list[Json] = []
    for kind, pattern in (("url", LINK), ("email", EMAIL), ("bot_command", COMMAND)):
        for match in pattern.finditer(text):
            offset, length = utf16_length(text[: match.start()]), utf16_length(match.group())
            if not any(offset < stop and start < offset + length for start, stop in busy):
                busy.append((offset, offset + length))
                found.append({"type": kind, "offset": offset, "length": length})
    return found
