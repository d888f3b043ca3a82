"""The receipt adds up to what was paid, to the kopeck, whatever the discount."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.receipts import Position, spread

LATTE = Position("Латте 0.3", Decimal("310.00"))
BUN = Position("Круассан", Decimal("190.00"), 3, vat_code=3)


def total(positions: tuple[Position, ...]) -> Decimal:
    return sum((item.amount for item in positions), Decimal(0))


def test_without_a_discount_the_lines_stay_as_they_are() -> None:
    assert spread([LATTE, BUN], Decimal("880.00")) == (LATTE, BUN)


def test_a_discount_falls_on_each_line_by_its_weight_and_a_line_is_split_where_a_kopeck_is_left() -> None:
    lines = spread([LATTE, BUN], Decimal("792.01"))
    assert [(line.title, line.price, line.quantity, line.vat_code) for line in lines] == [
        ("Латте 0.3", Decimal("279.00"), 1, None),
        ("Круассан", Decimal("171.00"), 2, 3),
        ("Круассан", Decimal("171.01"), 1, 3),
    ]


def test_what_is_given_for_nothing_stands_on_no_receipt() -> None:
    gift = Position("Капучино в подарок", Decimal(0))
    assert spread([gift, LATTE], LATTE.price) == (LATTE,)


@pytest.mark.parametrize("positions", [[], [Position("Подарок", Decimal(0))]])
def test_nothing_to_spread_over_is_an_error(positions: list[Position]) -> None:
    with pytest.raises(ValueError, match="cost something"):
        spread(positions, Decimal("1.00"))


def test_a_part_of_a_kopeck_is_no_money() -> None:
    with pytest.raises(ValueError, match="kopeck"):
        spread([LATTE], Decimal("1.005"))


prices = st.integers(1, 100_000).map(lambda kopecks: Decimal(kopecks) / 100)
lines = st.lists(st.builds(Position, st.just("Что-то"), prices, st.integers(1, 20)), min_size=1, max_size=12)


@given(lines, st.integers(1, 100))
def test_the_sum_is_exact_for_any_cart_and_any_discount(positions: list[Position], percent: int) -> None:
    whole = total(tuple(positions))
    wanted = (whole * percent / 100).quantize(Decimal("0.01"))
    if wanted:
        spreading = spread(positions, wanted)
        assert total(spreading) == wanted
        assert all(line.price > 0 and line.quantity > 0 for line in spreading)
        assert sum(line.quantity for line in spreading) <= sum(line.quantity for line in positions)
