"""The safety rules over a proposal, before the policy. Pure, so that a turn is judged again from its record."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from dialogs.engine.proposals import NextAction, Proposal, Verdict
from dialogs.prompts.choice import prompt_for
from dialogs.prompts.files import PromptError
from dialogs.safety.policies import BadPolicies, Policies, parse, shipped
from dialogs.safety.screening import screen

logger = logging.getLogger(__name__)
SAFETY = "safety"


@lru_cache(maxsize=16)
def _parsed(content_hash: str, text: str) -> Policies:
    return parse(text)


def policies_of(version_id: int) -> Policies:
    """Return the safety rules a dialogue's version uses; those we came with when its file cannot be used."""
    try:
        prompt = prompt_for(version_id, "safety_policies")
        return _parsed(prompt.content_hash, prompt.text)
    except (PromptError, BadPolicies) as error:
        logger.error("the safety rules of a version cannot be used", extra={"reason": str(error)[:200]})
        return shipped()


def screened(
    proposal: Proposal, policies: Policies, *, own_contacts: Sequence[str] = (), is_paid: bool = False
) -> tuple[Proposal, tuple[Verdict, ...]]:
    """Return the proposal, replaced where it says what may not be said, and a verdict for each rule that fired.

    A replacement comes without the proposal's buttons and with no offer: whatever led to them is not to be trusted.
    """
    screening = screen(
        proposal.reply_text,
        buttons=[button.text for button in proposal.buttons],
        own_contacts=own_contacts,
        is_paid=is_paid,
        policies=policies,
    )
    if screening.is_allowed:
        return proposal, (Verdict(SAFETY, allowed=True),)
    verdicts = tuple(
        Verdict(f"{SAFETY}.{fired.rule}", allowed=False, reason=fired.excerpt) for fired in screening.fired
    )
    action = proposal.next_action if proposal.next_action is NextAction.ESCALATE else NextAction.ASK
    return replace(proposal, reply_text=screening.replacement, buttons=(), next_action=action), verdicts
