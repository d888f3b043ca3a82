"""The last order in one tap, and favourites: by the menu of today, with a word about what is gone."""

import pytest

from content import menus, stops
from content.menu.cart import Cart
from content.models import Option
from payments.shop import again, tickets
from tests.payments.shop.cafe import NOON, guests, open_cafe

pytestmark = pytest.mark.django_db


def test_the_last_order_is_put_together_again() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    anna.buys(cafe.place, "latte", "size:l", "milk:oat")
    anna.puts(cafe.place, "latte", "size:l", "milk:oat", quantity=2)
    anna.buys(cafe.place, "croissant")
    last = again.last_order(anna.customer, cafe.place)
    assert last is not None
    found = again.repeat(Cart(cafe.place.code), last.items.all(), menus.menu_of(cafe.place, NOON))
    assert found.missing == ()
    assert [(line.product, line.options, line.quantity) for line in found.cart.lines] == [
        ("latte", ("milk:oat", "size:l"), 2),
        ("croissant", (), 1),
    ]


def test_what_is_no_longer_there_is_told_and_the_rest_is_put_in() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    anna.puts(cafe.place, "latte", "size:l", "milk:oat")
    order = anna.buys(cafe.place, "croissant").order
    stops.stop(cafe.place, cafe.croissant)
    stops.stop(cafe.place, cafe.oat)
    Option.objects.filter(pk=cafe.large.pk).update(is_active=False)
    menus.forget()
    found = again.repeat(Cart(cafe.place.code), order.items.all(), menus.menu_of(cafe.place, NOON))
    assert [line.options for line in found.cart.lines] == [("size:s",)], "a choice that must be made is the usual one"
    assert set(found.missing) == {"Латте: 400 мл", "Латте: Овсяное", "Круассан"}


def test_an_order_that_was_given_up_is_not_the_last() -> None:
    cafe, (anna, boris) = open_cafe(), guests(2)
    kept = anna.buys(cafe.place, "latte", "size:s")
    tickets.cancel(anna.buys(cafe.place, "croissant").ticket, by="guest", now=NOON)
    assert again.last_order(anna.customer, cafe.place) == kept.order
    assert again.last_order(boris.customer, cafe.place) is None


def test_a_favourite_is_kept_once_whatever_the_order_of_its_options() -> None:
    _cafe, (anna,) = open_cafe(), guests(1)
    assert again.keep(anna.customer, "latte", ["size:l", "milk:oat"])
    assert not again.keep(anna.customer, "latte", ["milk:oat", "size:l"])
    assert [(row.product_code, row.options) for row in again.favourites_of(anna.customer)] == [
        ("latte", ["milk:oat", "size:l"])
    ]
    again.drop(anna.customer, "latte", ["size:l", "milk:oat"])
    assert again.favourites_of(anna.customer) == []
