"""What the person permits, and what they permit no longer."""

from crm import consents
from crm.models import Consent
from dialogs.effects.sheet import Occasion
from dialogs.engine.effects import RecordConsent, Subscribe, Unsubscribe


def record_consent(effect: RecordConsent, at: Occasion) -> None:
    """Keep which words, in which version, were agreed to, when and how."""
    consents.give(
        at.session.customer,
        Consent.Purpose(effect.purpose),
        text=effect.text,
        version=effect.version,
        given_by=effect.given_by,
        now=at.sheet.now,
    )


def unsubscribe(_effect: Unsubscribe, at: Occasion) -> None:
    """No more messages that the person did not ask for."""
    consents.unsubscribe(at.session.customer, now=at.sheet.now)


def subscribe(_effect: Subscribe, at: Occasion) -> None:
    """The person wants to hear from us again."""
    consents.subscribe(at.session.customer)
