"""What the customer told about themselves."""

from crm import offers, reports
from crm.models import Customer, Lead
from dialogs.effects.sheet import Occasion
from dialogs.engine.effects import KeepContact


def keep_contact(effect: KeepContact, at: Occasion) -> None:
    """Write one field of the customer's card."""
    changes: dict[str, object] = {effect.field: effect.value}
    if effect.field in ("phone", "email") and not at.session.has_consent:
        raise PermissionError("a contact is stored only with consent")
    if effect.field == "phone":
        changes["phone_extension"] = effect.extension[:12]
    changes["erased_at"] = None  # who was forgotten and comes back may be forgotten again
    Customer.objects.filter(pk=at.session.customer.pk).update(**changes)
    for name, value in changes.items():
        setattr(at.session.customer, name, value)
    lead = at.session.lead
    if lead is None or lead.status not in (Lead.Status.CAPTURED, Lead.Status.TAKEN):
        return
    # The lead has its contact already: this one corrects or completes it, and no capture will tell the portal.
    if effect.field == "phone":
        reports.report_phone(lead, effect.value, key=at.key)
    elif effect.field == "email":
        reports.report_email(lead, effect.value, key=at.key)
    offers.refresh(lead)
