"""Employees and their working days, as the rotation asks for them."""

import datetime as dt

import pytest
from django.utils import timezone

from crm.bitrix24 import errors, shifts
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.methods.users import Shift, get_employee, get_shift, get_shifts, list_employees
from crm.bitrix24.portals import client_for
from crm.models import Manager, RotationRule
from tests.crm.bitrix24.houses import IVAN, MARIA, TECHNICAL, House
from tests.emulators.bitrix24 import orders


@pytest.fixture
def portal(house: House) -> Bitrix24:
    return client_for(house.portal, patience=0.0)


def test_all_employees_are_listed_and_no_bots(house: House, portal: Bitrix24) -> None:
    for number in range(60):
        house.remote.add_employee("Сотрудник", str(number))
    people = list_employees(portal)
    assert len(people) == 65
    assert people[1].name == "Иван Петров"
    assert people[1].is_online
    assert house.bot_id not in {person.id for person in people}


def test_a_dismissed_employee_is_not_found(house: House, portal: Bitrix24) -> None:
    assert get_employee(portal, MARIA).name == "Мария Кузнецова"
    house.remote.set_employee(MARIA, active=False)
    with pytest.raises(errors.NotFound):
        get_employee(portal, MARIA)


def test_shifts_of_many_cost_one_request_and_strangers_are_left_out(house: House, portal: Bitrix24) -> None:
    house.remote.set_employee(MARIA, day="PAUSED")
    before = sum(not seen.in_batch for seen in house.remote.calls)
    answers = get_shifts(portal, [IVAN, MARIA, TECHNICAL, 999])
    assert answers == {IVAN: Shift.OPENED, MARIA: Shift.PAUSED, TECHNICAL: Shift.CLOSED}
    assert sum(not seen.in_batch for seen in house.remote.calls) == before + 1
    assert get_shift(portal, MARIA) is Shift.PAUSED
    with pytest.raises(errors.NotFound):
        get_shift(portal, 999)


class TestRefresh:
    """What the rotation knows of shifts."""

    @pytest.fixture(autouse=True)
    def _rule(self, house: House) -> None:
        RotationRule.objects.create(title="На смене", uses_bitrix_shift=True)

    def test_the_word_of_the_portal_is_remembered_and_not_asked_for_again_at_once(self, house: House) -> None:
        now = timezone.now()
        assert shifts.refresh(now) == 1
        ivan = Manager.objects.get(pk=house.ivan.pk)
        assert (ivan.shift_status, ivan.shift_checked_at) == ("OPENED", now)
        assert shifts.refresh(now + dt.timedelta(seconds=30)) == 0
        assert shifts.refresh(now + dt.timedelta(seconds=61)) == 1

    def test_a_portal_that_does_not_answer_changes_nothing(self, house: House) -> None:
        house.remote.faults.order(orders.moved("https://new.bitrix24.ru/rest/1/x/", times=-1))
        assert shifts.refresh(timezone.now()) == 0
        assert Manager.objects.get(pk=house.ivan.pk).shift_status == ""

    def test_nobody_asks_while_no_rule_wants_to_know(self, house: House) -> None:
        RotationRule.objects.update(uses_bitrix_shift=False)
        before = len(house.remote.calls)
        assert shifts.refresh(timezone.now()) == 0
        assert len(house.remote.calls) == before
