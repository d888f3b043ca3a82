"""The coffee shop in the chat, through the real doors: from the first word to "готов", and what may come between."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.channels.telegram.adapter import TelegramAdapter
from content import menus
from content.models import Product
from crm import desk
from payments.models import LoyaltyProgram, Promo
from tests.journeys.coffee import KEYS, Guest, barista_does, cafe, ends, lena
from tests.journeys.house import House

__all__ = ["cafe", "lena"]  # the fixtures
pytestmark = pytest.mark.django_db(transaction=True)


def keyboard_of(guest: Guest) -> list[str]:
    return [key["text"] for row in guest.house.telegram.keyboard(guest.token, guest.user_id) for key in row]


def test_an_order_by_buttons_from_the_menu_to_ready(lena: Guest) -> None:
    lena.says("/start")
    assert "Это «Кофе рядом»" in lena.heard[0] and keyboard_of(lena) == KEYS
    assert "Что приготовить?" in lena.heard[-1] and "☕ Кофе" in lena.labels
    lena.taps("☕ Кофе", "Латте", "450 мл", "Молоко", "Овсяное")
    [*_, screen] = lena.house.telegram.said(lena.token, lena.user_id)
    assert screen.is_edited and screen.picture.endswith(".jpg?w=800"), "one screen, changed in place"
    lena.taps("В корзину")
    assert "✅ Добавил: Латте, 450 мл, Овсяное" in lena.heard[-1]
    lena.taps("🛒 Корзина", "➕")
    assert "2 × " in lena.heard[-1]
    lena.taps("➖", "✅ Оформить")
    assert "Имя: Лена" in lena.heard[-1] and "Оплата: на кассе" in lena.heard[-1]
    total = next(line for line in lena.heard[-1].splitlines() if line.startswith("Итого"))
    assert len(lena.heard) == 2, "the greeting and the screen: no flood"

    lena.taps("✅ Заказать")
    placed = lena.heard[-1]
    assert "Заказ № 1 принят" in placed and total.partition(": ")[2] in placed
    assert lena.goods() == [("Латте", 1)] and lena.ticket.name == "Лена"
    barista_does(lena, "accept")
    assert "Готовим заказ № 1" in lena.heard[-1]
    assert "уже готовим" in lena.says("где мой заказ?")
    barista_does(lena, "ready")
    assert "Заказ № 1 готов" in lena.heard[-1]
    lena.house.passes(minutes=11)
    assert "ждёт вас" in lena.heard[-1]
    barista_does(lena, "pick_up")
    assert "Приятного" in lena.heard[-1]
    lena.house.passes(minutes=31)
    assert "Как вам заказ № 1?" in lena.heard[-1]
    lena.taps("5 ⭐")
    lena.says("Очень вкусно")
    assert lena.orders[-1].review.stars == 5 and lena.orders[-1].review.text == "Очень вкусно"


def test_an_order_in_free_words(lena: Guest) -> None:
    lena.says("/start")
    heard = lena.says("латте большой на овсяном")
    assert "Добавил: Латте, 450 мл, Овсяное" in heard
    heard = lena.says("ещё один")
    assert "Добавил: Латте, 450 мл, Овсяное" in heard
    heard = lena.says("два капучино и круассан")
    assert "2 × Капучино" in heard and "Круассан" in heard
    assert "раф" in lena.says("раф").casefold() and "Уточните" in lena.heard[-1]
    lena.taps("Не нужно")
    assert "Убрал" in lena.says("уберите круассан")
    assert "Передам бариста: «без сахара»" in lena.says("капучино без сахара")
    heard = lena.says("оформляем")
    assert "Проверьте, пожалуйста, заказ" in heard
    heard = lena.says("да")
    assert "Заказ № 1 принят" in heard
    assert lena.goods()[0] == ("Латте", 2)
    assert lena.ticket.comment == "без сахара"


def test_repeat_in_one_tap_and_cancel_while_nobody_makes_it(lena: Guest) -> None:
    lena.orders_a_latte()
    assert "Отменить заказ № 1" in lena.says("отмените заказ")
    lena.taps("Да, отменить")
    assert "Заказ № 1 отменён" in lena.heard[-1] and lena.ticket.status == "canceled"

    lena.orders_a_latte()
    barista_does(lena, "accept")
    assert "отменить его отсюда нельзя" in lena.says("отмените заказ")
    barista_does(lena, "ready", "pick_up")
    heard = lena.says("🔁 Повторить заказ")
    assert "Проверьте, пожалуйста, заказ" in heard and "Латте" in heard
    lena.taps("✅ Заказать")
    assert "Заказ № 3 принят" in lena.heard[-1]
    assert "принят, будет" in lena.says("скоро мой заказ?")


def test_what_ended_at_the_checkout_is_told_and_asked(cafe: House, lena: Guest) -> None:
    lena.says("/start")
    lena.says("капучино и круассан")
    lena.says("оформить")
    ends("croissant")
    heard = lena.taps("✅ Заказать")
    assert "«Круассан» закончил" in heard and "Капучино" in heard and not lena.orders
    lena.taps("✅ Всё верно")
    assert "Заказ № 1 принят" in lena.heard[-1] and lena.goods() == [("Капучино", 1)]


def test_two_guests_want_the_last_croissant(cafe: House, lena: Guest) -> None:
    oleg = Guest(cafe, "Олег", user_id=902)
    ends("croissant", left=1)
    for guest in (lena, oleg):
        guest.says("/start")
        guest.says("один круассан и один чизкейк")
        guest.says("оформить")
    for guest in (lena, oleg):  # at the same instant: nothing is done between the two presses
        whole = next(label for label in guest.labels if label.startswith("✅ Заказать"))
        cafe.telegram.presses(guest.token, guest.user_id, None, whole)
    cafe.settle()
    happy, sad = sorted((lena, oleg), key=lambda guest: len(guest.orders), reverse=True)
    assert len(happy.orders) == 1 and not sad.orders
    assert "«Круассан» закончил" in sad.heard[-1] and "Чизкейк" in sad.heard[-1]
    sad.taps("✅ Всё верно")
    assert sad.goods() == [("Чизкейк", 1)]


def test_a_question_and_a_call_for_a_human_come_between_and_the_cart_stays(cafe: House, lena: Guest) -> None:
    lena.says("/start")
    lena.says("большой латте")
    lena.says("оформить")
    lena.says("во сколько закрываетесь?")
    assert any("21:00" in text for text in lena.heard[-2:])
    assert "Проверьте, пожалуйста, заказ" in lena.heard[-1]
    lena.says("позовите бариста")
    assert "Корзина никуда не денется" in lena.heard[-1]
    cafe.passes(minutes=1)
    return_to_the_bot(lena)
    assert "Проверьте, пожалуйста, заказ" in lena.heard[-1] and "Латте, 450 мл" in lena.heard[-1]
    lena.taps("✅ Заказать")
    assert "Заказ № 1 принят" in lena.heard[-1]


def return_to_the_bot(guest: Guest) -> None:
    """The human gives the dialogue back."""
    desk.give_back(guest.lead, by="Оля")
    guest.house.settle()


def test_an_order_for_later_takes_only_times_that_exist(cafe: House, lena: Guest) -> None:
    lena.says("/start")
    lena.says("два чизкейка")
    lena.taps("✅ Оформить", "🕒 Время", "Позже ›")
    lena.taps("‹ Раньше")
    chosen = [label for label in lena.labels if ":" in label][3]
    lena.taps(chosen)
    assert chosen in lena.heard[-1]
    lena.taps("💬 Комментарий")
    lena.says("без приборов")
    lena.taps("✅ Заказать")
    assert chosen in lena.heard[-1] and lena.ticket.comment == "без приборов"
    assert not lena.ticket.is_asap


def test_a_promo_code_takes_off_what_it_says(cafe: House, lena: Guest) -> None:
    Promo.objects.create(code="КОФЕ10", kind="percent", value=Decimal(10), scenario_key="coffee")
    lena.says("/start")
    lena.says("два чизкейка")
    lena.says("оформить")
    lena.taps("🎟 Промокод")
    assert "Промокода «НЕТ-ТАКОГО» нет" in lena.says("нет-такого")
    assert "Промокод КОФЕ10 принят" in lena.says("кофе10") and "Скидка по промокоду КОФЕ10" in lena.heard[-1]
    lena.taps("✅ Заказать")
    order = lena.orders[-1]
    full = sum(item.price * item.quantity for item in order.items.all())
    assert order.amount == full * Decimal("0.9")
    # The code was good once: said again it is not, and nothing is taken off in silence.
    lena.says("два чизкейка")
    lena.says("оформить")
    assert "уже не действует" in lena.says("промокод КОФЕ10")


def test_every_third_drink_is_free(cafe: House, lena: Guest) -> None:
    LoyaltyProgram.objects.create(kind="nth", every=3, scenario_key="coffee")
    for _ in range(2):
        lena.orders_a_latte()
        barista_does(lena, "accept", "ready", "pick_up")
    lena.says("/start")
    assert "в подарок" in lena.heard[-1]
    lena.taps("☕ Кофе", "Латте", "В корзину", "✅ Оформить", "🎁 Списать")
    assert "Итого: 0" in lena.heard[-1]
    lena.taps("✅ Заказать")
    assert "Заказ № 3 принят" in lena.heard[-1] and lena.orders[-1].amount == 0


def test_the_menu_changes_while_a_guest_chooses(cafe: House, lena: Guest) -> None:
    lena.says("/start")
    lena.taps("☕ Кофе", "Латте")
    Product.objects.filter(code="latte").update(price=Decimal(999))
    menus.forget()
    lena.taps("В корзину")
    assert "1\u00a0049" in lena.heard[-1], "the price of now is shown before anything is ordered"
    lena.taps("✅ Оформить")
    Product.objects.filter(code="latte").update(price=Decimal(111))
    menus.forget()
    heard = lena.taps("✅ Заказать")
    assert "кое-что изменилось" in heard and not lena.orders
    lena.taps("✅ Всё верно")
    assert lena.orders[-1].amount == Decimal(161)
    Product.objects.filter(code="latte").update(is_active=False)
    menus.forget()
    assert "больше нет" in lena.forges("menu:p:latte")


def test_old_and_forged_buttons_order_nothing(cafe: House, lena: Guest) -> None:
    lena.orders_a_latte()
    for data in (
        "checkout:ok",
        "checkout:t:209901010000",
        "menu:q:1:99",
        "menu:q:x:y",
        "menu:oc:999999",
        "menu:zz",
        "menu:a:nothing",
    ):
        assert lena.forges(data)
    assert len(lena.orders) == 1 and lena.ticket.status == "received"


def test_a_channel_without_buttons_is_answered_by_numbers_and_words(
    cafe: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    abilities = replace(TelegramAdapter.abilities, buttons=False, menu=False, contact_button=False)
    monkeypatch.setattr(TelegramAdapter, "abilities", abilities)
    guest = Guest(cafe, "Пётр", user_id=903)
    guest.says("/start")
    assert "1. ☕ Кофе" in guest.heard[-1]
    number = next(line.partition(".")[0] for line in guest.says("1").splitlines() if "Капучино" in line)
    assert "В корзину" in guest.says(number)
    assert "Добавил: Капучино" in guest.says("в корзину")
    assert "Проверьте, пожалуйста, заказ" in guest.says("1")
    assert "Заказ № 1 принят" in guest.says("1")
