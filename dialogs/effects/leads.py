"""What a dialogue does to its lead."""

from bot.models import Chat
from crm import leads
from crm.models import Lead
from dialogs.effects.sheet import Occasion
from dialogs.effects.summary import summary_of
from dialogs.engine.effects import HandOver, LeadOutcome, SettleLead
from dialogs.models import Conversation


def settle_lead(effect: SettleLead, at: Occasion) -> None:
    """Move the lead; the verbs of `crm.leads` report it to the portal in the same transaction."""
    lead = at.session.lead
    if lead is None:
        return
    match effect.outcome:
        case LeadOutcome.CAPTURED:
            leads.capture(lead, phone=at.session.customer.phone, key=at.key, summary=summary_of(at), now=at.sheet.now)
        case LeadOutcome.LOW_QUALITY:
            leads.lose(lead, status=Lead.Status.LOW_QUALITY, reason=effect.reason, key=at.key, now=at.sheet.now)
        case LeadOutcome.REVIEW:
            leads.lose(lead, status=Lead.Status.REVIEW, reason=effect.reason, key=at.key, now=at.sheet.now)
        case LeadOutcome.REOPENED:
            go_on(lead, at)


def go_on(lead: Lead, at: Occasion) -> None:
    """The customer came back: to their lead, or to the one that has taken its place meanwhile."""
    newer = leads.successor_of(lead)
    if newer is None:
        leads.reopen(lead, key=at.key)
        return
    at.session.lead = at.conversation.lead = newer
    Conversation.objects.filter(pk=at.conversation.pk).update(lead=newer)


def hand_over(effect: HandOver, at: Occasion) -> None:
    """A human is called: the chat is theirs (its epoch grew when the turn was read), the lead looks for a manager."""
    lead, phone = at.session.lead, at.session.customer.phone
    if lead is None:
        return
    if phone:  # known from an earlier dialogue, with consent: the lead has its contact
        leads.capture(lead, phone=phone, key=at.key, summary=summary_of(at), reason=effect.reason, now=at.sheet.now)
    else:
        leads.escalate(lead, reason=effect.reason, key=at.key, summary=summary_of(at))


def hand_chat_to_manager(chat: Chat) -> None:
    """Let a human speak from this turn on: the epoch grows, so what the bot had queued before is no longer said."""
    chat.speaker = Chat.Speaker.MANAGER
    chat.epoch += 1
