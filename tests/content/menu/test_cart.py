"""A cart is a value: what can be done with it and what cannot be read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.menu.cart import MOST_LINES, MOST_OF_ONE, Cart, CartFull, Line, MalformedCart


def test_the_same_drink_made_in_the_same_way_joins_its_line() -> None:
    cart = (
        Cart("tverskaya")
        .add("latte", ["size:l", "milk:oat"])
        .add("latte", ["milk:oat", "size:l"])
        .add("latte", ["size:m"])
    )
    assert [(line.id, line.quantity) for line in cart.lines] == [(1, 2), (2, 1)]
    assert cart.quantity == 3


def test_a_removed_line_never_gives_its_id_to_another() -> None:
    cart = Cart().add("latte").add("croissant").remove(2).add("cake")
    assert [line.id for line in cart.lines] == [1, 3]
    assert cart.clear().add("latte").lines[0].id == 4


def test_none_of_something_is_no_line() -> None:
    assert Cart().add("latte").set_quantity(1, 0).lines == ()


def test_a_line_made_like_another_joins_it() -> None:
    cart = Cart().add("latte", ["size:m"]).add("latte", ["size:l"], 2).set_options(1, ["size:l"])
    assert cart.lines == (Line(2, "latte", ("size:l",), 3),)


def test_another_choice_stays_in_its_line() -> None:
    cart = Cart().add("latte", ["size:m"])
    assert cart.set_options(1, ["size:l"]).lines == (Line(1, "latte", ("size:l",)),)
    assert cart.set_options(1, ["size:m"]) == cart
    assert cart.set_options(9, ["size:l"]) == cart


def test_the_limits_are_said() -> None:
    with pytest.raises(CartFull) as full:
        Cart().add("latte", quantity=MOST_OF_ONE).add("latte")
    assert (full.value.most, full.value.is_of_lines) == (MOST_OF_ONE, False)
    cart = Cart()
    for number in range(MOST_LINES):
        cart = cart.add(f"p{number}")
    with pytest.raises(CartFull) as full:
        cart.add("one-more")
    assert full.value.is_of_lines


def test_the_words_of_the_guest_are_cut_and_survive_alone() -> None:
    cart = Cart().add("latte").describe(promo=" УТРО ", comment="x" * 999, name="Аня")
    assert (cart.promo, len(cart.comment), cart.name) == ("УТРО", 300, "Аня")
    assert (cart.clear().name, cart.clear().promo, cart.clear().comment) == ("Аня", "", "")


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {"lines": {}},
        {"lines": [7]},
        {"lines": [{"id": 1, "product": "a", "options": "size:l"}]},
        {"lines": [{"id": 1, "product": "a", "options": [1]}]},
        {"lines": [{"id": 1, "product": "a", "quantity": 21}]},
        {"lines": [{"id": 1, "product": "a", "quantity": True}]},
        {"lines": [{"id": 0, "product": "a"}]},
        {"lines": [{"id": 1, "product": "x" * 61}]},
        {"lines": [{"id": 1, "product": "a"}, {"id": 1, "product": "b"}]},
        {"lines": [{"id": number, "product": "a"} for number in range(1, MOST_LINES + 2)]},
        {"lines": [], "name": 5},
    ],
)
def test_what_is_no_cart_is_refused(raw: Any) -> None:
    with pytest.raises(MalformedCart):
        Cart.from_json(raw)


CODES = st.sampled_from(["latte", "tea", "cake"])
CHOICES = st.lists(st.sampled_from(["size:l", "size:m", "milk:oat"]), max_size=3)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), CODES, CHOICES),
        st.tuples(st.just("set_quantity"), st.integers(1, 12), st.integers(-1, 25)),
        st.tuples(st.just("set_options"), st.integers(1, 12), CHOICES),
        st.tuples(st.just("remove"), st.integers(1, 12)),
        st.tuples(st.just("clear")),
    ),
    max_size=40,
)


@given(STEPS)
def test_whatever_is_done_to_a_cart_it_stays_a_cart(steps: list[tuple[Any, ...]]) -> None:
    cart = Cart("tverskaya")
    for name, *arguments in steps:
        try:
            cart = getattr(cart, name)(*arguments)
        except CartFull:
            continue
        assert Cart.from_json(cart.to_json()) == cart
        assert len({(line.product, line.options) for line in cart.lines}) == len(cart.lines)
        assert all(1 <= line.quantity <= MOST_OF_ONE and line.id < cart.next_id for line in cart.lines)
