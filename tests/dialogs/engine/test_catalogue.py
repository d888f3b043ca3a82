"""catalogue: the shelves, a product put together, the cart, favourites and places."""

import datetime as dt
from dataclasses import replace

import pytest

from content.menu.cart import Line
from content.menu.values import Menu
from dialogs.engine.effects import MAX_DATA_BYTES
from dialogs.engine.shop.cart_changes import Add
from dialogs.engine.shop.effects import KeepFavourite
from dialogs.engine.shop.goods import Spot
from payments.shop.rewards import Program, Purse
from tests.dialogs.engine.shop_play import CROISSANT, LONG, MENU, SHOP, TODAY, Guest, with_cart

LATTE_AS_IT_IS = ("latte", ("milk:cow", "size:m"), 1)
VISIT = ("☕", "Латте", "В корзину")


def without(code: str) -> Menu:
    """Return the menu after somebody took a product off it."""
    shelves = tuple(
        replace(shelf, products=tuple(item for item in shelf.products if item.code != code))
        for shelf in MENU.categories
    )
    return replace(MENU, categories=shelves)


# --- looking


def test_a_plain_latte_takes_three_taps() -> None:
    guest = Guest().starts().presses(*VISIT)
    assert guest.lines == [LATTE_AS_IT_IS]
    assert guest.said == "✅ Добавил: Латте, 350 мл — 220\u00a0₽.\n\nВ корзине 1 позиция на 220\u00a0₽."


def test_every_answer_is_one_screen_that_takes_the_place_of_the_last() -> None:
    guest = Guest().starts().presses("☕", "Латте")
    assert [say.is_screen for say in guest.says] == [True] * 3
    assert guest.says[-1].picture == f"/shop/photo/{'a' * 64}.jpg?w=800"


def test_what_cannot_be_had_is_shown_and_says_why() -> None:
    guest = Guest().starts().presses("🥐")
    assert "✖️ Омлет — 08:00–12:00" in guest.labels and "Круассан · 150\u00a0₽ (осталось 2)" in guest.labels
    assert "Пирожок · от 90\u00a0₽" in guest.labels
    guest.presses("✖️ Омлет")
    assert "«Омлет» сейчас заказать нельзя: 08:00–12:00" in guest.said and "Круассан" in str(guest.labels)
    ended = replace(CROISSANT, is_available=False, why_not="ended")
    shelves = tuple(replace(shelf, products=(ended,)) for shelf in MENU.categories)
    assert (
        "✖️ Круассан — закончилось"
        in Guest(replace(SHOP, menu=replace(MENU, categories=shelves))).starts().presses("🥐").labels
    )


def test_an_empty_shelf_says_so() -> None:
    assert "ничего нет" in Guest().starts().presses("🍵").said


@pytest.mark.parametrize(
    ("menu", "words"),
    [
        (replace(MENU, is_open=False), "Сейчас мы закрыты. Можно собрать заказ заранее: ближайшее время — в 12:12."),
        (replace(MENU, is_paused=True), "Сейчас заказы временно не принимаем. Меню"),
        (
            replace(MENU, is_paused=True, paused_until=TODAY + dt.timedelta(hours=1), pause_reason="меняем фильтр"),
            "не принимаем до 13:00: меняем фильтр.",
        ),
    ],
)
def test_a_closed_or_paused_shop_says_so_first(menu: Menu, words: str) -> None:
    assert words in Guest(replace(SHOP, menu=menu)).starts().said


def test_a_closed_shop_that_does_not_open_again_shows_its_menu_all_the_same() -> None:
    shop = replace(SHOP, menu=replace(MENU, is_open=False), soonest=None, times=())
    assert "Сейчас мы закрыты" in Guest(shop).starts().said


def test_without_a_shop_the_step_says_so_and_hears_nothing() -> None:
    guest = Guest(shop=None).starts()
    assert "Меню сейчас не открывается" in guest.said
    assert "не действует" in guest.forges("menu:h").said
    assert "не открывается" in guest.writes("латте").said
    guest.forges("pay:ok")
    assert guest.state.step == "menu"
    assert "кнопка" in guest.alarm("timeout").forges("menu:h").said.casefold()
    assert not Guest(shop=None).starts().alarm("reminder:0").said


def test_loyalty_is_told_on_the_first_screen() -> None:
    stamps = Program("nth", every=6)
    assert "осталось: 3" in Guest(replace(SHOP, purse=Purse(stamps, 2))).starts().said
    assert "в подарок" in Guest(replace(SHOP, purse=Purse(stamps, 5))).starts().said
    assert "баллов: 40" in Guest(replace(SHOP, purse=Purse(Program("points"), 40))).starts().said
    assert "баллов" not in Guest(replace(SHOP, purse=Purse(Program("points")))).starts().said


def test_no_button_outgrows_its_64_bytes() -> None:
    guest = Guest(replace(SHOP, places=(Spot("lesnaya", "А"), Spot("x" * 60, "Б")))).starts().presses("🥐")
    seen = list(guest.keys)
    guest.presses("Тарт")
    seen += guest.keys
    assert all(len(key.data.encode()) <= MAX_DATA_BYTES for key in seen)
    guest.presses("В корзину")
    assert guest.lines == [(LONG.code, (), 1)]


# --- putting together


def test_options_are_chosen_and_given_up() -> None:
    guest = Guest().starts().presses("☕", "Латте", "450", "Молоко", "овсяное", "Сироп", "ваниль", "карамель")
    assert "✅ ваниль +40\u00a0₽" in guest.labels
    guest.presses("фундук")
    assert "Больше 2 здесь не выбрать" in guest.said
    guest.presses("✅ карамель", "Готово", "В корзину")
    assert guest.lines == [("latte", ("milk:oat", "size:l", "syrup:vanilla"), 1)]


def test_an_option_that_has_ended_cannot_be_chosen() -> None:
    guest = Guest().starts().presses("☕", "Латте", "Молоко", "✖️ кокосовое")
    assert "«кокосовое» сейчас нет" in guest.said


def test_a_choice_that_must_be_made_is_asked_before_the_cart() -> None:
    guest = Guest().starts().presses("🥐", "Пирожок")
    assert "Сначала выберите: Подача" in guest.said
    guest.presses("В корзину")
    assert "Подача: что выберете?" in guest.said and not guest.lines
    guest.presses("холодным", "В корзину")
    assert guest.lines == [("pie", ("heat:cold",), 1)]


def test_back_leads_where_one_came_from() -> None:
    guest = Guest().starts().presses("☕", "Латте", "Молоко", "‹ Назад")
    assert guest.said.startswith("Латте\n350 мл")
    assert guest.presses("‹ Назад").said.startswith("☕ Кофе")
    assert "Что приготовить" in guest.presses("📋").said


# --- the cart


def test_plus_and_minus_carry_the_number_they_mean() -> None:
    guest = with_cart().presses("🛒", "➕")
    assert guest.lines[0][2] == 2 and "2 × 220" in guest.said
    guest.forges("menu:q:1:2")
    assert guest.lines[0][2] == 2, "pressed twice it does no more than once"
    guest.presses("➖", "➖")
    assert not guest.lines and "Корзина пуста" in guest.said


def test_more_than_the_limit_is_refused_in_words() -> None:
    assert "Больше 20 одинаковых" in with_cart().forges("menu:q:1:21").said


def test_a_line_is_changed_and_saved() -> None:
    guest = with_cart().presses("🛒", "Латте ×", "450", "Сохранить")
    assert guest.lines == [("latte", ("milk:cow", "size:l"), 1)] and "Поправил: Латте, 450 мл" in guest.said


def test_two_lines_made_in_one_way_become_one() -> None:
    guest = with_cart(Add("latte", ("milk:cow", "size:m")), Add("latte", ("milk:oat", "size:m"))).presses("🛒")
    guest.forges("menu:e:2").presses("Молоко", "коровье", "Сохранить")
    assert guest.lines == [("latte", ("milk:cow", "size:m"), 2)]


def test_what_was_just_added_may_be_gone_already() -> None:
    guest = Guest().starts().presses(*VISIT).knows(cart=SHOP.cart).hears_nothing()
    assert "В корзине 0 позиций" in guest.said


def test_a_line_that_went_meanwhile_is_not_changed() -> None:
    guest = with_cart().presses("🛒", "Латте ×")
    guest.knows(cart=SHOP.cart)
    assert "В корзине этого нет" in guest.presses("Сохранить").said
    assert "В корзине этого нет" in guest.forges("menu:e:1").said
    assert "В корзине этого нет" in guest.forges("menu:fk:7").said
    assert "В корзине этого нет" in guest.forges("menu:q:1:2").said


def test_a_line_whose_product_has_gone_is_in_trouble_and_cannot_be_edited() -> None:
    guest = with_cart(Add("latte", ("milk:cow", "size:m")), Add("croissant")).knows(menu=without("latte"))
    guest.forges("menu:b")
    assert "⚠️ «latte» закончилось" in guest.said and "Итого: 150" in guest.said
    assert "больше нет" in guest.forges("menu:e:1").said


def test_the_cart_is_emptied_after_a_question() -> None:
    guest = with_cart().presses("🛒", "🗑")
    assert "Убрать из корзины всё?" in guest.said
    assert guest.presses("Нет").lines == [LATTE_AS_IT_IS]
    assert not guest.presses("🗑", "Да").lines
    assert "Корзина пуста" in guest.forges("menu:x").said


def test_the_last_pieces_are_not_promised_twice() -> None:
    guest = with_cart(Add("croissant", quantity=2)).presses("🥐", "Круассан", "В корзину")
    assert "осталось только 2" in guest.said and guest.lines == [("croissant", (), 2)]


def test_a_full_cart_and_a_full_line_say_so() -> None:
    full = with_cart(Add("latte", ("milk:cow", "size:m"), 20)).presses(*VISIT)
    assert "Больше 20 одинаковых" in full.said
    lines = [Add(f"thing-{number}") for number in range(30)]
    assert "больше 30 разных позиций" in with_cart(*lines).presses(*VISIT).said


def test_a_full_cart_leads_to_the_checkout_and_an_empty_one_does_not() -> None:
    assert with_cart().forges("menu:go").state.step == "pay"
    assert "Корзина пуста" in Guest().starts().forges("menu:go").said


# --- favourites, places


def test_a_favourite_is_kept_with_its_options_and_let_go() -> None:
    guest = Guest().starts().presses(*VISIT, "⭐")
    assert guest.wants(KeepFavourite) == [KeepFavourite("latte", ("milk:cow", "size:m"))]
    assert "Убрать из любимого" in guest.labels and "Запомнил: Латте" in guest.said
    guest.knows(favourites=(Line(1, "latte", ("milk:cow", "size:m")),))
    guest.presses("Убрать из любимого")
    assert guest.wants(KeepFavourite)[0].is_kept is False and "⭐ В любимое" in guest.labels


def test_a_favourite_goes_into_the_cart_with_one_press() -> None:
    loved = (Line(1, "latte", ("milk:oat", "size:l")), Line(2, "gone"), Line(3, "latte", ("milk:coconut", "size:m")))
    guest = Guest(replace(SHOP, favourites=loved)).starts().presses("⭐ Любимое", "Латте, 450 мл, овсяное")
    assert guest.lines == [("latte", ("milk:oat", "size:l"), 1)]
    assert (
        "больше нет"
        in guest.presses("⭐ Любимое" if "⭐ Любимое" in guest.labels else "🛒").forges("menu:fa:nothing").said
    )
    guest.forges("menu:f").presses("✖️ Латте, 350 мл, кокосовое")
    assert guest.said.startswith("Латте"), "an option has ended: it is opened to be made in another way"
    guest.forges("menu:f").presses("✖️ gone")
    assert "больше нет" in guest.said


def test_no_favourites_and_no_more_room_for_one() -> None:
    assert "Пока пусто" in Guest().starts().forges("menu:f").said
    loved = (Line(1, "latte", ("milk:cow", "size:m")),)
    guest = with_cart(Add("latte", ("milk:cow", "size:m"), 20), favourites=loved)
    assert "Больше 20 одинаковых" in guest.forges("menu:f").presses("Латте, 350").said


def test_a_favourite_that_is_no_longer_in_the_cart_is_told_in_its_place() -> None:
    guest = with_cart(Add("latte", ("milk:cow", "size:m")), Add("croissant")).presses("🛒")
    guest.forges("menu:fk:1")
    assert guest.said.startswith("⭐ Запомнил") and "🛒 Ваш заказ" in guest.said


def test_one_of_several_places_is_chosen() -> None:
    spots = (Spot("lesnaya", "Лесная", "д. 5"), Spot("vokzal", "Вокзал"))
    guest = Guest(replace(SHOP, places=spots)).starts().presses("📍")
    assert guest.labels[:2] == ["📍 Лесная, д. 5", "📍 Вокзал"]
    guest.presses("📍 Вокзал")
    assert guest.state.values["place"] == "vokzal" and "готовим в «Вокзал»" in guest.said
    assert "Что приготовить" in guest.forges("menu:pl:lesnaya").said
    assert "Что приготовить" in Guest().starts().forges("menu:pl").said
