"""What is wrong with a draft, in the editor's language: a sentence for the kind of finding, the engine's own words beside it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from dialogs.engine.problems import Problem

SENTENCES: dict[str, StrOrPromise] = {
    "bad-text": _("The file cannot be read"),
    "bad-value": _("A setting has a value that cannot be used"),
    "bad-yaml": _("The file cannot be read"),
    "choice-key": _("A button has no key, or two have the same"),
    "menu-key": _("A permanent button leads nowhere, or its words mean two things"),
    "no-persona": _("Some answers show no persona"),
    "no-questions": _("The survey asks nothing"),
    "segment-gap": _("Some sum of points belongs to no segment"),
    "segment-overlap": _("Some sum of points belongs to two segments"),
    "shortcut-shows": _("This step asks something and cannot be shown aside"),
    "unknown-answer": _("A persona wants an answer that nobody can give"),
    "unknown-shelf": _("There is no such shelf in the library"),
    "dead-end": _("The dialogue gets stuck here: lead on to a step, a handover or an end"),
    "empty-text": _("There are no words to say"),
    "late-reminder": _("A reminder comes after the timeout and is never sent"),
    "long-key": _("The key is too long for a button"),
    "loop-without-input": _("The steps go round in a circle and ask nothing"),
    "missing-timeout": _("Nothing happens when the customer is silent: set a timeout"),
    "no-choices": _("The menu has no buttons"),
    "no-consent": _("Personal data is asked for without consent"),
    "no-start": _("The first step is not set or does not exist"),
    "no-steps": _("The scenario has no steps"),
    "too-large": _("The file cannot be read"),
    "unknown-action": _("There is no such action"),
    "unknown-field": _("There is no such question"),
    "unknown-kind": _("There is no such kind of step"),
    "unknown-setting": _("There is no such setting"),
    "unknown-step": _("It leads to a step that does not exist"),
    "unknown-text": _("There is no such standard reply"),
    "unknown-variable": _("The text uses a variable that does not exist"),
    "unreachable": _("No road leads to this step"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding as the page shows it."""

    sentence: StrOrPromise
    detail: str
    step: str


def in_words(problems: Iterable[Problem]) -> list[Finding]:
    """Return the findings to show; a code without a sentence speaks for itself."""
    return [
        Finding(SENTENCES.get(problem.code, problem.what), f"{problem.what} → {problem.cure}", problem.step)
        for problem in problems
    ]
