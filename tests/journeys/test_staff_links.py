"""A manager connects by one tap on a link; the link is good once, for one person, for a week."""

import datetime as dt

from crm import invitations
from crm.models import Customer, Manager
from tests.journeys.house import IVAN_TELEGRAM, TOKEN, House


def link_of(manager: Manager) -> str:
    """Return the payload of a fresh link."""
    return invitations.invite(manager).partition("?start=")[2]


def said_to(house: House, who: int) -> str:
    house.settle()
    return house.telegram.said(TOKEN, who)[-1].text


def test_a_tap_on_the_link_tells_us_the_managers_telegram(house: House) -> None:
    vera = Manager.objects.create(name="Вера")
    payload = link_of(vera)
    house.telegram.starts(TOKEN, 3_003, payload, first_name="Вера")
    assert said_to(house, 3_003).startswith("Готово, Вера")
    vera.refresh_from_db()
    assert vera.telegram_id == 3_003
    assert not Customer.objects.exists(), "one of ours is no customer"
    house.telegram.starts(TOKEN, 3_004, payload, first_name="Кто-то")
    assert "уже использована" in said_to(house, 3_004)
    vera.refresh_from_db()
    assert vera.telegram_id == 3_003


def test_an_old_a_replaced_and_a_made_up_link_are_refused(house: House) -> None:
    vera = Manager.objects.create(name="Вера")
    replaced, old = link_of(vera), link_of(vera)
    Manager.objects.filter(pk=vera.pk).update(invited_at=house.clock() - dt.timedelta(days=8))
    for payload in (replaced, old, "staff-", "staff-nonsense"):
        house.telegram.starts(TOKEN, 3_003, payload, first_name="Вера")
        assert "уже использована или устарела" in said_to(house, 3_003)
    vera.refresh_from_db()
    assert vera.telegram_id is None


def test_one_account_is_one_manager(house: House) -> None:
    vera = Manager.objects.create(name="Вера")
    house.telegram.starts(TOKEN, IVAN_TELEGRAM, link_of(vera))
    assert "уже привязан к менеджеру Иван" in said_to(house, IVAN_TELEGRAM)
    vera.refresh_from_db()
    assert vera.telegram_id is None and vera.invitation, "the link still works for her"
