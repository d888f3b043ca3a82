"""Who gets the lead: methods, rules, availability; and at most one, whoever presses at the same instant."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from crm import leads, rotation
from crm.models import Absence, Assignment, Customer, Lead, Manager, RotationRule

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY_NOON = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)  # 12:00 in Moscow


def make_lead(**fields: object) -> Lead:
    return Lead.objects.create(customer=Customer.objects.create(name="Анна"), status=Lead.Status.CAPTURED, **fields)


def share(count: int) -> list[str]:
    names = []
    for number in range(count):
        lead = make_lead()
        rotation.assign(lead.pk, now=MONDAY_NOON + dt.timedelta(seconds=number))
        lead.refresh_from_db()
        names.append(lead.manager.name if lead.manager else "—")
    return names


@pytest.fixture
def team() -> dict[str, Manager]:
    return {name: Manager.objects.create(name=name) for name in ("Ольга", "Павел", "Рита")}


def test_in_turn_everybody_gets_one_before_anybody_gets_two(team: dict[str, Manager]) -> None:
    assert share(6) == ["Ольга", "Павел", "Рита", "Ольга", "Павел", "Рита"]


def test_twice_the_weight_twice_the_leads(team: dict[str, Manager]) -> None:
    Manager.objects.filter(name="Ольга").update(weight=2)
    RotationRule.objects.create(title="вес", method=RotationRule.Method.WEIGHTED)
    shared = share(8)
    assert (shared.count("Ольга"), shared.count("Павел"), shared.count("Рита")) == (4, 2, 2)


def test_the_least_loaded_is_chosen(team: dict[str, Manager]) -> None:
    RotationRule.objects.create(title="нагрузка", method=RotationRule.Method.LEAST_LOADED)
    for name in ("Ольга", "Ольга", "Павел"):
        make_lead(manager=team[name]).__class__.objects.filter(manager=team[name]).update(status=Lead.Status.TAKEN)
    assert share(1) == ["Рита"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"is_active": False}, "left"),
        ({"is_on_duty": False}, "off_duty"),
        ({"schedule": {"mon": [["15:00", "18:00"]]}}, "outside_hours"),
        ({"cap": 0}, "cap_reached"),
    ],
)
def test_who_cannot_take_a_lead_is_passed_over(team: dict[str, Manager], changes: dict[str, object], why: str) -> None:
    Manager.objects.filter(name="Ольга").update(**changes)
    choice, candidates = rotation.preview(now=MONDAY_NOON)
    assert choice.manager == team["Павел"]
    assert {item.manager.name: item.away for item in candidates}["Ольга"] == why


def test_an_absent_manager_is_passed_over(team: dict[str, Manager]) -> None:
    Absence.objects.create(manager=team["Ольга"], first_date=MONDAY_NOON.date(), last_date=MONDAY_NOON.date())
    assert share(1) == ["Павел"]


def test_who_has_closed_the_day_in_bitrix24_is_passed_over(team: dict[str, Manager]) -> None:
    RotationRule.objects.create(title="смена", uses_bitrix_shift=True)
    Manager.objects.filter(name="Ольга").update(bitrix_id=1, shift_status="CLOSED", shift_checked_at=MONDAY_NOON)
    assert share(1) == ["Павел"]


def test_the_first_rule_that_fits_decides(team: dict[str, Manager]) -> None:
    special = RotationRule.objects.create(title="Авито", order=1, sources=["Авито"])
    special.managers.add(team["Рита"])
    RotationRule.objects.create(title="прочее", order=2).managers.add(team["Ольга"])
    assert rotation.preview(source="авито", now=MONDAY_NOON)[0].manager == team["Рита"]
    assert rotation.preview(source="сайт", now=MONDAY_NOON)[0].manager == team["Ольга"]


@pytest.mark.parametrize(("fallback", "expected"), [("next_rule", "Павел"), ("wait", "—"), ("duty_manager", "Рита")])
def test_what_happens_when_nobody_of_the_rule_is_available(
    team: dict[str, Manager], fallback: str, expected: str
) -> None:
    Manager.objects.filter(name="Ольга").update(is_on_duty=False)
    rule = RotationRule.objects.create(title="первое", order=1, fallback=fallback, fallback_manager=team["Рита"])
    rule.managers.add(team["Ольга"])
    RotationRule.objects.create(title="второе", order=2).managers.add(team["Павел"])
    assert share(1) == [expected]


def test_a_lead_nobody_could_take_is_given_when_somebody_comes(team: dict[str, Manager]) -> None:
    Manager.objects.update(is_on_duty=False)
    lead = make_lead()
    assert rotation.assign_waiting() == 0
    Manager.objects.filter(name="Павел").update(is_on_duty=True)
    assert rotation.assign_waiting() == 1
    lead.refresh_from_db()
    assert (lead.status, lead.manager) == (Lead.Status.TAKEN, team["Павел"])


def at_once(*jobs: object) -> list[object]:
    """Run jobs in threads with connections of their own, released at the same moment."""
    gate, results = threading.Barrier(len(jobs)), []

    def run(job: object) -> None:
        gate.wait()
        results.append(job())  # type: ignore[operator]
        connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_workers_assign_and_the_lead_gets_one_manager(team: dict[str, Manager]) -> None:
    lead = make_lead()
    given = at_once(*[lambda: rotation.assign(lead.pk, now=timezone.now())] * 4)
    assert given.count(True) == 1
    assert Assignment.objects.filter(lead=lead, ended_at=None).count() == 1


def test_two_managers_press_take_and_one_gets_the_lead(team: dict[str, Manager]) -> None:
    lead = make_lead()
    presses = [
        lambda manager=manager: leads.give_to(Lead.objects.get(pk=lead.pk), manager, key=f"press:{manager.pk}")
        for manager in team.values()
    ]
    assert at_once(*presses).count(True) == 1
    assert Assignment.objects.filter(lead=lead, ended_at=None).count() == 1


def test_leads_given_at_once_are_shared_in_turn(team: dict[str, Manager]) -> None:
    rows = [make_lead() for _ in range(6)]
    at_once(*[lambda row=row: rotation.assign(row.pk, now=timezone.now()) for row in rows])
    counts = [Assignment.objects.filter(manager=manager).count() for manager in team.values()]
    assert counts == [2, 2, 2]
