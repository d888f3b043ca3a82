"""A person's own data as a file: complete, readable, theirs alone, and every taking remembered."""

import datetime as dt
import io
import json
import zipfile
from typing import Any
from unittest.mock import patch

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bot.personal import PersonalModel
from crm import own_data
from crm.erasure import erase, people_models
from crm.models import Access, Customer
from tests.crm.somebody import MARKS, NOW, person
from tests.people import logged_in, make_people

pytestmark = pytest.mark.django_db


def opened(body: bytes) -> tuple[dict[str, Any], str]:
    with zipfile.ZipFile(io.BytesIO(body)) as box:
        return json.loads(box.read("data.json")), box.read("data.html").decode()


def test_every_personal_value_of_every_table_is_in_the_file() -> None:
    customer = person()
    plain, page = opened(own_data.archive(customer, now=NOW))
    known: list[type[PersonalModel]] = [model for model in people_models() if model is not Access]
    for model in known:
        rows = list(model._base_manager.filter(**{model.whose: customer.pk}))
        assert len(plain["tables"].get(model._meta.label, {"rows": []})["rows"]) == len(rows), model
        for name in model.personal if rows else ():
            values = [row[name] for row in plain["tables"][model._meta.label]["rows"]]
            assert values == [json.loads(json.dumps(getattr(row, name), default=str)) for row in rows], (model, name)
    assert all(mark in page for mark in MARKS if mark not in ("сестре на юбилей", "AgACphoto77"))
    assert "24900.00" in page and "Согласия" in page and "<script" not in page


def test_what_a_stranger_typed_is_shown_and_not_run() -> None:
    customer = Customer.objects.create(name="<script>alert(1)</script>")
    _plain, page = opened(own_data.archive(customer, now=NOW))
    assert "&lt;script&gt;" in page and "<script>" not in page


def test_nobody_else_is_in_it() -> None:
    with patch("tests.crm.somebody.TEXT", "Я Ярополк Задунайский, +7 926 111-22-33"):
        person("Ярополк Задунайский", "+79261112233", number=2)
    plain, page = opened(own_data.archive(person(), now=NOW))
    assert "Ярополк" not in page + json.dumps(plain, ensure_ascii=False)


# --- the customer's own link


def test_a_preview_takes_nothing_and_a_press_takes_the_file() -> None:
    customer = person()
    address = own_data.link_for(customer).removeprefix("http://testserver")
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(address)
    assert "Скачать файл" in page.content.decode() and "Мирослава" not in page.content.decode()
    assert not Access.objects.exists()
    answer = browser.post(address)
    assert answer.headers["Content-Type"] == "application/zip" and "no-store" in answer.headers["Cache-Control"]
    assert opened(answer.content)[0]["customer"] == customer.pk
    row = Access.objects.get()
    assert (row.act, row.customer, row.user) == ("own", customer, None)


@pytest.mark.parametrize("token", ["nonsense", signing.dumps(1, salt="another"), "1"])
def test_a_forged_link_opens_nothing(token: str) -> None:
    Customer.objects.create(pk=1, name="Анна")
    answer = Client().post(reverse("own_data", args=[token]))
    assert answer.status_code == 403 and "Ссылка не действует" in answer.content.decode()


def test_a_link_works_for_a_day_and_not_for_who_was_forgotten() -> None:
    customer = person()
    token = own_data.link_for(customer).rpartition("/")[2]
    assert own_data.customer_of(token) == customer
    with patch("django.core.signing.time.time", return_value=(timezone.now() + dt.timedelta(hours=25)).timestamp()):
        assert own_data.customer_of(token) is None
    erase(customer, by="customer", now=NOW)
    assert own_data.customer_of(token) is None


# --- the back office


TAKES = {"owner": 200, "admin": 200, "manager": 404, "analyst": 403, "editor": 404}  # 404: no customer of theirs


@pytest.mark.parametrize("role", TAKES)
def test_who_may_take_somebody_s_file(role: str) -> None:
    people = make_people()
    address = reverse("admin:crm_customer_do", args=[people.customer.pk, "own-data"])
    answer = logged_in(people.user(role)).post(address)
    assert answer.status_code == TAKES[role]
    rows = Access.objects.filter(act="export", customer=people.customer)
    assert rows.count() == (1 if TAKES[role] == 200 else 0)
    if TAKES[role] == 200:
        assert opened(answer.content)[0]["tables"]["crm.Customer"]["rows"][0]["name"] == "Анна Ким"
