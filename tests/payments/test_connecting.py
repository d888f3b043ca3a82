"""Connecting a school: what is made, what is shown once, what is told when it does not work."""

import io

import pytest
from django.core.management import CommandError, call_command

from config.doctor import examine
from config.health import signs
from payments.connecting import check_account
from payments.models import Account
from tests.emulators.getcourse import SchoolServer

pytestmark = pytest.mark.django_db


def connect(url: str, **keys: str) -> str:
    """Call the command; return what it printed."""
    out = io.StringIO()
    call_command("connect", "getcourse", account=url, stdout=out, **keys)
    return out.getvalue()


def test_the_secrets_of_the_doors_are_printed_once(school: SchoolServer) -> None:
    said = connect(f"{school.url}/some/page", api_key="school-api-key", title="Школа")
    account = Account.objects.get()
    assert "/webhook/getcourse/" in said and "deal_id={object.id}" in said
    assert account.signing_secrets[0] in said
    assert (account.api_url, account.title, account.health) == (school.url, "Школа", Account.Health.OK)
    again = connect(school.url)
    assert "/webhook/getcourse/" not in again
    assert Account.objects.get().credentials == {"api_key": "school-api-key"}, "a key not given stays"


def test_a_wrong_key_is_told_and_the_row_stays(school: SchoolServer) -> None:
    with pytest.raises(CommandError, match="does not work yet"):
        connect(school.url, api_key="wrong")
    assert Account.objects.get().health == Account.Health.DOWN


def test_without_keys_it_works_by_signature_and_by_hand(school: SchoolServer) -> None:
    assert "Ключ API не задан" in connect(school.url)


@pytest.mark.parametrize("url", ["school.getcourse.ru", "ftp://x", "", "https://"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(CommandError, match="an address such as"):
        connect(url)


def test_the_doctor_and_the_health_panel_know_it(account: Account) -> None:
    check_account(account)
    found = {finding.what: finding.ok for finding in examine() if "payment account" in finding.what}
    assert found == {f"payment account {account.pk} (Школа)": True}
    from django.utils import timezone

    assert [sign.state for sign in signs(timezone.now()) if sign.title == "Школа"] == ["ok"]
