"""The checkout in the chat: each part of an order; what is confirmed is what was seen; what has moved is told and asked."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from content.menu.changes import Change, Kind
from dialogs.engine.shop.cart_changes import Add
from dialogs.engine.shop.effects import ChangeCart, PlaceOrder
from dialogs.engine.shop.goods import Promo
from payments.shop.rewards import Offer, Program, Purse
from tests.dialogs.engine.play import FACTS, HOURS
from tests.dialogs.engine.shop_play import MENU, SHOP, TIMES, TODAY, Guest, named, with_cart

NAMELESS = replace(FACTS, variables={"business.name": "Кофе"})
TEN = Promo("КОФЕ10", Offer("КОФЕ10", "percent", Decimal(10)))
DEAR = Promo("МНОГО", Offer("МНОГО", "amount", Decimal(50), Decimal(1000)))


def paying(*changes: Add, **shop: object) -> Guest:
    """Return a guest at the checkout."""
    return with_cart(*changes, **shop).forges("menu:go")


def test_one_screen_says_it_all_and_one_press_orders_it() -> None:
    guest = paying()
    assert guest.said == (
        "Проверьте, пожалуйста, заказ\n\n1. Латте, 350 мл — 220\u00a0₽\n\nИтого: 220\u00a0₽\n\n"
        "📍 Кофе рядом, Лесная, 5\n"
        "🕒 Заберёте: как можно скорее, примерно в 12:12\n👤 Имя: Анна\n💳 Оплата: на кассе"
    )
    guest.presses("✅ Заказать")
    [order] = guest.wants(PlaceOrder)
    assert (order.place, order.way, order.pickup_at, order.spends) == ("lesnaya", "counter", None, False)
    assert order.expected["total"] == "220" and guest.cart.name == "Анна"
    assert "оформляю" in guest.said


def test_an_order_is_asked_for_once_however_often_it_is_pressed() -> None:
    guest = paying().presses("✅ Заказать")
    for data in ("pay:ok", "pay:t", "menu:h", "menu:q:1:5"):
        guest.forges(data)
        assert not guest.wants(PlaceOrder) and "оформляю" in guest.said
    assert "оформляю" in guest.writes("ну что там").said and guest.lines[0][2] == 1
    assert "оформляю" in guest.writes("меню").said
    assert "затянулось" in guest.alarm("slow").said
    assert "оформляю" in guest.writes("пока", intents=("thanks",)).said
    guest.hears_nothing()
    guest.state = replace(guest.state, step="menu")
    assert "оформляю" in guest.forges("menu:go").said
    guest.state = replace(guest.state, step="menu")
    assert "оформляю" in guest.writes("оформить").said
    assert not paying().alarm("slow").said


def test_the_checkout_without_a_cart_is_the_cart() -> None:
    guest = paying().knows(cart=SHOP.cart)
    assert "Корзина пуста" in guest.presses("✅ Заказать").said and guest.state.step == "menu"
    assert "кнопка" in guest.forges("pay:ok").said.casefold()


def test_an_old_confirmation_shows_the_order_instead_of_placing_it() -> None:
    guest = with_cart().forges("pay:ok")
    assert guest.state.step == "pay" and "Проверьте" in guest.said and not guest.wants(PlaceOrder)
    assert "кнопка" in with_cart().forges("pay:zz").said.casefold()
    assert "Когда заберёте" in with_cart().forges("pay:t").said
    assert "кнопка" in paying().forges("pay:zz").said.casefold()


def test_a_beginning_anew_does_not_order_twice() -> None:
    guest = paying().presses("✅ Заказать").starts().forges("menu:go")
    assert "оформляю" in guest.said
    guest.forges("pay:ok")
    assert not guest.wants(PlaceOrder)


def test_what_was_not_seen_is_not_ordered() -> None:
    guest = paying().presses("🕒").forges("pay:ok")
    assert "Проверьте" in guest.said and not guest.wants(PlaceOrder)


def test_a_cart_emptied_elsewhere_meanwhile_is_the_empty_cart() -> None:
    guest = paying().writes("человека", intents=("asks_person",)).knows(cart=SHOP.cart).returned()
    assert "Корзина пуста" in guest.said and guest.state.step == "menu"


def test_without_a_shop_nothing_is_ordered() -> None:
    guest = paying().hears_nothing()
    guest.shop = None
    assert "не открывается" in guest.forges("pay:ok").said
    assert "не открывается" in guest.writes("да", intents=("affirm",)).said
    guest.told("placed", order=1, ticket="1", ready_at=TODAY)
    assert "№ 1 принят" in guest.said and "в 12:00" in guest.said
    guest.told("moved")
    assert not guest.said


# --- the time


def test_a_time_is_chosen_among_those_that_exist() -> None:
    guest = paying().presses("🕒")
    assert guest.labels[:4] == ["Как можно скорее", "12:20", "12:30", "12:40"] and "Позже ›" in guest.labels
    guest.presses("Позже", "‹ Раньше", "12:40")
    assert "Заберёте: в 12:40" in guest.said
    guest.presses("✅ Заказать")
    assert guest.wants(PlaceOrder)[0].pickup_at == TIMES[2]
    assert "как можно скорее" in paying().presses("🕒", "12:40", "🕒", "Как можно").said


@pytest.mark.parametrize("data", ["pay:t:209901010000", "pay:t:x"])
def test_a_time_that_has_gone_is_asked_anew(data: str) -> None:
    assert "Это время уже заняли" in paying().forges(data).said


def test_a_forged_page_of_times_is_an_old_button() -> None:
    assert "кнопка" in paying().forges("pay:tp:x").said.casefold()
    assert "Когда заберёте" in paying().forges("pay:tp:999").said


def test_a_chosen_time_that_fills_up_is_told_and_asked() -> None:
    guest = paying().presses("🕒", "12:40").knows(times=TIMES[5:])
    guest.presses("✅ Заказать")
    assert "на это время заказов уже слишком много" in guest.said and "13:10" in guest.labels
    assert not guest.wants(PlaceOrder)


def test_without_any_time_nothing_is_promised() -> None:
    guest = paying(soonest=None, times=())
    assert "время не выбрано" in guest.said
    guest.presses("✅ Заказать")
    assert "свободного времени нет" in guest.said and not guest.wants(PlaceOrder)
    assert "Когда заберёте" in paying(soonest=None).presses("✅ Заказать").said
    assert "Когда заберёте" in paying(soonest=None).writes("как можно скорее").said


@pytest.mark.parametrize(
    ("words", "found", "says"),
    [
        ("к 12:40", {"time": dt.time(12, 40)}, "Заберёте: в 12:40"),
        ("в 12:43", {"time": dt.time(12, 43)}, "Ровно в 12:43 не получится"),
        ("в 23:30", {"time": dt.time(23, 30)}, "Забрать в 23:30 не получится"),
        ("через полчаса", {}, "Заберёте: в 12:30"),
        ("как можно скорее", {}, "как можно скорее"),
        ("завтра в 9", {"time": dt.time(9), "date": dt.date(2026, 3, 3)}, "завтра в 9:00"),
    ],
)
def test_a_time_may_be_written(words: str, found: dict[str, Any], says: str) -> None:
    assert says in paying().writes(words, **found).said


# --- name, comment, code, way, loyalty


def test_a_name_is_asked_where_none_is_known() -> None:
    guest = with_cart()
    guest.facts = NAMELESS
    guest.forges("menu:go")
    assert "На какое имя" in guest.said
    assert "слишком длинным" in guest.writes("я" * 61).said
    guest.writes("Пётр", name="Пётр")
    assert "Имя: Пётр" in guest.said and guest.cart.name == "Пётр"
    assert guest.presses("👤").labels[0] == "Пётр"
    assert "Проверьте" in guest.presses("Пётр").said


def test_a_name_is_asked_before_ordering_when_it_went_missing() -> None:
    guest = paying()
    guest.facts = NAMELESS
    assert "На какое имя" in guest.presses("✅ Заказать").said and not guest.wants(PlaceOrder)


def test_a_comment_is_passed_on() -> None:
    guest = paying().presses("💬")
    assert "сократите" in guest.writes("а" * 301).said
    guest.writes("меню не нужно")
    assert guest.cart.comment == "меню не нужно" and "💬 меню не нужно" in guest.said
    assert guest.presses("💬").writes("нет").cart.comment == ""
    guest.presses("💬").writes("погорячее").presses("💬")
    assert "Сейчас записано: «погорячее»" in guest.said
    guest.presses("Без комментария")
    assert guest.cart.comment == ""
    assert "Проверьте" in guest.presses("💬", "‹ Назад").said


def test_a_question_amid_a_comment_is_answered_and_asked_again() -> None:
    guest = paying().presses("💬").writes("во сколько закрываетесь?", faq=(HOURS,), intents=("faq",))
    assert "Работаем" in guest.said and "Напишите, что передать" in guest.said and not guest.cart.comment


def test_empty_words_answer_nothing() -> None:
    assert "передать" in paying().presses("💬").writes(" ", intents=("empty",)).said
    assert "имя" in paying().presses("👤").writes(" ", intents=("empty",)).said


def test_a_code_takes_off_what_it_says() -> None:
    guest = paying().presses("🎟").knows(tried=Promo("НЕТ", None, "unknown")).writes("нет")
    assert "Промокода «НЕТ» нет" in guest.said
    assert "уже не действует" in guest.knows(tried=Promo("СТАРЫЙ", None, "over")).writes("старый").said
    guest.knows(tried=TEN).writes("кофе10")
    assert "принят" in guest.said and "−22" in guest.said and "Итого: 198" in guest.said
    guest.knows(promo=TEN, tried=Promo()).presses("Убрать промокод")
    assert guest.cart.promo == "" and "Итого: 220" in guest.said
    assert "на заказ от 1\u00a0000" in guest.knows(tried=DEAR).writes("промокод МНОГО").said


def test_a_way_of_payment_is_chosen() -> None:
    guest = paying(ways=("counter", "telegram", "yookassa")).presses("💳", "картой в Telegram")
    assert "Оплата: картой в Telegram" in guest.said
    assert "картой онлайн" in guest.writes("сбп").said
    guest.knows(ways=("counter",))
    assert "Так сейчас заплатить нельзя" in guest.forges("pay:w:telegram").said
    assert "Как вам удобнее" in guest.forges("pay:w").said
    assert "на кассе" in guest.writes("на кассе").said
    assert guest.presses("✅ Заказать").wants(PlaceOrder)[0].way == "counter"


def test_what_was_saved_up_is_spent_and_kept() -> None:
    stamps = Purse(Program("nth", every=3), 2)
    guest = paying(purse=stamps).presses("🎁 Списать")
    assert "Напиток в подарок: −220" in guest.said and "Итого: 0" in guest.said
    assert "Итого: 220" in guest.presses("🎁 Не списывать").said
    points = paying(purse=Purse(Program("points", max_share=50), 100)).presses("🎁 Списать")
    assert "Списано баллов: 100" in points.said and "Итого: 120" in points.said


# --- free words


def test_yes_orders_and_other_words_are_asked_again() -> None:
    assert paying().writes("да", intents=("affirm",)).wants(PlaceOrder)
    assert paying().writes("заказать").wants(PlaceOrder)
    guest = paying().writes("не знаю", intents=("affirm", "deny"))
    assert not guest.wants(PlaceOrder) and "Не понял" in guest.said
    assert "не тороплю" in paying().writes("потом", intents=("later",)).said
    assert "Проверьте" in paying().alarm("later").said


def test_a_name_and_a_time_are_heard_at_any_moment() -> None:
    guest = paying().writes("меня зовут Георгий", intents=("gives_name",), name="Георгий")
    assert "Имя: Георгий" in guest.said
    assert "Заберёте: в 13:00" in guest.writes("через час", intents=("later",)).said


def test_one_thing_more_is_added_on_the_way() -> None:
    guest = paying().writes("и круассан", named("croissant", quantity=1))
    assert "Добавил: Круассан" in guest.said and "Итого: 370" in guest.said and guest.state.step == "pay"
    guest.writes("и раф", named("raf-vanilla", "raf-citrus", words="раф"))
    assert guest.state.step == "menu" and "Уточните" in guest.said


def test_a_button_of_the_cart_is_known_by_its_words() -> None:
    assert "🛒 Ваш заказ" in paying().writes("корзина").said
    guest = paying().knows(cart=SHOP.cart)
    assert "Корзина пуста" in guest.writes("🛒 корзина!").said


def test_numbers_where_there_are_no_buttons() -> None:
    guest = with_cart()
    guest.facts = replace(FACTS, buttons=False)
    guest.forges("menu:go")
    numbers = {line.partition(". ")[2]: line.partition(".")[0] for line in guest.said.splitlines() if ". " in line}
    guest.writes(numbers["🛒 Корзина"])
    assert "🛒 Ваш заказ" in guest.said and guest.state.step == "menu"


# --- what has moved


def test_a_price_that_moved_is_told_and_asked() -> None:
    dearer = tuple(
        replace(shelf, products=tuple(replace(item, price=item.price + 30) for item in shelf.products))
        for shelf in MENU.categories
    )
    guest = paying().knows(menu=replace(MENU, categories=dearer)).presses("✅ Заказать")
    assert "«Латте» теперь стоит 250\u00a0₽ вместо 220\u00a0₽" in guest.said and not guest.wants(PlaceOrder)
    assert guest.labels[0] == "✅ Всё верно, заказать · 250\u00a0₽"
    assert guest.presses("✅ Всё верно").wants(PlaceOrder)[0].expected["total"] == "250"


def test_a_paused_shop_takes_no_order() -> None:
    guest = paying().knows(menu=replace(MENU, is_paused=True, pause_reason="")).presses("✅ Заказать")
    assert "не принимаем" in guest.said and not guest.wants(PlaceOrder)


def placing(*changes: Add, **shop: object) -> Guest:
    """Return a guest whose order is being placed."""
    return paying(*changes, **shop).presses("✅ Заказать")


def moved(guest: Guest, *changes: Change) -> Guest:
    return guest.told("moved", key=guest.state.shop.placing, changes=changes)


LATTE_AND_MORE = (Add("latte", ("milk:cow", "size:m")), Add("croissant", quantity=2))


def test_what_ended_is_taken_out_and_the_rest_is_asked_about() -> None:
    guest = moved(placing(*LATTE_AND_MORE), Change(Kind.PRODUCT_GONE, 2, {"product": "Круассан"}))
    assert "• «Круассан» закончилось" in guest.said and "Итого: 220" in guest.said
    assert guest.lines == [("latte", ("milk:cow", "size:m"), 1)]
    assert guest.presses("✅ Всё верно").wants(PlaceOrder)


@pytest.mark.parametrize(("left", "lines"), [("1", 2), ("0", 1), ("x", 1)])
def test_too_few_are_left(left: str, lines: int) -> None:
    guest = moved(placing(*LATTE_AND_MORE), Change(Kind.TOO_FEW_LEFT, 2, {"product": "Круассан", "left": left}))
    assert len(guest.lines) == lines and "Круассан" in guest.said


@pytest.mark.parametrize(
    "change",
    [
        Change(Kind.OPTION_GONE, 1, {"product": "Латте", "option": "коровье", "code": "milk:cow"}),
        Change(Kind.TOO_FEW_LEFT, 1, {"product": "Латте", "option": "коровье", "left": "0"}),
        Change(Kind.GROUP_MISSING, 1, {"product": "Латте", "group": "Молоко"}),
    ],
)
def test_nobody_gets_another_milk_in_silence(change: Change) -> None:
    guest = moved(placing(), change)
    assert "Латте" in guest.said and "🛒 Ваш заказ" in guest.said and guest.state.step == "menu"
    assert guest.lines == [("latte", ("milk:cow", "size:m"), 1)] and not guest.wants(ChangeCart)


def test_nothing_is_left_of_the_order() -> None:
    guest = moved(placing(), Change(Kind.NOT_NOW, 1, {"product": "Латте", "hours": "08:00–12:00"}))
    assert "готовим только 08:00–12:00" in guest.said and "Заказать уже нечего" in guest.said
    assert not guest.lines and guest.state.step == "menu"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(Kind.SLOT_FULL, None, {"pickup_at": TIMES[0].isoformat()}), "слишком много"),
        (Change(Kind.PLACE_CLOSED, None, {"opens_at": "nonsense"}), "мы закрыты"),
        (Change(Kind.PLACE_PAUSED, None, {"reason": "", "until": ""}), "временно не принимаем"),
        (Change(Kind.PROMO_OVER, None, {"promo": "КОФЕ10", "reason": "over"}), "промокод КОФЕ10 больше не действует"),
        (Change(Kind.LOYALTY_CHANGED, None, {"was": "220", "now": "x"}), "бонусов стало меньше"),
        (
            Change(Kind.PRICE_CHANGED, None, {"product": "", "was": "220", "now": "300"}),
            "сумма теперь 300\u00a0₽ вместо 220\u00a0₽",
        ),
        (Change(Kind.PRODUCT_GONE, 99, {"product": "Кекс"}), "«Кекс» закончилось"),
    ],
)
def test_whatever_moved_is_told_in_words(change: Change, words: str) -> None:
    guest = moved(placing(), change)
    assert words in guest.said and not guest.state.shop.placing and not guest.wants(PlaceOrder)


def test_a_code_that_is_over_is_taken_off() -> None:
    guest = paying().knows(tried=TEN).writes("промокод КОФЕ10").knows(promo=TEN).presses("✅ Заказать")
    assert moved(guest, Change(Kind.PROMO_OVER, None, {"promo": "КОФЕ10"})).cart.promo == ""


def test_news_of_an_earlier_wish_are_not_told() -> None:
    guest = placing().told("moved", key="another", changes=(Change(Kind.PLACE_PAUSED),))
    assert not guest.said and guest.state.shop.placing


def test_what_moved_while_a_human_spoke_is_told_when_they_have_gone() -> None:
    guest = placing()
    key = guest.state.shop.placing
    guest.writes("позовите человека", intents=("asks_person",))
    assert guest.state.mode == "handed_over"
    assert not guest.told("moved", key=key, changes=(Change(Kind.PRODUCT_GONE, 9, {"product": "Кекс"}),)).said
    assert "«Кекс» закончилось" in guest.returned().said and guest.state.step == "pay"


def test_a_human_comes_between_and_the_checkout_comes_back() -> None:
    guest = paying().presses("🕒", "12:40").writes("человека", intents=("asks_person",)).returned()
    assert guest.state.step == "pay" and "Заберёте: в 12:40" in guest.said
    guest = with_cart().presses("🛒").writes("человека", intents=("asks_person",)).returned()
    assert guest.state.step == "menu" and "🛒 Ваш заказ" in guest.said
