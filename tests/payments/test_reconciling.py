"""What a lost notice left behind is found in the exports."""

import datetime as dt

import pytest
from django.utils import timezone

from payments import checking
from payments.models import Account, Notice, Payment, SeenProof
from payments.reconciling import reconcile
from payments.settling import keep_hint
from tests.emulators.getcourse import Fault, FaultKind, SchoolServer
from tests.payments.conftest import later
from tests.payments.test_doors import sent
from tests.payments.test_settling import deal

__all__ = ["sent"]
pytestmark = pytest.mark.django_db(transaction=True)
Status = Payment.Status


def looks(times: int = 3, **delta: float) -> int:
    """Let the beat look some times; return how many of our deals were read."""
    return sum(reconcile(lambda: later(**delta)) for _ in range(times))


def test_a_payment_nobody_told_us_of_is_found(sent: Payment, school: SchoolServer) -> None:
    school.world.add(title="Чужое", cost="100.00", email="x@example.ru")
    school.world.pay(int(sent.external_id))
    assert looks() == 1, "begun, not ready, read; the deals of others are not ours"
    sent.refresh_from_db()
    assert sent.status == Status.PAID
    assert Notice.objects.get().source == "export"
    assert looks() == 0, "and not again for six hours"
    assert looks(hours=7) == 1


def test_an_account_without_payments_is_not_asked(account: Account, school: SchoolServer) -> None:
    assert looks() == 0
    assert school.world.export_requests == 0


def test_another_export_under_way_is_waited_for(sent: Payment, school: SchoolServer) -> None:
    school.world.exports[1] = {"since": "2020-01-01", "looks": 0, "is_done": False}
    assert looks() == 0
    school.world.exports[1]["is_done"] = True
    assert looks() == 1


def test_a_limit_is_kept_and_an_answer_that_breaks_does_no_harm(
    sent: Payment, account: Account, school: SchoolServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.faults.order(Fault(FaultKind.HTML, match="/pl/api/account", status=502, times=2))
    looks(times=2)
    monkeypatch.setattr("payments.reconciling.REQUESTS", 3)
    school.world.export_looks = 100
    looks(times=10)
    assert school.world.export_requests <= 3


def test_an_export_that_is_never_ready_is_begun_anew(sent: Payment, account: Account, school: SchoolServer) -> None:
    school.world.export_looks = 100
    looks(times=2)
    account.refresh_from_db()
    assert account.export["id"] == "7001"
    looks(times=1, hours=1)
    account.refresh_from_db()
    assert account.export == {}


def test_a_hint_that_could_not_be_read_back_is_settled_by_the_export(
    sent: Payment, account: Account, school: SchoolServer
) -> None:
    keys = {"api_key": "school-api-key"}
    Account.objects.filter(pk=account.pk).update(credentials=keys, reconciled_at=timezone.now())
    account.refresh_from_db()
    keep_hint(account, deal(sent), now=timezone.now())
    checking.check_due(later)
    assert looks() == 0, "just reconciled"
    assert looks(minutes=11) == 1
    assert Notice.objects.get(source="hint").verdict == "not_confirmed"
    sent.refresh_from_db()
    assert sent.status == Status.SENT
    keep_hint(account, deal(sent), now=later(minutes=12))
    school.world.pay(int(sent.external_id))
    checking.check_due(lambda: later(minutes=13))
    assert looks(hours=7) == 1
    sent.refresh_from_db()
    assert sent.status == Status.PAID


def test_signatures_are_kept_two_days(account: Account) -> None:
    now = timezone.now()
    for hours in (1, 25, 49):
        SeenProof.objects.create(account=account, digest=str(hours), seen_at=now - dt.timedelta(hours=hours))
    reconcile(later)
    assert set(SeenProof.objects.values_list("digest", flat=True)) == {"1", "25"}
