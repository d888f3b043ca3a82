"""What a file of leads says is what the page says."""

import pytest

from crm.exports import rows
from crm.models import Customer, Lead
from crm.reasons import words_for
from tests.people import lead_of

pytestmark = pytest.mark.django_db


def test_a_reason_is_exported_in_words() -> None:
    lead = lead_of(Customer.objects.create(name="Анна"))
    Lead.objects.filter(pk=lead.pk).update(reason="asked_to_stop")
    assert words_for("asked_to_stop") in rows(Lead.objects.filter(pk=lead.pk))[0]
    Lead.objects.filter(pk=lead.pk).update(reason="")
    assert words_for("") not in rows(Lead.objects.filter(pk=lead.pk))[0]
