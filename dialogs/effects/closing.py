"""The end of a dialogue, and the wishes that end it."""

from crm import customers, leads
from dialogs.effects.sheet import Occasion
from dialogs.engine.effects import Erase, Finish


def finish(effect: Finish, at: Occasion) -> None:
    """Note the outcome; the row is written with the state at the end of the batch."""
    at.conversation.outcome = effect.outcome[:48]
    at.conversation.ended_at = at.sheet.now


def erase(_effect: Erase, at: Occasion) -> None:
    """Forget the person: card, words and answers go; counts and proofs of consent stay without a name."""
    customers.erase(at.session.customer, now=at.sheet.now)
    for lead in at.session.customer.leads.all():
        leads.cancel(lead, reason="erased", key=f"{at.key}:{lead.pk}", now=at.sheet.now)
    at.session.transcript.clear()
