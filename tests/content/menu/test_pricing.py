"""What a cart costs, and what of it is not as the guest saw it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.menu.cart import Cart
from content.menu.changes import Change, Kind
from content.menu.choosing import at_first, pressed, unfit
from content.menu.pricing import mend, price, unit_price
from content.menu.values import Category, Menu, Product
from tests.content.menu.shop import CAKE, CROISSANT, LATTE, MENU


def with_latte(latte: Product) -> Menu:
    return replace(MENU, categories=(Category("coffee", "Кофе", "☕", (latte,)), MENU.categories[1]))


def test_a_cart_is_priced_with_its_options_and_nothing_has_moved() -> None:
    cart = Cart().add("latte", ["size:l", "milk:oat", "extra:own"], 2).add("croissant")
    priced = price(cart, MENU, price(cart, MENU).seen())
    latte, croissant = priced.lines
    assert (latte.title, latte.details, latte.unit, latte.total) == (
        "Латте",
        "350 мл, Овсяное, Своя кружка",
        Decimal(350),
        Decimal(700),
    )
    assert [option.code for option in latte.options] == ["size:l", "milk:oat", "extra:own"]
    assert (croissant.total, priced.subtotal, priced.changes) == (Decimal(180), Decimal(880), ())


@pytest.mark.parametrize(
    ("cart", "menu", "kind", "facts"),
    [
        (Cart().add("tea"), MENU, "product_gone", {"product": "tea"}),
        (Cart().add("cake"), MENU, "product_gone", {"product": "Медовик"}),
        (Cart().add("oatmeal"), MENU, "not_now", {"product": "Овсянка", "hours": "–12:00"}),
        (
            Cart().add("latte", ["size:m", "milk:almond"]),
            MENU,
            "option_gone",
            {"product": "Латте", "option": "Миндальное", "code": "milk:almond"},
        ),
        (
            Cart().add("latte", ["size:m", "milk:soy"]),
            MENU,
            "option_gone",
            {"product": "Латте", "option": "milk:soy", "code": "milk:soy"},
        ),
        (
            Cart().add("latte"),
            MENU,
            "group_missing",
            {"product": "Латте", "group": "Объём", "code": "size", "least": "1", "most": "1"},
        ),
        (Cart().add("croissant", quantity=4), MENU, "too_few_left", {"product": "Круассан", "left": "3"}),
        (
            Cart().add("latte", ["size:m", "extra:syrup"], 3),
            MENU,
            "too_few_left",
            {"product": "Латте", "left": "2", "option": "Сироп"},
        ),
    ],
)
def test_what_cannot_be_ordered_is_told_and_costs_nothing(
    cart: Cart, menu: Menu, kind: str, facts: dict[str, str]
) -> None:
    priced = price(cart, menu)
    assert priced.changes == (Change(Kind(kind), 1, facts),)
    assert (priced.lines[0].problem, priced.subtotal) == (kind, Decimal(0))


def test_two_lines_share_what_is_left() -> None:
    cart = Cart().add("latte", ["size:m", "extra:syrup"], 2).add("latte", ["size:l", "extra:syrup"])
    assert price(cart, MENU).changes == (
        Change(Kind.TOO_FEW_LEFT, 2, {"product": "Латте", "left": "0", "option": "Сироп"}),
    )
    assert [line.id for line in mend(cart, MENU).lines] == [1]


def test_a_price_that_moved_is_told_with_both_prices() -> None:
    cart = Cart().add("latte", ["size:l"])
    dearer = with_latte(replace(LATTE, price=Decimal(265)))
    priced = price(cart, dearer, price(cart, MENU).seen())
    assert priced.changes == (Change(Kind.PRICE_CHANGED, 1, {"product": "Латте", "was": "310", "now": "325"}),)
    assert (priced.subtotal, priced.lines[0].problem) == (Decimal(325), "")


def test_a_product_that_left_the_menu_keeps_the_name_the_guest_saw() -> None:
    cart = Cart().add("latte", ["size:m"])
    without = replace(MENU, categories=MENU.categories[1:])
    priced = price(cart, without, price(cart, MENU).seen())
    assert priced.changes == (Change(Kind.PRODUCT_GONE, 1, {"product": "Латте"}),)


def test_a_pause_is_told_first() -> None:
    menu = replace(MENU, is_paused=True, pause_reason="Ремонт кофемашины")
    assert price(Cart().add("croissant"), menu).changes == (
        Change(Kind.PLACE_PAUSED, None, {"reason": "Ремонт кофемашины", "until": ""}),
    )


def test_a_change_is_stored_and_read() -> None:
    change = Change(Kind.NOT_NOW, 4, {"product": "Овсянка"})
    assert Change.from_json(change.to_json()) == change


def test_a_discount_larger_than_the_price_is_free_and_no_more() -> None:
    assert unit_price(replace(LATTE, price=Decimal(10)), ("extra:own",)) == 0


def test_going_on_without_what_is_gone_leaves_what_can_be_ordered() -> None:
    cart = Cart().add("latte", ["size:xl", "milk:almond"]).add("cake").add("croissant", quantity=5)
    kept = mend(cart, MENU)
    assert [(line.product, line.options, line.quantity) for line in kept.lines] == [
        ("latte", ("size:m",), 1),
        ("croissant", (), 3),
    ]
    assert price(kept, MENU).changes == ()


def test_a_choice_that_can_be_made_in_no_way_takes_its_line_along() -> None:
    size = replace(LATTE.groups[0], options=(replace(LATTE.groups[0].options[1]),))  # no default is left
    assert mend(Cart().add("latte", ["size:m"]), with_latte(replace(LATTE, groups=(size,)))).lines == ()


def test_a_required_choice_of_one_changes_over_and_cannot_be_taken_back() -> None:
    chosen = at_first(LATTE)
    assert chosen == ("size:m",)
    chosen = pressed(LATTE, chosen, "size:l")
    assert chosen == ("size:l",)
    assert pressed(LATTE, chosen, "size:l") == ("size:l",)


def test_a_free_choice_goes_on_and_off() -> None:
    chosen = pressed(LATTE, ("size:m",), "milk:oat")
    assert chosen == ("milk:oat", "size:m")
    assert pressed(LATTE, chosen, "milk:oat") == ("size:m",)


def test_a_choice_of_several_stops_at_its_limit() -> None:
    chosen = pressed(LATTE, pressed(LATTE, (), "extra:shot"), "extra:own")
    assert chosen == ("extra:own", "extra:shot")
    assert pressed(LATTE, chosen, "extra:syrup") == chosen


@pytest.mark.parametrize("name", ["milk:almond", "milk:soy", "sugar:two", "nonsense"])
def test_what_has_ended_or_never_was_cannot_be_chosen(name: str) -> None:
    assert pressed(LATTE, ("size:m",), name) == ("size:m",)


def test_too_much_of_a_group_is_as_unfit_as_too_little() -> None:
    assert [group.code for group in unfit(LATTE, ("size:m", "size:l"))] == ["size"]
    assert [group.code for group in unfit(LATTE, ())] == ["size"]


def test_what_the_menu_answers() -> None:
    assert MENU.product("latte") is LATTE
    assert MENU.product("tea") is None
    shelf = MENU.category("coffee")
    assert shelf is not None
    assert (shelf.title, MENU.category("soup")) == ("☕ Кофе", None)
    assert [product.code for product in MENU.products()][:2] == ["latte", "croissant"]
    assert (LATTE.groups[0].is_required, LATTE.groups[1].is_required) == (True, False)


NAMES = st.lists(
    st.sampled_from(["size:m", "size:l", "size:xl", "milk:oat", "milk:almond", "extra:syrup", "extra:own"])
)
CARTS = st.lists(
    st.tuples(st.sampled_from(["latte", "croissant", "cake", "oatmeal", "tea"]), NAMES, st.integers(1, 3)), max_size=6
)


@given(CARTS)
def test_a_mended_cart_can_always_be_ordered_and_never_grows(things: list[tuple[str, list[str], int]]) -> None:
    cart = Cart("tverskaya")
    for code, options, quantity in things:
        cart = cart.add(code, options, quantity)
    kept = mend(cart, MENU)
    assert price(kept, MENU).changes == ()
    assert kept.quantity <= cart.quantity
    assert sum(line.quantity for line in kept.lines if line.product == CROISSANT.code) <= 3
    assert all(line.product != CAKE.code for line in kept.lines)
    priced = price(cart, MENU)
    assert priced.subtotal == sum(line.total for line in priced.lines if not line.problem)
    assert {change.line for change in priced.changes} == {line.id for line in priced.lines if line.problem}
