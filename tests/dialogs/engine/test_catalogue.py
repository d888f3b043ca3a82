"""The menu in the chat: what a guest sees and presses, old and forged buttons, the cart."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from content.menu.cart import Line
from content.menu.values import Menu
from dialogs.engine.effects import MAX_DATA_BYTES, Say
from dialogs.engine.shop.cart_changes import Add, Clear, Describe, SetOptions, SetQuantity, applied
from dialogs.engine.shop.effects import ChangeCart, KeepFavourite, KeepReview
from dialogs.engine.shop.goods import OpenOrder, Spot
from payments.shop.rewards import Program, Purse
from tests.dialogs.engine.play import FACTS, MOSCOW, NOW
from tests.dialogs.engine.shop_play import CROISSANT, LATTE, LONG, MENU, PIE, SHOP, TIMES, TODAY, Guest, with_cart

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
