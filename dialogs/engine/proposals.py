"""What the assistant proposes, what the rules make of it, and what is then said. Values only: the LLM proposes, code decides."""

from dataclasses import dataclass
from enum import StrEnum


class NextAction(StrEnum):
    """What the assistant would do after its words; the specification's section 6.3."""

    ASK = "ask"  # go on talking: one question to the person
    SHOW_MATERIALS = "show_materials"  # a case, a review, an article stands in the words
    OFFER_CONSULT = "offer_consult"
    OFFER_PAYMENT = "offer_payment"
    ESCALATE = "escalate_to_manager"


@dataclass(frozen=True, slots=True)
class ProposedButton:
    """A button the assistant would show; `callback` is what a press would tell us."""

    text: str
    callback: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One answer of a provider, parsed. Nobody has judged it yet."""

    reply_text: str
    buttons: tuple[ProposedButton, ...] = ()
    next_action: NextAction = NextAction.ASK
    confidence: float = 1.0  # 0 to 1, by the provider's own opinion


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule thinks of a proposal."""

    rule: str
    allowed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What will be said and done, and why."""

    text: str
    buttons: tuple[ProposedButton, ...] = ()
    next_action: NextAction = NextAction.ASK
    verdicts: tuple[Verdict, ...] = ()
