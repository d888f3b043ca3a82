"""The customer's page, and the right to be forgotten."""

import pytest
from django.urls import reverse
from django.utils import timezone

from bot.models import Message
from crm.models import Consent, Customer
from tests.people import People, lead_of, logged_in

pytestmark = pytest.mark.django_db


def test_erasing_takes_card_and_words_and_keeps_the_proof(people: People) -> None:
    lead_of(people.customer, chat=people.chat, title="Анна Ким", summary="звонить Анне")
    Customer.objects.update(phone="+79161234567", email="anna@example.ru")
    Message.objects.create(chat=people.chat, channel=people.chat.channel, role="user", text="я Анна", status="received")
    Consent.objects.create(
        customer=people.customer, purpose="personal_data", text="т", text_version="1", given_at=timezone.now()
    )
    client = logged_in(people.owner)
    page = reverse("admin:crm_customer_change", args=[people.customer.pk])
    assert "Удалить персональные данные" in client.get(page).content.decode()
    client.post(reverse("admin:crm_customer_do", args=[people.customer.pk, "erase"]))
    people.customer.refresh_from_db()
    assert (people.customer.name, people.customer.phone, people.customer.email) == ("", "", "")
    assert people.customer.erased_at is not None
    assert "Анна" not in Message.objects.get().text
    assert Consent.objects.get().withdrawn_at is not None
    after = client.get(page).content.decode()
    assert "Удалить персональные данные" not in after
    assert client.post(reverse("admin:crm_customer_do", args=[people.customer.pk, "erase"])).status_code == 403


def test_an_erasure_needs_a_press_and_not_a_link(people: People) -> None:
    address = reverse("admin:crm_customer_do", args=[people.customer.pk, "erase"])
    assert logged_in(people.owner).get(address).status_code == 405
    people.customer.refresh_from_db()
    assert people.customer.erased_at is None


def test_a_consent_to_advertising_is_withdrawn_alone(people: People) -> None:
    now = timezone.now()
    for purpose in Consent.Purpose:
        Consent.objects.create(customer=people.customer, purpose=purpose, text="т", text_version="1", given_at=now)
    client = logged_in(people.owner)
    page = reverse("admin:crm_customer_change", args=[people.customer.pk])
    assert "Отозвать согласие на рекламу" in client.get(page).content.decode()
    client.post(reverse("admin:crm_customer_do", args=[people.customer.pk, "withdraw-advertising"]))
    assert [row.purpose for row in Consent.objects.filter(withdrawn_at=None)] == ["personal_data"]
    assert "Отозвать согласие на рекламу" not in client.get(page).content.decode()


def test_customers_are_told_apart_by_segment_and_persona(people: People) -> None:
    hot = Customer.objects.create(name="Горячий Семён", segment="hot", persona="sceptic", lead_score=12)
    Customer.objects.create(name="Холодный Фёдор", segment="cold", persona="newcomer")
    client = logged_in(people.owner)
    address = reverse("admin:crm_customer_changelist")
    for question in ("segment=hot", "persona=sceptic"):
        page = client.get(f"{address}?{question}").content.decode()
        assert "Горячий Семён" in page and "Холодный Фёдор" not in page
    assert "Холодный Фёдор" in client.get(f"{address}?segment=odd").content.decode()
    card = client.get(reverse("admin:crm_customer_change", args=[hot.pk])).content.decode()
    assert "горячий" in card and "скептик" in card
