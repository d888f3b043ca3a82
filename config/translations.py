"""The Russian catalogue without gettext's programs: msgids are read from the code, `.po` is compiled to `.mo` in Python.

English is written in the code; `locale/ru/LC_MESSAGES/django.po` holds the Russian. Unfold brings no Russian of its own, so its
words are part of the catalogue, too, except those that Django translates.
"""

import ast
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import unfold
from django.utils.translation.template import templatize

from config.env import ROOT

PO = ROOT / "locale" / "ru" / "LC_MESSAGES" / "django.po"
APPS = ("bot", "campaigns", "config", "content", "crm", "dialogs", "payments", "templates")
UNFOLD = Path(unfold.__file__).parent
NAMES = {"_", "_now", "_lazy", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext"}
PLURAL = {"ngettext", "ngettext_lazy"}
HEADER = """\
Project-Id-Version: otklik
Language: ru
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
Plural-Forms: nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : \
n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);
"""
# Django's own four forms: a catalogue with other rules than Django's is kept apart by it and falls back badly.


@dataclass(slots=True)
class Entry:
    """One message: its English plural, if it has one, and its Russian forms."""

    msgid: str
    plural: str = ""
    forms: list[str] = field(default_factory=list)

    @property
    def is_translated(self) -> bool:
        """Every form says something."""
        return bool(self.forms) and all(self.forms)


def messages_of_house() -> dict[str, str]:
    """Return every msgid of our own code and templates, with its plural or ""."""
    found: dict[str, str] = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*")):
            if "migrations" not in path.parts and path.suffix in (".py", ".html", ".txt"):
                found.update(messages_in(path))
    return found


def messages_of_unfold() -> dict[str, str]:
    """Return every msgid of the admin's theme; contrib parts we do not use are left out."""
    unused = ("constance", "guardian", "location_field", "simple_history", "inlines")
    found: dict[str, str] = {}
    for path in sorted(UNFOLD.rglob("*")):
        if path.suffix in (".py", ".html") and not set(unused) & set(path.parts):
            found.update(messages_in(path))
    return found


def messages_in(path: Path) -> dict[str, str]:
    """Return the msgids of one file."""
    text = path.read_text("utf-8")
    if path.suffix == ".html":
        return dict(_in_template(text))
    return dict(_in_python(text)) if path.suffix == ".py" else {}


def _in_python(text: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in NAMES and words:
            yield words[0], words[1] if name in PLURAL else ""


def _in_template(text: str) -> Iterator[tuple[str, str]]:
    """Django turns a template into lines that look like C for xgettext; here a regular expression reads them."""
    if "trans" not in text:
        return
    string = r"u?(?P<%s>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    pattern = re.compile(
        r"\b(?:_|gettext|ngettext)\(\s*" + string % "one" + r"(?:\s*,\s*" + string % "many" + r")?", re.S
    )
    for match in pattern.finditer(templatize(text)):
        plural = ast.literal_eval(match["many"]) if match["many"] else ""
        yield ast.literal_eval(match["one"].replace("\n", "\\n")), plural


def read_po(path: Path = PO) -> dict[str, Entry]:
    """Read a catalogue; raises `ValueError` naming the line for what is not understood."""
    entries: dict[str, Entry] = {}
    entry, target = Entry(""), ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        keyword, _space, quoted = line.partition(" ")
        if line.startswith('"'):
            keyword, quoted = "", line
        elif keyword == "msgid":
            entry = Entry("")
        if not (quoted.startswith('"') and quoted.endswith('"')):
            raise ValueError(f"{path.name}:{number}: a quoted text is missing")
        target = _add(entry, keyword or target, ast.literal_eval(quoted))
        entries[entry.msgid] = entry
    entries.pop("", None)
    return entries


def _add(entry: Entry, keyword: str, text: str) -> str:
    """Append `text` to the part of the entry that `keyword` names and return the name for the lines that go on."""
    if keyword == "msgid":
        entry.msgid += text
    elif keyword == "msgid_plural":
        entry.plural += text
    elif keyword.startswith("msgstr"):
        index = int(keyword[7:-1]) if "[" in keyword else 0
        entry.forms += [""] * (index + 1 - len(entry.forms))
        entry.forms[index] += text
    else:
        raise ValueError(f"unknown keyword {keyword!r}")
    return keyword


def compile_mo(entries: Mapping[str, Entry]) -> bytes:
    """Return the catalogue in the binary form that `gettext` reads (little-endian, sorted by msgid)."""
    pairs = {"": HEADER}
    for entry in entries.values():
        if entry.is_translated:
            key = f"{entry.msgid}\0{entry.plural}" if entry.plural else entry.msgid
            pairs[key] = "\0".join(entry.forms)
    rows = sorted((key.encode(), value.encode()) for key, value in pairs.items())
    start = 28 + 16 * len(rows)
    keys = b"".join(key + b"\0" for key, _value in rows)
    values = b"".join(value + b"\0" for _key, value in rows)
    head = struct.pack("<7I", 0x950412DE, 0, len(rows), 28, 28 + 8 * len(rows), 0, start)
    return (
        head
        + _index([key for key, _v in rows], start)
        + _index([v for _k, v in rows], start + len(keys))
        + keys
        + values
    )


def _index(texts: list[bytes], start: int) -> bytes:
    table = b""
    for text in texts:
        table += struct.pack("<2I", len(text), start)
        start += len(text) + 1
    return table
