"""The words for models and templates, read from `prompts/` whenever they are needed: `name.txt`, `name-v2.txt` …

A version is a file of its own and never changes once it is there: saving writes the next one. UTF-8 without a byte order mark;
lines may end as on Windows.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from dialogs.prompts.catalogue import KINDS, PLACEHOLDER, problems_in, sections_of

NOTHING = "нет данных"  # what a model reads where nothing is known
_FILE = re.compile(r"(?P<name>[a-z_]+?)(?:-v(?P<version>[1-9]\d*))?\.txt")
_BOM = b"\xef\xbb\xbf"


class PromptError(Exception):
    """A prompt cannot be read or written as it is; the message says which and why."""


class MissingPrompt(PromptError):
    """There is no such prompt, or no such version of it."""


class BrokenPrompt(PromptError):
    """The file is there and cannot be used."""


class PromptsReadOnly(PromptError):
    """The folder cannot be written to: versions are then added to it by whoever deploys."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version, as read."""

    name: str
    version: int
    text: str
    content_hash: str

    @property
    def sections(self) -> dict[str, tuple[str, ...]]:
        """The wordings by section."""
        return sections_of(self.text)


_read: dict[Path, tuple[tuple[int, int, int], Prompt]] = {}  # by file, as long as its time and size stay


def folders() -> tuple[Path, ...]:
    """Return where prompts lie: those saved in the admin first, then those that came with this release."""
    return tuple(dict.fromkeys((Path(settings.PROMPTS_DIR), Path(settings.BASE_DIR) / "prompts")))


def file_name(name: str, version: int) -> str:
    """Return the name of a version's file; the first has no number."""
    return f"{name}.txt" if version == 1 else f"{name}-v{version}.txt"


def file_of(name: str, version: int) -> Path:
    """Return the file of a version, where it would be saved when there is none yet."""
    places = [place / file_name(name, version) for place in folders()]
    return next((path for path in places if path.exists()), places[0])


def versions_of(name: str) -> list[int]:
    """Return the numbers of the versions there are, oldest first."""
    found = (_FILE.fullmatch(path.name) for place in folders() for path in place.glob(f"{name}*.txt"))
    return sorted({int(match["version"] or 1) for match in found if match is not None and match["name"] == name})


def read(name: str, version: int = 1) -> Prompt:
    """Return a prompt; raises `MissingPrompt` or `BrokenPrompt`, each with the file's name."""
    if name not in KINDS:
        raise MissingPrompt(f"there is no prompt {name!r}; there are: {', '.join(KINDS)}")
    path = file_of(name, version)
    try:
        about = path.stat()
        stamp = (about.st_mtime_ns, about.st_size, about.st_ino)
        known = _read.get(path)
        if known is not None and known[0] == stamp:
            return known[1]
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise MissingPrompt(f"{path.name} is not in {path.parent}") from error
    except OSError as error:
        raise BrokenPrompt(f"{path.name} cannot be read: {error.strerror}") from error
    prompt = Prompt(name, version, _text_of(path, raw), hash_of(raw))
    if problems := list(problems_in(name, prompt.text)):
        raise BrokenPrompt(f"{path.name}: {'; '.join(problems)}")
    _read[path] = (stamp, prompt)
    return prompt


def _text_of(path: Path, raw: bytes) -> str:
    if raw.startswith(_BOM):
        raise BrokenPrompt(f"{path.name} begins with a byte order mark; save it as UTF-8 without one")
    try:
        return raw.decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise BrokenPrompt(f"{path.name} is not UTF-8: byte {error.start + 1} is no letter") from error


def hash_of(raw: bytes) -> str:
    """Return what tells two contents apart, whatever their lines end with."""
    return hashlib.sha256(raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")).hexdigest()


def fill(prompt: Prompt, values: Mapping[str, str], *, text: str | None = None) -> str:
    """Return the prompt, or one of its wordings, filled in. What is put in is never read for placeholders again."""
    empty = "" if KINDS[prompt.name].is_for_people else NOTHING
    filled = PLACEHOLDER.sub(lambda match: values.get(match[1]) or empty, prompt.text if text is None else text)
    return _tidied(filled) if KINDS[prompt.name].is_for_people else filled.strip()


def _tidied(text: str) -> str:
    """Mend what a missing name leaves behind: ", добрый день" begins with the greeting."""
    bare = re.sub(r"^[\s,.:;!—–-]+", "", re.sub(r"[ \t]+([,.!?;:])", r"\1", text)).strip()
    return bare[:1].upper() + bare[1:]


def save_next(name: str, text: str) -> Prompt:
    """Write `text` as the next version of a prompt; raises `BrokenPrompt` for what cannot be one, `PromptsReadOnly`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip() + "\n"
    if name not in KINDS:
        raise MissingPrompt(f"there is no prompt {name!r}")
    if problems := list(problems_in(name, text, thoroughly=True)):
        raise BrokenPrompt("; ".join(problems))
    try:
        version = _write(name, text.encode())
    except OSError as error:
        raise PromptsReadOnly(f"{folders()[0]}: {error.strerror}") from error
    return read(name, version)


def _write(name: str, raw: bytes) -> int:
    """Write whole or not at all, and over nothing: the file is linked into its place, and who comes second takes the next."""
    place = folders()[0]
    place.mkdir(parents=True, exist_ok=True)
    handle, written = tempfile.mkstemp(dir=place, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        Path(written).chmod(0o644)
        version = max(versions_of(name), default=0) + 1
        while True:
            try:
                os.link(written, place / file_name(name, version))
            except FileExistsError:
                version += 1
            else:
                return version
    finally:
        Path(written).unlink()
