"""Which version of each prompt a published scenario uses. Kept with the scenario's version: dialogues under way keep theirs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dialogs.models import Scenario, ScenarioVersion
from dialogs.prompts.catalogue import KINDS
from dialogs.prompts.files import Prompt, PromptError, file_name, read

Pins = dict[str, Any]  # name -> {"version": 2, "hash": …}


@dataclass(frozen=True, slots=True)
class Tampered:
    """A version that is no longer what it was when it was first used."""

    file: str
    used_by: str


def pin(name: str, version: int) -> dict[str, Any]:
    """Return the choice of a version, with what its file holds now; raises `PromptError` for one that cannot be used."""
    return {"version": version, "hash": read(name, version).content_hash}


def pins_after(before: Mapping[str, Any] | None, changes: Mapping[str, int] | None = None) -> Pins:
    """Return the choices of the next version: those of the one before, the first version of prompts new since, the changes."""
    pins = {**_first_versions(), **(before or {})}
    return {**pins, **{name: pin(name, version) for name, version in (changes or {}).items()}}


def _first_versions() -> Pins:
    pins: Pins = {}
    for name in KINDS:
        try:
            pins[name] = pin(name, 1)
        except PromptError:  # told by the system check; a scenario that needs no assistant is published all the same
            pins[name] = {"version": 1, "hash": ""}
    return pins


def numbers_of(pins: Mapping[str, Any]) -> dict[str, int]:
    """Return name -> version; what is not named is the first."""
    return {name: int(pins[name]["version"]) if name in pins else 1 for name in KINDS}


def versions_of_scenario(scenario: Scenario) -> dict[str, int]:
    """Return the versions a dialogue that begins now would use."""
    return numbers_of(scenario.current.prompts if scenario.current is not None else {})


@lru_cache(maxsize=512)
def versions_used_by(version_id: int) -> Mapping[str, int]:
    """Return name -> version for a scenario's version, which never changes; what it does not name is the first."""
    pins = ScenarioVersion.objects.values_list("prompts", flat=True).get(pk=version_id)
    return numbers_of(pins)


def prompt_for(version_id: int, name: str) -> Prompt:
    """Return the prompt a dialogue pinned to this scenario's version uses; raises `PromptError`."""
    return read(name, versions_used_by(version_id)[name])


def tampered() -> Iterator[Tampered]:
    """Yield the prompts in use whose files were changed afterwards."""
    seen: set[tuple[str, int]] = set()
    for row in ScenarioVersion.objects.select_related("scenario").order_by("pk"):
        for name, chosen in row.prompts.items():
            number = int(chosen["version"])
            if name in KINDS and chosen["hash"] and (name, number) not in seen and not _is_same(name, number, chosen):
                seen.add((name, number))
                yield Tampered(file_name(name, number), str(row))


def _is_same(name: str, version: int, chosen: Mapping[str, Any]) -> bool:
    try:
        return read(name, version).content_hash == str(chosen["hash"])
    except PromptError:
        return False
