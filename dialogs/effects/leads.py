"""What a dialogue does to its lead."""

from bot.models import Chat
from crm import leads, offers, reports, takeovers
from crm.models import Lead
from dialogs import briefings
from dialogs.effects.digest import digest_of, profile_of
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
        case LeadOutcome.WANTED:
            look_for_manager(lead, effect.reason, at)
        case LeadOutcome.CAPTURED:
            _capture(lead, effect.reason, at)
        case LeadOutcome.LOW_QUALITY:
            leads.lose(lead, status=Lead.Status.LOW_QUALITY, reason=effect.reason, key=at.key, now=at.sheet.now)
        case LeadOutcome.REVIEW:
            leads.lose(lead, status=Lead.Status.REVIEW, reason=effect.reason, key=at.key, now=at.sheet.now)
        case LeadOutcome.REOPENED:
            go_on(lead, at)


def look_for_manager(lead: Lead, reason: str, at: Occasion) -> None:
    """A manager is wanted: with the customer's number, if it is known with consent, else without."""
    if at.session.customer.phone:
        _capture(lead, reason, at)
        return
    is_new = leads.escalate(lead, reason=reason, key=at.key, summary=_summary(at, reason))
    _show(lead, at)
    _ask_for_summary(lead, at, is_new=is_new)


def _capture(lead: Lead, reason: str, at: Occasion) -> None:
    phone = at.session.customer.phone
    summary = _summary(at, reason)
    is_new = leads.capture(lead, phone=phone, key=at.key, summary=summary, reason=reason, now=at.sheet.now)
    if is_new:
        reports.report_email(lead, at.session.customer.email, key=at.key)
    else:
        leads.complete(lead, now=at.sheet.now)
    _show(lead, at)
    _ask_for_summary(lead, at, is_new=is_new)


def _ask_for_summary(lead: Lead, at: Occasion, *, is_new: bool) -> None:
    """Where there is a model, it writes a better summary than our rules, in its own time."""
    if is_new and _is_offered(at):
        briefings.ask_for_summary(lead, at.conversation)


def _summary(at: Occasion, reason: str) -> str:
    return digest_of(at, reason) if _is_offered(at) else summary_of(at)


def _is_offered(at: Occasion) -> bool:
    return at.session.script is not None and at.session.script.leads_to == "managers"


def _show(lead: Lead, at: Occasion) -> None:
    """Put the lead into the managers' chat, or bring its card there up to date, where the scenario wants it."""
    if _is_offered(at):
        _keep_profile(lead, at)
        offers.offer(lead, now=at.sheet.now)


def _keep_profile(lead: Lead, at: Occasion) -> None:
    profile = profile_of(at.session)
    if profile and profile != lead.profile:
        lead.profile = profile
        Lead.objects.filter(pk=lead.pk).update(profile=profile)


def show_interest(lead: Lead, reason: str, at: Occasion) -> None:
    """The customer did what only somebody earnest does: managers hear of the lead, where the scenario wants them to."""
    if _is_offered(at):
        look_for_manager(lead, reason, at)


def describe(lead: Lead, reason: str, at: Occasion) -> None:
    """Write down what managers will read, before something happens that shows them the lead."""
    if _is_offered(at):
        _keep_profile(lead, at)
        lead.summary = digest_of(at, reason)
        Lead.objects.filter(pk=lead.pk).update(summary=lead.summary)


def sum_up(at: Occasion) -> None:
    """The customer has told about themselves: a lead nobody works on yet is summed up anew."""
    lead = at.session.lead
    if lead is not None and lead.status in Lead.AWAITING_CONTACT and _is_offered(at):
        describe(lead, "", at)
        briefings.ask_for_summary(lead, at.conversation)


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
    lead = at.session.lead
    if lead is None:
        return
    look_for_manager(lead, effect.reason, at)
    if _is_offered(at):
        takeovers.call_for_human(at.session.chat, lead=lead, now=at.sheet.now)


def hand_chat_to_manager(chat: Chat) -> None:
    """Let a human speak from this turn on: the epoch grows, so what the bot had queued before is no longer said."""
    chat.speaker = Chat.Speaker.MANAGER
    chat.epoch += 1
