"""Screens a reply before it is sent: what it must not say, and what is said instead."""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dialogs.safety import contacts, rudeness
from dialogs.safety.letters import hidden
from dialogs.safety.policies import Policies, Rule, shipped
from dialogs.safety.reading import MAX_LENGTH, is_language, read
from dialogs.safety.words import Thought

_AROUND = 2  # words shown on each side of what was found


class Verdict(StrEnum):
    """Whether a text may be sent."""

    ALLOW = "allow"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired, and the words that made it fire."""

    rule: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Screening:
    """What a reply was found to be."""

    verdict: Verdict
    fired: tuple[Fired, ...] = ()
    replacement: str = ""

    @property
    def is_allowed(self) -> bool:
        """Tell whether the reply may be sent as it is."""
        return self.verdict is Verdict.ALLOW

    @property
    def rules(self) -> tuple[str, ...]:
        """Names of the rules that fired, each once."""
        return tuple(dict.fromkeys(fired.rule for fired in self.fired))


ALLOWED = Screening(Verdict.ALLOW)


def screen(
    text: str,
    *,
    buttons: Sequence[str] = (),
    own_contacts: Iterable[str] = (),
    is_paid: bool = False,
    policies: Policies | None = None,
) -> Screening:
    """Return the verdict on a reply and its buttons.

    `own_contacts` are phones and addresses that may be said: the business's and the customer's own; with `is_paid` a payment may
    be confirmed.
    """
    policies = policies or shipped()
    whole = "\n".join((text, *buttons))[:MAX_LENGTH]
    skipped = {"payment_claim"} if is_paid else set()
    fired = [found for rule, found in _found(whole, policies.rules, policies) if rule not in skipped]
    if not fired:
        codes = [code for code in hidden(whole) if is_language(code, policies.lexicon)]
        fired = [Fired(name, "…") for code in codes for name, _ in _found(code, policies.rules, policies)][:1]
    fired += [Fired("personal_data", found) for found in contacts.foreign(whole, tuple(own_contacts))]
    fired += [Fired("toxicity", found) for found in rudeness.find(whole)]
    if not fired:
        return ALLOWED
    first = next(name for name in policies.rules if name in {found.rule for found in fired})
    return Screening(Verdict.BLOCK, tuple(fired), _replacement(policies.rules[first], whole))


def _replacement(rule: Rule, text: str) -> str:
    """Choose a replacement; the same text always gets the same one, so that a turn can be replayed."""
    return rule.replacements[zlib.crc32(text.encode()) % len(rule.replacements)]


def _found(text: str, rules: object, policies: Policies) -> Iterator[tuple[str, Fired]]:
    thoughts = [(thought, thought.present) for thought in read(text, policies.lexicon)]
    for rule in rules.values():  # type: ignore[attr-defined]
        excused = {
            thought.sentence
            for thought, present in thoughts
            if any(any(pattern.find(thought.words, present)) for pattern in rule.allowed_near)
        }
        for thought, present in thoughts:
            place = first_match(rule, thought, present) if thought.sentence not in excused else None
            if place is not None:
                yield rule.name, Fired(rule.name, _excerpt(thought, place))
                break


def first_match(rule: Rule, thought: Thought, present: frozenset[str]) -> frozenset[int] | None:
    """Return the places of the first forbidden words that nothing excuses, None when there are none."""
    excused: list[frozenset[int]] | None = None
    for pattern in rule.worth_trying(present):
        for place in pattern.find(thought.words, present):
            if excused is None:
                excused = [found for allowed in rule.allowed for found in allowed.find(thought.words, present)]
            if all(place.isdisjoint(found) for found in excused):
                return place
    return None


def _excerpt(thought: Thought, place: frozenset[int]) -> str:
    shown = thought.words[max(0, min(place) - _AROUND) : max(place) + 1 + _AROUND]
    return re.sub(r"\s+", " ", " ".join(word.text for word in shown))
