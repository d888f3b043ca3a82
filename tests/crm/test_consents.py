"""Two consents that know nothing of each other, and the silence that ends one of them."""

import pytest
from django.utils import timezone

from crm import consents
from crm.models import Consent, Customer

pytestmark = pytest.mark.django_db
Purpose = Consent.Purpose


@pytest.fixture
def customer() -> Customer:
    customer = Customer.objects.create(name="Анна")
    for purpose in Purpose:
        consents.give(customer, purpose, text="согласие", version="1", given_by="Да", now=timezone.now())
    return customer


@pytest.mark.parametrize("purpose", Purpose)
def test_one_consent_is_withdrawn_and_the_other_stands(customer: Customer, purpose: Purpose) -> None:
    assert consents.withdraw(customer, purpose, now=timezone.now())
    [other] = set(Purpose) - {purpose}
    assert not consents.holds(customer, purpose) and consents.holds(customer, other)
    assert Consent.objects.count() == 2, "a proof is kept even after its end"
    assert not consents.withdraw(customer, purpose, now=timezone.now()), "it ended once"


def test_a_stop_ends_advertising_and_leaves_the_contact_permitted(customer: Customer) -> None:
    consents.unsubscribe(customer, now=timezone.now())
    customer.refresh_from_db()
    assert customer.unsubscribed_at is not None
    assert not consents.holds(customer, Purpose.ADVERTISING) and consents.holds(customer, Purpose.PERSONAL_DATA)


def test_coming_back_brings_no_consent_back(customer: Customer) -> None:
    consents.unsubscribe(customer, now=timezone.now())
    consents.subscribe(customer)
    customer.refresh_from_db()
    assert customer.unsubscribed_at is None and not consents.holds(customer, Purpose.ADVERTISING)
