"""A proposal on its way through the rules, and what a rule says of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from dialogs.engine.policy.facts import PolicyFacts
from dialogs.engine.policy.phrases import PHRASES
from dialogs.engine.proposals import NextAction, Proposal, ProposedButton

LOOKED_BACK = 3  # an answer may not repeat any of so many before it; every phrase has more wordings than that
OFFERS = (NextAction.OFFER_CONSULT, NextAction.OFFER_PAYMENT)


@dataclass(frozen=True, slots=True)
class Draft:
    """The answer as it becomes."""

    text: str
    buttons: tuple[ProposedButton, ...]
    next_action: NextAction
    confidence: float

    @classmethod
    def of(cls, proposal: Proposal) -> "Draft":
        """Begin with what was proposed."""
        return cls(proposal.reply_text, proposal.buttons, proposal.next_action, proposal.confidence)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule leaves: the draft, mended where the rule was broken. `reason` is a code, or "code: detail"."""

    draft: Draft
    reason: str = ""
    allowed: bool = True


Rule = Callable[[Draft, PolicyFacts], Ruling]


def refused(draft: Draft, reason: str, detail: str = "", **mended: object) -> Ruling:
    """Return the ruling of a broken rule, with the draft mended."""
    words = f"{reason}: {detail[:200]}" if detail else reason
    return Ruling(replace(draft, **mended), words, allowed=False)  # type: ignore[arg-type]


def phrase_for(action: NextAction, facts: PolicyFacts) -> str:
    """Return our own words for an action, never those said last."""
    own = facts.phrases.get(action.value) or PHRASES[action.value]
    options = (*own, *PHRASES[action.value])
    said = {bare(text) for text in facts.recent[:LOOKED_BACK]}
    return next((text for text in options if bare(text) not in said), options[0])


def bare(text: str) -> str:
    """Return what makes two messages the same: the letters and digits, in one case."""
    return "".join(char for char in text.casefold().replace("ё", "е") if char.isalnum())
