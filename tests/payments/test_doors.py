"""The two doors for GetCourse's news: what is let in, what is refused, and that a refusal changes nothing."""

import base64
import hashlib
import hmac
import json
import logging
import time
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from payments import checking, linking
from payments.models import Account, Notice, Payment, SeenProof
from payments.signatures import sign
from tests.emulators.getcourse import SchoolServer
from tests.payments.conftest import SIGNING, later

pytestmark = pytest.mark.django_db(transaction=True)
DOOR = "/webhook/getcourse"
Status = Payment.Status


@pytest.fixture
def sent(payment: Payment) -> Payment:
    """The payment with its link sent."""
    linking.create_links(later)
    payment.refresh_from_db()
    return payment


def notice(payment: Payment, **fields: Any) -> bytes:
    """A relay's words about a payment: paid in full, unless said otherwise."""
    said = {"order_id": payment.order.number, "deal_id": payment.external_id, "status": "payed", "paid": "24900.00"}
    return json.dumps({**said, "currency": "RUB", **fields}).encode()


def post(body: bytes, *, secret: str = SIGNING, moment: int | None = None, header: str = "") -> HttpResponse:
    """Post a notice signed as a relay does."""
    signature = header or sign(body, secret, moment=int(time.time()) if moment is None else moment)
    return _post(body, {"X-Signature": signature})


def _post(body: bytes, headers: dict[str, str]) -> HttpResponse:
    response: Any = Client().post(DOOR, body, content_type="application/json", headers=headers)
    return response  # type: ignore[no-any-return]


def standing(payment: Payment) -> tuple[str, int]:
    """Return a payment's status, and how many notices are kept."""
    payment.refresh_from_db()
    return payment.status, Notice.objects.count()


# --- the signed door


def test_a_signed_notice_pays_the_order(sent: Payment) -> None:
    assert post(notice(sent)).status_code == 200
    sent.refresh_from_db()
    sent.order.refresh_from_db()
    kept = Notice.objects.get()
    assert (sent.status, str(sent.paid_amount), sent.order.status) == (Status.PAID, "24900.00", "paid")
    assert (kept.source, kept.verdict, kept.payment) == ("signed", "paid", sent)
    assert kept.verified_at is not None
    assert kept.applied_at is not None


def test_standard_webhooks_are_taken_and_their_retry_is_answered_kindly(sent: Payment) -> None:
    body, moment = notice(sent), str(int(time.time()))
    digest = hmac.new(SIGNING.encode(), f"msg_1.{moment}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    headers = {"webhook-id": "msg_1", "webhook-timestamp": moment, "webhook-signature": signature}
    assert [_post(body, headers).status_code for _ in range(2)] == [200, 200]
    assert Notice.objects.get().times == 1


def test_the_same_signature_is_refused_the_second_time(sent: Payment) -> None:
    body, moment = notice(sent), int(time.time())
    assert [post(body, moment=moment).status_code for _ in range(3)] == [200, 403, 403]
    assert Notice.objects.get().times == 1
    assert SeenProof.objects.count() == 1


def test_the_same_news_signed_anew_is_taken_and_counted_and_changes_nothing(sent: Payment) -> None:
    now = int(time.time())
    assert [post(notice(sent), moment=now - number).status_code for number in range(3)] == [200, 200, 200]
    assert Notice.objects.get().times == 3


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("", 401),
        ("t=1,v1=aa", 403),
        ("rubbish", 403),
        ("wrong secret", 403),
        ("too old", 403),
        ("from the future", 403),
    ],
)
def test_what_does_not_prove_its_sender_changes_nothing(sent: Payment, header: str, status: int) -> None:
    body, now = notice(sent), int(time.time())
    made = {
        "wrong secret": sign(body, "guess", moment=now),
        "too old": sign(body, SIGNING, moment=now - 301),
        "from the future": sign(body, SIGNING, moment=now + 330),
    }
    answer = _post(body, {"X-Signature": made.get(header, header)} if header else {})
    assert answer.status_code == status
    assert standing(sent) == (Status.SENT, 0)
    assert SeenProof.objects.count() == 0


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"not json", b'{"status":"payed"}', b'"x"', b"[" * 60_000, b"\xff"]
)
def test_a_signed_body_that_is_no_notice_is_malformed(sent: Payment, body: bytes) -> None:
    assert post(body).status_code == 400
    assert standing(sent) == (Status.SENT, 0)


def test_too_much_and_the_wrong_method_are_refused(sent: Payment) -> None:
    assert post(b"x" * 65_537).status_code == 413
    assert Client().get(DOOR).status_code == 405
    assert standing(sent) == (Status.SENT, 0)


def test_the_secret_before_holds_while_it_is_changed_and_no_longer(sent: Payment, account: Account) -> None:
    account.renew_signing_secret()
    assert post(notice(sent, status="new")).status_code == 200
    account.renew_signing_secret()
    assert post(notice(sent)).status_code == 403


def test_an_account_switched_off_proves_nothing(sent: Payment, account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert post(notice(sent)).status_code == 401


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"paid": "24899.99"}, "wrong_amount"),
        ({"paid": "24900.01"}, "wrong_amount"),
        ({"currency": "USD"}, "wrong_currency"),
    ],
)
def test_money_that_does_not_fit_waits_for_a_human(sent: Payment, fields: dict[str, str], verdict: str) -> None:
    assert post(notice(sent, **fields)).status_code == 200
    sent.refresh_from_db()
    assert (sent.status, sent.reason, Notice.objects.get().verdict) == (Status.NEEDS_REVIEW, verdict, verdict)


def test_a_signed_word_without_a_sum_is_read_back_before_it_counts(sent: Payment, school: SchoolServer) -> None:
    assert post(notice(sent, paid="")).status_code == 200
    assert standing(sent)[0] == Status.SENT
    school.world.pay(int(sent.external_id))
    checking.check_due(later)
    assert standing(sent)[0] == Status.PAID


def test_without_a_way_to_read_back_a_word_without_a_sum_waits_for_a_human(sent: Payment, account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(credentials={})
    assert post(notice(sent, paid="")).status_code == 200
    sent.refresh_from_db()
    assert (sent.status, sent.reason) == (Status.NEEDS_REVIEW, "no_amount")


def test_an_unknown_order_is_kept_and_shown(sent: Payment) -> None:
    assert post(notice(sent, order_id="NOBODYS", deal_id="9999")).status_code == 200
    kept = Notice.objects.get()
    assert (kept.payment, kept.verdict, kept.order_number) == (None, "unknown_order", "NOBODYS")
    assert standing(sent)[0] == Status.SENT


# --- the address with a secret


@pytest.fixture
def address(account: Account) -> str:
    """The address that GetCourse calls."""
    return f"{DOOR}/{account.renew_url_secret()}"


def test_a_call_is_a_hint_and_counts_only_when_the_deal_says_so(
    sent: Payment, school: SchoolServer, address: str
) -> None:
    said = {"deal_id": sent.external_id, "deal_no": sent.order.number, "status": "payed", "paid": "24 900,00 руб."}
    assert Client().get(address, said).status_code == 200
    assert standing(sent) == (Status.SENT, 1)
    checking.check_due(later)
    hint = Notice.objects.get(source="hint")
    assert (standing(sent)[0], hint.verdict) == (Status.SENT, "not_confirmed"), "nobody has paid: the call lied"
    school.world.pay(int(sent.external_id))
    assert Client().post(f"{address}?deal_id={sent.external_id}&status=payed").status_code == 200
    checking.check_due(later)
    assert standing(sent)[0] == Status.PAID
    assert Notice.objects.get(status="paid").source == "read"


def test_a_call_about_another_persons_paid_deal_does_not_pay_ours(
    sent: Payment, school: SchoolServer, address: str
) -> None:
    other = school.world.add(title="Другое", cost="24900.00", email="x@example.ru")
    school.world.pay(other.id)
    Client().get(address, {"deal_id": str(other.id), "deal_no": sent.order.number, "status": "payed", "paid": "24900"})
    checking.check_due(later)
    assert standing(sent)[0] == Status.SENT


def test_an_unknown_secret_is_forbidden_and_a_changed_one_holds_once_more(sent: Payment, account: Account) -> None:
    first, second = account.renew_url_secret(), account.renew_url_secret()
    answers = [
        Client().get(f"{DOOR}/{secret}", {"deal_id": "1"}).status_code for secret in (first, second, "x" * 43, "s")
    ]
    assert answers == [200, 200, 403, 403]
    account.renew_url_secret()
    assert Client().get(f"{DOOR}/{first}", {"deal_id": "1"}).status_code == 403
    account.refresh_from_db()
    assert first not in repr(account.__dict__), "only its hash is kept"


def test_calls_of_the_wrong_shape_are_refused(sent: Payment, address: str) -> None:
    assert Client().put(address).status_code == 405
    assert Client().get(address, {"status": "payed"}).status_code == 400
    assert Client().get(address, {"deal_id": "x" * 9000}).status_code == 413
    assert Client().post(address, {"deal_id": "1", "rest": "x" * 70_000}).status_code == 413
    assert standing(sent) == (Status.SENT, 0)


def test_too_many_calls_are_asked_to_wait(sent: Payment, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payments.webhooks.CALLS", 3)
    answers = [Client().get(address, {"deal_id": str(number)}) for number in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_nothing_secret_and_nothing_personal_reaches_a_log(
    sent: Payment, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    secret = address.rpartition("/")[2]
    with caplog.at_level(logging.DEBUG):
        Client().get(address, {"deal_id": sent.external_id, "email": "anna@example.ru", "phone": "+79161234567"})
        Client().get(address, {"status": "payed", "email": "anna@example.ru"})
        checking.check_due(later)
        post(notice(sent, email="anna@example.ru"))
    from bot.masking import mask

    logged = mask("\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records))
    for word in (secret, "anna@example.ru", "9161234567", SIGNING, "school-api-key", "developer-key"):
        assert word not in logged
    assert "anna@example.ru" not in repr(list(Notice.objects.values()))
