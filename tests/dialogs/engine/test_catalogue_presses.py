"""catalogue: old and forged buttons, silence, words, and channels without buttons."""

from dataclasses import replace
from decimal import Decimal

import pytest

from content.menu.cart import Line
from content.menu.values import Menu
from dialogs.engine.effects import Say
from dialogs.engine.shop.cart_changes import Add, Clear, Describe, SetOptions, SetQuantity, applied
from dialogs.engine.shop.effects import ChangeCart, KeepReview
from dialogs.engine.shop.goods import OpenOrder, Spot
from tests.dialogs.engine.play import FACTS, MOSCOW, NOW
from tests.dialogs.engine.shop_play import LATTE, MENU, PIE, SHOP, TIMES, Guest, with_cart

LATTE_AS_IT_IS = ("latte", ("milk:cow", "size:m"), 1)


def without(code: str) -> Menu:
    """Return the menu after somebody took a product off it."""
    shelves = tuple(
        replace(shelf, products=tuple(item for item in shelf.products if item.code != code))
        for shelf in MENU.categories
    )
    return replace(MENU, categories=shelves)


# --- old and forged


@pytest.mark.parametrize(
    "data",
    [
        *(
            "menu:c:nothing",
            "menu:p:nothing",
            "menu:p",
            "menu:a:nothing",
            "menu:o:nothing:x",
            "menu:g:nothing:x",
            "menu:s:nothing",
        ),
        *("menu:w:nothing", "menu:w", "menu:e:x", "menu:fa", "menu:fk:x", "menu:pl:nothing", "menu:c"),
    ],
)
def test_what_is_not_there_leads_to_a_screen_and_changes_nothing(data: str) -> None:
    guest = with_cart().forges(data)
    assert guest.said and guest.lines == [LATTE_AS_IT_IS] and not guest.wants(ChangeCart)


@pytest.mark.parametrize(
    "data", ["menu:q:1", "menu:q:x:1", "menu:q:1:9999999999", "menu:zz", "menu:", "menu:oc:x", "menu:rv:1:9", "other:1"]
)
def test_what_never_was_a_button_is_an_old_one(data: str) -> None:
    guest = with_cart().forges(data)
    assert "кнопка" in guest.said.casefold() and guest.lines == [LATTE_AS_IT_IS]


def test_an_old_button_of_another_product_opens_that_product() -> None:
    guest = Guest().starts().presses("☕", "Латте")
    guest.forges("menu:o:raf-vanilla:size:l")
    assert guest.said.startswith("Раф ванильный") and "✅ 450 мл +50\u00a0₽" in guest.labels
    guest.forges("menu:a:latte")
    assert guest.said.startswith("Латте") and not guest.lines
    guest.forges("menu:g:raf-vanilla:size")
    assert guest.said.startswith("Раф ванильный")
    guest.forges("menu:g:raf-vanilla:nothing")
    assert guest.said.startswith("Раф ванильный")
    guest.forges("menu:g:raf-vanilla")
    assert guest.said.startswith("Раф ванильный")
    guest.forges("menu:o:raf-vanilla:size:xxl")
    assert "больше нет" in guest.said
    guest.forges("menu:o:raf-vanilla")
    assert guest.said.startswith("Раф ванильный")
    guest.forges("menu:s:latte")
    assert guest.said.startswith("Латте")


def test_the_menu_changed_while_the_guest_was_choosing() -> None:
    guest = Guest().starts().presses("☕", "Латте").knows(menu=without("latte"))
    guest.presses("450")
    assert "больше нет" in guest.said and "Что приготовить" in guest.said
    for product, screen in ((LATTE, "Молоко"), (PIE, "")):
        guest = (
            Guest().starts().presses("☕" if product is LATTE else "🥐", product.name, *([screen] if screen else []))
        )
        guest.knows(menu=without(product.code))
        assert "больше нет" in guest.hears_nothing().said
    guest = Guest().starts().presses("☕").knows(menu=replace(MENU, categories=MENU.categories[1:]))
    assert "больше нет" in guest.hears_nothing().said


def test_a_button_of_the_shop_works_from_elsewhere_and_after_the_end() -> None:
    guest = with_cart().alarm("timeout")
    assert guest.state.mode == "ended"
    guest.forges("menu:q:1:2")
    assert guest.state.mode == "talking" and guest.lines[0][2] == 2 and "2 × 220" in guest.said
    spots = (Spot("lesnaya", "А"), Spot("vokzal", "Б"))
    guest.forges("menu:go").knows(places=spots)
    assert guest.forges("menu:pl:vokzal").state.step == "pay"
    assert "кнопка" in guest.forges("menu:zz").said.casefold()
    assert guest.forges("menu:h").state.step == "menu"
    assert guest.forges("menu:go").forges("menu:go").state.step == "pay"


# --- waiting


def test_a_reminder_is_worth_a_word_only_with_something_in_the_cart() -> None:
    assert not Guest().starts().alarm("reminder:0").said
    guest = with_cart().alarm("reminder:0")
    assert guest.said.startswith("Кофе ждёт.\n\n🛒 Ваш заказ")
    busy = with_cart(orders=(OpenOrder(1, "1", "making", TIMES[0], Decimal(1)),))
    assert not busy.alarm("reminder:0").said


def test_later_is_heard_and_the_screen_comes_back() -> None:
    guest = with_cart().writes("потом", intents=("later",))
    assert "не тороплю" in guest.said
    assert "Что приготовить" in guest.alarm("later").said


def test_words_that_fit_nothing_are_answered_and_the_screen_stays() -> None:
    guest = Guest().starts().presses("☕").writes("абракадабра")
    assert guest.said.startswith("Не понял, что приготовить") and "☕ Кофе" in guest.said


def test_a_channel_without_buttons_gets_numbers_and_they_mean_what_was_shown() -> None:
    guest = Guest(facts=replace(FACTS, buttons=False)).starts()
    assert "1. ☕ Кофе" in guest.said
    guest.writes("1").writes("1")
    assert guest.said.startswith("Латте")
    guest.knows(menu=without("latte"))
    assert "больше нет" in guest.writes("1").said
    assert guest.writes("99").said


def test_a_button_is_known_by_its_words() -> None:
    assert "☕ Кофе" in Guest().starts().writes("кофе").said
    assert Guest().starts().presses("☕").writes("латте").said.startswith("Латте")
    assert "🥐 Выпечка" in Guest().starts().presses("☕").writes("хочу выпечку").said


def test_the_shop_is_told_apart_from_what_it_forgets() -> None:
    cart = applied(SHOP.cart, Add("latte", ("size:m",)))
    assert applied(cart, SetOptions(1, ("size:l",))).lines[0].options == ("size:l",)
    assert applied(cart, SetQuantity(1, 21)) == cart
    assert applied(cart, Describe(comment="а")).comment == "а" and not applied(cart, Clear()).lines


def test_the_review_is_kept_with_the_words_that_follow_the_stars() -> None:
    guest = Guest().starts().told("review", order=7, ticket="3")
    guest.presses("2 ⭐")
    assert guest.wants(KeepReview) == [KeepReview(7, 2)] and "что было не так" in guest.said
    guest.writes("остыл")
    assert guest.wants(KeepReview) == [KeepReview(7, 2, "остыл")] and "передал" in guest.said
    guest.forges("menu:rv:7:5")
    assert "добавьте пару слов" in guest.said
    guest.writes("спасибо", intents=("thanks",))
    assert not guest.wants(KeepReview)


def test_the_first_screen_offers_the_short_ways() -> None:
    last = (Line(1, "latte", ("milk:cow", "size:m")), Line(2, "croissant"))
    order = OpenOrder(1, "12", "making", NOW.astimezone(MOSCOW), Decimal(1))
    guest = Guest(replace(SHOP, last=last, favourites=last, orders=(order,))).starts()
    assert guest.labels[3:] == ["🔁 Повторить · Латте и ещё 1 · 370\u00a0₽", "⭐ Любимое", "Где мой заказ? · № 12"]
    one = Guest(replace(SHOP, last=last[:1])).starts()
    assert "🔁 Повторить · Латте · 220\u00a0₽" in one.labels
    assert "🔁 Повторить" in Guest(replace(SHOP, last=last)).starts().forges("menu:b").labels


def test_the_page_of_the_shop_is_one_button_where_the_channel_opens_pages() -> None:
    guest = Guest(replace(SHOP, page="https://shop.example/shop/1/")).starts()
    assert guest.keys[0].web_app == "https://shop.example/shop/1/" and guest.labels[0] == "🛍 Открыть витрину"


def test_words_before_the_first_screen_are_taken_as_an_order() -> None:
    guest = Guest().begins_with("два латте", "latte", quantity=2)
    assert guest.lines == [("latte", ("milk:cow", "size:m"), 2)] and "2 × Латте" in guest.said
    assert isinstance(guest.says[0], Say)
