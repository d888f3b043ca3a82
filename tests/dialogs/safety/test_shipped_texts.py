"""Whatever we ship to be said passes the screen; texts of the till may speak of money that came."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from config.env import ROOT
from dialogs.assistant import lines
from dialogs.engine.policy.phrases import PHRASES
from dialogs.engine.texts import DEFAULT_TEXTS
from dialogs.safety.screening import screen

# What customers say; and the business's own phone, which may be named.
HEARD = ("synonyms", "keywords", "variants", "question", "phone")
FILES = sorted((ROOT / "dialogs/presets").glob("*.yaml"))


def texts_in(tree: Any) -> Iterator[str]:
    """Yield every string of a tree, what customers say left out."""
    if isinstance(tree, str):
        yield re.sub(r"\{\{.*?\}\}", "Анна", tree)
    elif isinstance(tree, dict):
        yield from texts_in([value for key, value in tree.items() if key not in HEARD])
    elif isinstance(tree, list | tuple):
        for part in tree:
            yield from texts_in(part)


def refused(tree: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Return what does not pass, and why."""
    screenings = [(text, screen(text, is_paid=True)) for text in texts_in(tree)]
    return [(text, screening.rules) for text, screening in screenings if not screening.is_allowed]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_presets_and_materials_pass(path: Any) -> None:
    assert refused(yaml.safe_load(path.read_text(encoding="utf-8"))) == []


def test_the_scripted_assistant_passes() -> None:
    spoken = {name: value for name, value in vars(lines).items() if name.isupper()}
    assert refused(spoken) == []


def test_our_own_phrases_and_texts_pass() -> None:
    assert refused(dict(PHRASES)) == []
    assert refused(dict(DEFAULT_TEXTS)) == []


@pytest.mark.parametrize("name", ["consult_offer", "payment_offer", "followups", "help_faq"])
def test_templates_of_prompts_pass(name: str) -> None:
    text = (ROOT / "prompts" / f"{name}.txt").read_text(encoding="utf-8")
    assert refused(text.splitlines()) == []
