"""Buttons that work at any step and any age: the permanent keys under the chat, and data named in a script's `shortcuts`.

A shortcut either says something aside (`show`), after which the open question is put again, or leads to another step (`next`).
`faq:<key>` answers a question of the library without being declared; a button whose data begins with a step's key is heard by
that step, wherever the dialogue stands (`Step.summoned`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.engine.choosing import plain
from dialogs.engine.effects import MAX_DATA_BYTES, Key
from dialogs.engine.problems import Problem
from dialogs.engine.reading import Reading

FAQ = "faq:"  # the data of a button that asks a question of the library
COLUMNS = 2  # permanent keys in a row
SETTINGS = ("next", "show", "words")


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What a press of `data` means, wherever the dialogue stands."""

    data: str
    next: str = ""
    show: str = ""
    words: tuple[str, ...] = ()  # typed, they are a press

    @property
    def target(self) -> str:
        """The step it uses."""
        return self.next or self.show


@dataclass(frozen=True, slots=True)
class MenuKey:
    """One permanent key: its words come back as text and mean a press of `data`."""

    text: str
    data: str


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """Everything of a script that may be pressed at any step."""

    by_data: Mapping[str, Shortcut]
    menu: tuple[MenuKey, ...] = ()

    def keys(self) -> tuple[tuple[Key, ...], ...]:
        """Return the permanent keys in rows; a key without data comes back as its words."""
        keys = [Key(item.text) for item in self.menu]
        return tuple(tuple(keys[at : at + COLUMNS]) for at in range(0, len(keys), COLUMNS))

    def meant_by(self, reading: Reading) -> str:
        """Return the data that the last line written stands for; "" when it is no key's and no shortcut's words."""
        lines = [line for line in reading.text.splitlines() if line.strip()]
        words = _words(lines[-1]) if lines else ""
        if not words:
            return ""
        for key in self.menu:
            if _words(key.text) == words:
                return key.data
        for shortcut in self.by_data.values():
            if words in map(_words, shortcut.words):
                return shortcut.data
        return ""


NONE = Shortcuts({})


def _words(text: str) -> str:
    """Return the words, and the slash of a command, by which two ways of writing them are the same."""
    command = text.strip().casefold().partition("@")[0]
    return command if command.startswith("/") else plain(text)


def parse(raw: Mapping[str, Any], problems: list[Problem]) -> Shortcuts:
    """Read `shortcuts` and `menu` of a script; what cannot be read becomes a problem."""
    by_data: dict[str, Shortcut] = {}
    for data, item in _mapping(raw.get("shortcuts"), "shortcuts", problems).items():
        if not isinstance(item, Mapping) or set(item) - set(SETTINGS):
            cure = f"a shortcut knows: {', '.join(SETTINGS)}"
            problems.append(Problem("unknown-setting", "", f"the shortcut {data!r} cannot be read", cure))
            continue
        words = item.get("words") or ()
        listed = tuple(map(str, words)) if isinstance(words, list | tuple) else (str(words),)
        by_data[str(data)] = Shortcut(str(data), str(item.get("next") or ""), str(item.get("show") or ""), listed)
    return Shortcuts(by_data, tuple(_menu(raw.get("menu") or (), problems)))


def _mapping(raw: Any, name: str, problems: list[Problem]) -> Mapping[Any, Any]:
    if raw is None or isinstance(raw, Mapping):
        return raw or {}
    problems.append(Problem("bad-value", "", f"`{name}` is no mapping", "write it as the documentation shows"))
    return {}


def _menu(raw: Any, problems: list[Problem]) -> Iterator[MenuKey]:
    for item in raw if isinstance(raw, list | tuple) else [raw]:
        if isinstance(item, Mapping) and set(item) == {"text", "data"}:
            yield MenuKey(str(item["text"]).strip(), str(item["data"]).strip())
        else:
            cure = "write each key as {text: …, data: …}"
            problems.append(Problem("bad-value", "", f"the menu has {item!r}, which is no key", cure))


def problems_of(shortcuts: Shortcuts, kinds: Mapping[str, str]) -> Iterator[Problem]:
    """Return what keeps them from being published; `kinds`: step to its kind."""
    for item in shortcuts.by_data.values():
        where = f"the shortcut {item.data!r}"
        if len(item.data.encode()) > MAX_DATA_BYTES:
            yield Problem("long-key", "", f"{where} needs over 64 bytes", "shorten it")
        if bool(item.next) is bool(item.show):
            yield Problem("dead-end", "", f"{where} must lead somewhere", "set `next`, or else `show`")
        elif item.target not in kinds:
            yield Problem("unknown-step", "", f"{where} leads to {item.target!r}", "name an existing step")
        elif item.show and kinds[item.show] != "say":
            yield Problem(
                "shortcut-shows", "", f"{where} shows {item.show!r}, which asks", "show a `say`, or use `next`"
            )
    for key in shortcuts.menu:
        if not plain(key.text):
            yield Problem("empty-text", "", f"the menu's key {key.data!r} has no words", "give it a `text`")
        owner = key.data.partition(":")[0]
        if key.data not in shortcuts.by_data and owner not in kinds:
            cure = f"declare {key.data!r} under `shortcuts`"
            yield Problem("menu-key", "", f"the menu's key {key.text!r} leads nowhere", cure)
    yield from _ambiguous(shortcuts)


def _ambiguous(shortcuts: Shortcuts) -> Iterator[Problem]:
    meanings: dict[str, str] = {}
    pairs = [(key.text, key.data) for key in shortcuts.menu]
    pairs += [(word, item.data) for item in shortcuts.by_data.values() for word in item.words]
    for text, data in pairs:
        if meanings.setdefault(_words(text), data) != data:
            yield Problem("menu-key", "", f"the words {text!r} mean two things", "keep them at one of the two")
