"""What promo codes and loyalty take off: to the kopeck, never more than the goods, and spread over the lines without loss."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from payments.shop.rewards import Goods, Offer, Program, Purse, can_spend, reckon

LATTE = Goods(1, "coffee", Decimal(300), 2)
BUN = Goods(2, "food", Decimal("180.50"), 1)
NTH = Program("nth", every=6, categories=frozenset({"coffee"}))
POINTS = Program("points", percent=Decimal(5), max_share=50)


def test_every_sixth_coffee_is_free_and_a_bun_is_none() -> None:
    five = Purse(NTH, 5)
    reward = reckon([LATTE, BUN], None, five, use_loyalty=True)
    assert (reward.loyalty, reward.spent, reward.earns) == (Decimal(300), 5, 1)
    assert reward.discounts == {1: Decimal(300), 2: Decimal(0)}
    assert reckon([LATTE, BUN], None, Purse(NTH, 4), use_loyalty=True).loyalty == 0
    assert reckon([BUN], None, five, use_loyalty=True).spent == 0
    assert (can_spend([LATTE], five), can_spend([BUN], five)) == (True, False)


def test_who_does_not_ask_spends_nothing_and_earns_for_all() -> None:
    reward = reckon([LATTE, BUN], None, Purse(NTH, 5), use_loyalty=False)
    assert (reward.total, reward.spent, reward.earns) == (Decimal(0), 0, 2)


def test_a_free_drink_is_the_dearest_up_to_its_limit() -> None:
    small = Goods(3, "coffee", Decimal(150), 1)
    assert reckon([small, LATTE], None, Purse(NTH, 5), use_loyalty=True).discounts[1] == Decimal(300)
    limited = Program("nth", every=6, most_free=Decimal(200))
    assert reckon([LATTE], None, Purse(limited, 5), use_loyalty=True).loyalty == Decimal(200)


def test_points_pay_no_more_than_their_share_and_are_earned_of_what_is_paid() -> None:
    reward = reckon([LATTE, BUN], None, Purse(POINTS, 1000), use_loyalty=True)
    assert (reward.loyalty, reward.spent) == (Decimal(390), 390)  # a half of 780.50, in whole points
    assert reward.earns == 19  # five percent of 390.50
    assert reckon([LATTE], None, Purse(POINTS, 120), use_loyalty=True).spent == 120


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        (Offer("A", "percent", Decimal(10)), "78.05"),
        (Offer("A", "amount", Decimal(100)), "100"),
        (Offer("A", "amount", Decimal(5000)), "780.50"),  # never more than the goods
        (Offer("A", "percent", Decimal(10), Decimal(800)), "0"),  # from 800 only
    ],
)
def test_a_promo_code_takes_off_what_it_says(offer: Offer, expected: str) -> None:
    assert reckon([LATTE, BUN], offer, Purse(), use_loyalty=False).promo == Decimal(expected)


def test_a_promo_is_of_what_the_free_drink_has_left() -> None:
    reward = reckon([LATTE, BUN], Offer("A", "percent", Decimal(10)), Purse(NTH, 5), use_loyalty=True)
    assert (reward.loyalty, reward.promo) == (Decimal(300), Decimal("48.05"))


kopecks = some.integers(0, 100_000).map(lambda number: Decimal(number) / 100)


@settings(deadline=None)  # a machine with other work is no fault of ours
@given(
    units=some.lists(some.tuples(kopecks, some.integers(1, 20)), min_size=1, max_size=8),
    kind=some.sampled_from(["percent", "amount"]),
    value=some.integers(1, 10_000).map(lambda number: Decimal(number) / 100),
    program=some.sampled_from([NTH, POINTS, Program()]),
    balance=some.integers(0, 3000),
    use_loyalty=some.booleans(),
)
def test_the_lines_discounts_add_up_and_no_line_goes_below_nothing(
    units: list[tuple[Decimal, int]], kind: str, value: Decimal, program: Program, balance: int, use_loyalty: bool
) -> None:
    goods = [Goods(n, "coffee", unit, quantity) for n, (unit, quantity) in enumerate(units)]
    reward = reckon(goods, Offer("A", kind, value), Purse(program, balance), use_loyalty=use_loyalty)
    assert sum(reward.discounts.values()) == reward.total
    assert all(0 <= reward.discounts[item.line] <= item.amount for item in goods)
    assert 0 <= reward.spent <= balance and reward.earns >= 0
