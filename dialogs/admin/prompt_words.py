"""What each prompt is for, in the words of the back office."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Words:
    """A prompt as its editors know it."""

    title: Any
    purpose: Any


WORDS: Mapping[str, Words] = {
    "system_manager": Words(_("The assistant's role and style"), _("What the model is told before every answer.")),
    "sales_spin_aida": Words(_("Mini-script for a manager"), _("SPIN and AIDA; made on request on a lead's card.")),
    "safety_policies": Words(_("What is never said"), _("Rules with safe replacements; the program reads them too.")),
    "materials_selector": Words(_("Choice of materials"), _("How materials are mixed by segment.")),
    "summarizer": Words(_("Summary of a customer"), _("After the survey, and on the lead's card.")),
    "followups": Words(_("Messages to the silent"), _("After 24 and 72 hours, by segment.")),
    "consult_offer": Words(_("Offer of a consultation"), _("Said to customers: the offer, the time, another time.")),
    "payment_offer": Words(_("Offer of a payment"), _("Said to customers who are ready, with its caution.")),
    "help_faq": Words(_("Help and frequent questions"), _("The answer to /help and the first answers.")),
}
