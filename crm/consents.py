"""What a person permits us: each purpose has a consent of its own, given and withdrawn apart from the other.

A consent is a proof and is never deleted; withdrawn, it stands with the time it ended.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from crm.models import Consent, Customer

Purpose = Consent.Purpose
GIVEN_BY_LENGTH = 190


def give(customer: Customer, purpose: Purpose, *, text: str, version: str, given_by: str, now: datetime) -> Consent:
    """Keep the proof of one consent."""
    return Consent.objects.create(
        customer=customer,
        purpose=purpose,
        text=text,
        text_version=version,
        given_by=given_by[:GIVEN_BY_LENGTH],
        given_at=now,
    )


def withdraw(customer: Customer, purpose: Purpose, *, now: datetime) -> bool:
    """End one consent; return whether there was one."""
    return bool(standing(customer, purpose).update(withdrawn_at=now))


def holds(customer: Customer, purpose: Purpose) -> bool:
    """Tell whether the customer permits this today."""
    return standing(customer, purpose).exists()


def standing(customer: Customer, purpose: Purpose) -> QuerySet[Consent]:
    """Return the consents of one purpose that have not been withdrawn."""
    return Consent.objects.filter(customer=customer, purpose=purpose, withdrawn_at=None)


def unsubscribe(customer: Customer, *, now: datetime) -> None:
    """Nothing more is sent unasked; the consent to advertising ends, the one to keep their data stands."""
    with transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(unsubscribed_at=now)
        withdraw(customer, Purpose.ADVERTISING, now=now)
    customer.unsubscribed_at = now


def subscribe(customer: Customer) -> None:
    """Messages are wanted again; advertising needs a consent of its own."""
    Customer.objects.filter(pk=customer.pk).update(unsubscribed_at=None)
    customer.unsubscribed_at = None
