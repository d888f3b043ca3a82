"""What the customer told about themselves, and the proof that we may keep it."""

from crm import reports
from crm.models import Consent, Customer, Lead
from dialogs.effects.sheet import Occasion
from dialogs.engine.effects import KeepContact, RecordConsent


def record_consent(effect: RecordConsent, at: Occasion) -> None:
    """Keep which words, in which version, were agreed to, when and how."""
    Consent.objects.create(
        customer=at.session.customer,
        purpose=Consent.Purpose.PERSONAL_DATA,
        text=effect.text,
        text_version=effect.version,
        given_by=effect.given_by[:190],
        given_at=at.sheet.now,
    )


def keep_contact(effect: KeepContact, at: Occasion) -> None:
    """Write one field of the customer's card."""
    changes: dict[str, object] = {effect.field: effect.value}
    if effect.field == "phone":
        if not at.session.has_consent:
            raise PermissionError("a phone is stored only with consent")
        changes["phone_extension"] = effect.extension[:12]
    Customer.objects.filter(pk=at.session.customer.pk).update(**changes)
    for name, value in changes.items():
        setattr(at.session.customer, name, value)
    lead = at.session.lead
    if effect.field == "phone" and lead is not None and lead.status in (Lead.Status.CAPTURED, Lead.Status.TAKEN):
        # The lead has its contact already: this number corrects it, and no capture will tell the portal.
        reports.report_phone(lead, effect.value, key=at.key)
