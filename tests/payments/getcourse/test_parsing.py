"""A deal as GetCourse, its templates and its exports write it."""

from decimal import Decimal

import pytest

from payments.facts import DealStatus
from payments.providers.getcourse.parsing import deal_of, deals_of, status_of


def test_the_call_of_an_address_is_read() -> None:
    deal = deal_of({"deal_id": "1001", "deal_no": "ABC", "status": "payed", "paid": "1 990,00 руб.", "email": "a@x.ru"})
    assert (deal.external_id, deal.order_number, deal.status) == ("1001", "ABC", DealStatus.PAID)
    assert (deal.paid, deal.currency) == (Decimal("1990.00"), "RUB")
    assert deal.payload["email"] == "a***@x.ru"


def test_an_empty_or_unfilled_variable_of_a_template_is_not_there() -> None:
    deal = deal_of(
        {
            "deal_id": "1001",
            "deal_no": "",
            "utm_content": "ABC",
            "status": "{object.status}",
            "paid": "{object.payed_money}",
        }
    )
    assert (deal.order_number, deal.status, deal.paid) == ("ABC", DealStatus.UNKNOWN, None)


def test_what_names_neither_deal_nor_order_is_no_notice() -> None:
    with pytest.raises(ValueError, match="neither"):
        deal_of({"deal_id": "{object.id}", "status": "payed", "flag": True})


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("payed", DealStatus.PAID),
        ("Paid", DealStatus.PAID),
        (" Завершён ", DealStatus.PAID),
        ("part_payed", DealStatus.PARTIAL),
        ("Частично  оплачен", DealStatus.PARTIAL),
        ("waiting_for_return", DealStatus.REFUNDED),
        ("cancelled", DealStatus.CANCELED),
        ("false", DealStatus.FAILED),
        ("in_work", DealStatus.PENDING),
        ("", DealStatus.UNKNOWN),
        ("payed!", DealStatus.UNKNOWN),
    ],
)
def test_statuses_are_known_by_code_and_by_word(word: str, status: DealStatus) -> None:
    assert status_of(word) is status


def test_what_was_paid_follows_from_what_is_left() -> None:
    fields = {
        "deal_id": 5,
        "status": "part_payed",
        "cost_money_value": "1990",
        "left_cost_money": "990",
        "currency": "рубли",
    }
    assert (deal_of(fields).paid, deal_of(fields).currency) == (Decimal("1000.00"), "RUB")
    assert deal_of({**fields, "currency": "BYN", "status": "new"}).paid is None
    assert deal_of({**fields, "currency": "BYN"}).currency == "BYN"


def test_an_export_is_read_by_its_headings_and_a_row_without_a_deal_is_left_out() -> None:
    headings = ["ID заказа", "Номер", "Статус", "Оплачено", "Валюта"]
    rows: list[list[object]] = [
        ["1001", "ABC", "Оплачен", "1 990", "RUB"],
        ["", "", "Новый", "", ""],
        [["1002"], "DEF", "Отменен"],
    ]
    deals = deals_of(headings, rows)
    assert [(deal.external_id, deal.order_number, deal.status) for deal in deals] == [
        ("1001", "ABC", DealStatus.PAID),
        ("1002", "DEF", DealStatus.CANCELED),
    ]
