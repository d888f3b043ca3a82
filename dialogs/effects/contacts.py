"""What the customer told about themselves."""

from crm import reports
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
    if effect.field == "phone" and lead is not None and lead.status in (Lead.Status.CAPTURED, Lead.Status.TAKEN):
        # The lead has its contact already: this number corrects it, and no capture will tell the portal.
        reports.report_phone(lead, effect.value, key=at.key)
