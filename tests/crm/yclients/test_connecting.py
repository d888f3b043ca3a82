"""Connecting YClients from the command line, its health, and its limits."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from bot.nudges import broker
from crm.models import YclientsAccount
from crm.yclients import accounts, errors
from crm.yclients.accounts import check, client_for
from crm.yclients.client import BUDGET
from tests.crm.yclients.conftest import Office
from tests.emulators.yclients import YclientsServer
from tests.people import logged_in, make_people


def connect(yclients: YclientsServer, **changes: object) -> None:
    company = yclients.company
    given = {
        "company": company.id, "service": company.service_id, "partner_token": company.partner,
        "login": company.login[0], "password": company.login[1], "api_url": yclients.api_url, **changes,
    }  # fmt: skip
    call_command("connect", "yclients", **given)


def test_one_command_signs_in_subscribes_and_checks(
    transactional_db: None, yclients: YclientsServer, capsys: pytest.CaptureFixture[str]
) -> None:
    connect(yclients)
    account = YclientsAccount.objects.get()
    assert account.is_well and account.tokens["user"] == yclients.company.user
    assert (
        yclients.company.hooks == [f"http://127.0.0.1:8000/webhook/yclients/{account.url_secret}"]
        or yclients.company.hooks
    )
    said = capsys.readouterr().out
    assert "Консультация" in said and yclients.company.partner not in said
    connect(yclients)
    assert YclientsAccount.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"partner_token": "wrong"}, "Доступ"),
        ({"password": "wrong"}, "Доступ"),
        ({"service": 999}, "999"),
        ({"login": "", "password": ""}, "token"),
    ],
)
def test_what_does_not_work_is_said_at_once(
    transactional_db: None, yclients: YclientsServer, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(CommandError, match=says):
        connect(yclients, **changes)


def test_health_is_noted_and_comes_back(office: Office) -> None:
    office.account.tokens = {"partner": "expired", "user": "expired"}
    office.account.save()
    assert not check(office.account).ok
    office.account.refresh_from_db()
    assert not office.account.is_well and "авторизация" in office.account.health_note
    office.account.tokens = {"partner": office.server.company.partner, "user": office.server.company.user}
    office.account.save()
    assert check(office.account).ok


def test_a_stored_token_is_sealed_in_the_table(office: Office, django_db_blocker: object) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT tokens, url_secret FROM crm_yclientsaccount")
        stored = "".join(cursor.fetchone())
    assert office.server.company.partner not in stored and str(office.account.url_secret) not in stored


def test_our_own_counting_keeps_us_within_the_limits(office: Office) -> None:
    office.server.limits.forget()
    office.server.limits.is_on = True
    client, pauses = client_for(office.account), list[float]()
    client.budget, client.sleep = BUDGET, pauses.append
    with pytest.raises(errors.TryLater) as caught:
        for _ in range(20):
            client.services()
    assert 0 < caught.value.wait < 2 and pauses and sum(pauses) <= client.patience
    assert office.server.limits.refused == 0, "not one request was in vain"


def test_a_page_instead_of_an_answer_is_no_crash(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "client_for", lambda _account: client_for(office.account))
    office.account.api_url = office.server.url
    result = check(office.account)
    assert not result.ok and result.note
    broker().flushdb()


def test_the_page_shows_health_and_hides_the_tokens(office: Office) -> None:
    people = make_people()
    client = logged_in(people.owner)
    where = reverse("admin:crm_yclientsaccount_change", args=[office.account.pk])
    page = client.get(where).content.decode()
    assert office.server.company.partner not in page and str(office.account.url_secret) not in page
    assert "Консультация" in page
    answer = client.post(reverse("admin:crm_yclientsaccount_do", args=[office.account.pk, "check"]), follow=True)
    assert "Консультация" in answer.content.decode()
    fields = {
        "title": "Салон", "company_id": "101", "service_id": "11", "staff_id": "0", "is_active": "on",
        "api_url": office.server.api_url, "time_zone": "Europe/Moscow", "duration_minutes": "30", "horizon_days": "7",
        "reminders": "30", "partner": "", "user": "",
    }  # fmt: skip
    answer = client.post(where, fields)
    assert answer.status_code == 302, answer.context and answer.context["adminform"].form.errors
    office.account.refresh_from_db()
    assert office.account.tokens["partner"] == office.server.company.partner, "left empty, the token stays"
    assert (office.account.title, office.account.reminders) == ("Салон", [30])
    assert "reminders" in client.post(where, {**fields, "reminders": "час"}).context["adminform"].form.errors
