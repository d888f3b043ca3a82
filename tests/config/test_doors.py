"""Strangers at the doors that Django opens: counted per address, then told to wait."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


def knock(client: Client, address: str) -> int:
    body = "event=ONCRMLEADADD&data[FIELDS][ID]=1&auth[application_token]=wrong"
    return client.post("/webhook/bitrix24", body, content_type=FORM, headers={"X-Forwarded-For": address}).status_code


def test_a_portal_that_is_not_ours_is_shut_out_and_its_neighbour_is_not(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    statuses = {knock(client, "203.0.113.5") for _ in range(100)}
    assert statuses == {403, 429}
    assert knock(client, "203.0.113.5") == 429
    assert knock(client, "203.0.113.6") == 403


def test_an_address_somebody_made_up_does_not_help(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    assert 429 in {knock(client, f"198.51.100.{number}, 203.0.113.7") for number in range(100)}


def test_passwords_cannot_be_guessed_fast(client: Client) -> None:
    form = {"username": "admin", "password": "guess"}
    refused = next(r for _ in range(30) if (r := client.post("/admin/login/", form)).status_code == 429)
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert client.get("/admin/login/").status_code == 200


def test_who_opens_the_login_page_itself_comes_to_the_home_page(client: Client, django_user_model: type[User]) -> None:
    django_user_model.objects.create_superuser("olga", password="a long one")
    response = client.post("/admin/login/", {"username": "olga", "password": "a long one"})
    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_who_comes_to_the_back_office_without_having_logged_in_is_asked_to(client: Client) -> None:
    answer = client.get("/admin/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/admin/")
