"""The words for codes that the mind writes into the log: what happened, and the facts beside it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

EVENTS: Mapping[str, Any] = {
    "started": _("the dialogue began"),
    "finished": _("the dialogue ended"),
    "reopened": _("the dialogue went on"),
    "handover": _("handed over to a human"),
    "choice": _("chose an answer"),
    "faq": _("asked a frequent question"),
    "silent": _("said nothing"),
    "reminded": _("was reminded"),
    "followed_up": _("was written to after silence"),
    "refused": _("refused to leave a contact"),
    "unconfirmed": _("did not confirm the number"),
    "phone_given": _("gave a phone number"),
    "email_given": _("gave an e-mail"),
    "name_given": _("gave a name"),
    "unsubscribed": _("asked to stop"),
    "subscribed": _("wants messages again"),
    "own_data_asked": _("asked what we keep"),
    "advertising_answered": _("answered about advertising"),
    "note": _("a note for the manager"),
    "lead.taken": _("a manager took the lead"),
    "lead.take_lost": _("a manager wanted the lead, somebody was first"),
    "lead.take_refused": _("somebody who is no manager wanted the lead"),
    "lead.taken_over": _("a manager took the dialogue over"),
    "lead.given_back": _("a manager gave the dialogue back"),
    "payment.link": _("a manager sent a payment link"),
    "payment.paid": _("paid"),
    "payment.partial": _("paid a part"),
    "payment.refunded": _("got the money back"),
    "payment.canceled": _("the payment was canceled"),
    "payment.failed": _("the payment failed"),
    "payment_asked": _("wants to pay"),
    "payment_claimed": _("says that they have paid"),
    "product_shown": _("was shown a product"),
    "lead.status": _("a manager set the status"),
}
OUTCOMES: Mapping[str, Any] = {
    "captured": _("contact received"),
    "silent": _("no answer"),
    "refused": _("refused"),
    "unconfirmed": _("number not confirmed"),
    "not_understood": _("not understood"),
    "unclear": _("not understood"),
    "stopped": _("asked to stop"),
    "handover": _("handed over to a human"),
    "erased": _("asked to be forgotten"),
    "begun_anew": _("begun anew"),
    "blocked": _("blocked the bot"),
    "closed": _("closed by a human"),
}
REASONS: Mapping[str, Any] = {
    "asked_person": _("asked for a human"),
    "has_phone": _("the number is known"),
}
# Facts of an event that people may want to read; ids and empty ones are left out.
FACTS: Mapping[str, str] = {
    "reason": gettext_noop("reason"),
    "outcome": gettext_noop("outcome"),
    "step": gettext_noop("step"),
    "choice": gettext_noop("choice"),
    "key": gettext_noop("question"),
    "payload": gettext_noop("came by the link"),
    "text": gettext_noop("text"),
    "answer": gettext_noop("answer"),
    "by": gettext_noop("by"),
    "product": gettext_noop("product"),
    "order": gettext_noop("customer order"),
    "amount": gettext_noop("amount"),
    "old": gettext_noop("was"),
    "new": gettext_noop("became"),
}


def outcome_words(code: str) -> str:
    """Return how a dialogue ended, in words; a scenario's own outcome comes back as it is."""
    return str(OUTCOMES.get(code, code))


def event_words(kind: str) -> str:
    """Return what happened, in words; a scenario's own event comes back as it is."""
    return str(EVENTS.get(kind, kind))


def facts_in_words(payload: Mapping[str, Any]) -> str:
    """Return the facts of an event as one line."""
    shown = [(str(_(FACTS[name])), _fact(name, value)) for name, value in payload.items() if name in FACTS and value]
    return " · ".join(f"{title}: {value}" for title, value in shown)


def _fact(name: str, value: Any) -> str:
    words = {"outcome": OUTCOMES, "reason": {**OUTCOMES, **REASONS}}.get(name, {})
    return str(words.get(str(value), value))
