"""Whose clock a customer lives by is set by hand, and nothing else of the card is."""

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Customer
from tests.people import People, lead_of, logged_in

pytestmark = pytest.mark.django_db
INLINES = {f"{name}-{field}_FORMS": "0" for name in ("leads", "links", "consents") for field in ("TOTAL", "INITIAL")}


def address(people: People) -> str:
    return reverse("admin:crm_customer_change", args=[people.customer.pk])


def test_the_owner_sets_the_clock_and_cannot_touch_the_rest(people: People) -> None:
    client, before = logged_in(people.owner), Customer.objects.get(pk=people.customer.pk)
    assert "МСК+4, Новосибирск" in client.get(address(people)).content.decode()
    sent = {**INLINES, "time_zone": "Asia/Novosibirsk", "name": "Другое имя", "phone": "+70000000000"}
    assert client.post(address(people), sent).status_code == 302
    after = Customer.objects.get(pk=people.customer.pk)
    assert after.time_zone == "Asia/Novosibirsk"
    assert (after.name, after.phone) == (before.name, before.phone)


def test_a_zone_told_in_words_stays_to_be_chosen_and_an_unknown_one_is_refused(people: People) -> None:
    Customer.objects.update(time_zone="Asia/Tbilisi")
    client = logged_in(people.owner)
    assert '<option value="Asia/Tbilisi" selected>' in client.get(address(people)).content.decode()
    assert client.post(address(people), {**INLINES, "time_zone": "Mars/Base"}).status_code == 200
    assert Customer.objects.get(pk=people.customer.pk).time_zone == "Asia/Tbilisi"


def test_who_may_only_look_sets_nothing(people: People) -> None:
    lead_of(people.customer, chat=people.chat)
    logged_in(people.analyst).post(address(people), {**INLINES, "time_zone": "Asia/Omsk"})
    Customer.objects.filter(pk=people.customer.pk).update(erased_at=timezone.now())
    logged_in(people.owner).post(address(people), {**INLINES, "time_zone": "Asia/Omsk"})
    assert Customer.objects.get(pk=people.customer.pk).time_zone == ""
