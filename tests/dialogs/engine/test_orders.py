"""What becomes of an order: its news, how it stands, canceling and repeating it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from content.menu.cart import Line
from dialogs.engine.script import load
from dialogs.engine.shop.effects import CancelOrder, ChangeCart
from dialogs.engine.shop.goods import OpenOrder
from dialogs.engine.state import State
from dialogs.engine.validation import check
from tests.dialogs.engine.shop_play import SCRIPT, SHOP, TIMES, Guest, with_cart

NEWS: dict[str, Any] = {
    "order": 5, "ticket": "12", "status": "received", "way": "counter", "place": "Кофе рядом, Лесная, 5",
    "ready_at": TIMES[0], "amount": "220 ₽", "to_pay": "220 ₽", "can_cancel": True,
}  # fmt: skip
OPEN = OpenOrder(5, "12", "received", TIMES[0], Decimal(220), "Кофе рядом", can_cancel=True)


def placed() -> Guest:
    guest = with_cart().forges("menu:go").presses("✅ Заказать")
    return guest.told("placed", key=guest.state.shop.placing, **NEWS).knows(cart=SHOP.cart)


# --- news


def test_an_order_that_stands_is_told_and_the_next_one_begins_anew() -> None:
    guest = placed()
    assert "Заказ № 12 принят!\nБудет готов в 12:20. Кофе рядом, Лесная, 5\nК оплате на кассе: 220" in guest.said
    assert guest.labels == ["Отменить заказ"] and guest.state.step == "menu"
    assert (guest.state.shop.placing, guest.state.shop.is_paying, guest.state.shop.seen) == ("", False, {})
    assert "Что приготовить" in guest.forges("menu:h").said


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("paid", "Оплата получена. Заказ № 12"), ("making", "Готовим заказ № 12"), ("ready", "№ 12 готов"),
        ("waiting", "ждёт вас"),
        ("picked_up", "Приятного"), ("canceled", "отменён"), ("expired", "не был оплачен"), ("delayed", "задержится"),
        ("refunded", "Вернули оплату"), ("review", "Как вам заказ"), ("failed", "Не получилось"),
        ("cancel_late", "уже готовим"),
    ],
)  # fmt: skip
def test_each_news_is_told_wherever_the_dialogue_stands(what: str, words: str) -> None:
    for guest in (placed(), placed().forges("menu:p:latte"), placed().alarm("timeout"), with_cart().forges("menu:go")):
        before = guest.state.step
        assert words in guest.told(what, **NEWS).said and guest.state.step == before
    human = placed().writes("человека", intents=("asks_person",)).told(what, **NEWS)
    assert words in human.said and human.says[-1].beside_human


def test_a_held_order_says_that_it_waits_for_money() -> None:
    assert "ждёт оплаты" in placed().told("placed", **{**NEWS, "status": "held", "to_pay": ""}).said


def test_news_nobody_must_hear_are_silent_and_news_before_the_first_word_are_told() -> None:
    assert not placed().told("promo", **NEWS).said
    first = Guest().told("ready", **NEWS)
    assert "№ 12 готов" in first.said, "ordered on the page of the shop: the chat has not begun yet"
    assert "Что приготовить" in first.starts().said
    guest = placed()
    guest.facts = replace(guest.facts, buttons=False)
    guest.told("placed", **NEWS)
    assert guest.says[-1].keys == ()
    guest.shop = None
    assert "в 12:20" in guest.told("ready", **NEWS).said or "готов" in guest.said


def test_news_reach_a_script_without_a_shop() -> None:
    guest = Guest()
    guest.script = load(
        {"key": "x", "steps": {"hello": {"kind": "say", "text": "а", "next": "end"}, "end": {"kind": "end"}}}
    )
    guest.starts()
    assert "№ 12 готов" in guest.told("ready", **NEWS).said
    assert not guest.told("moved", **NEWS).said
    assert "Вы" not in guest.writes("где мой заказ?").said
    guest.forges("menu:r")
    assert guest.state.mode == "ended"


def test_a_failed_order_may_be_tried_again() -> None:
    guest = with_cart().forges("menu:go").presses("✅ Заказать").told("failed", **NEWS)
    assert "Корзина цела" in guest.said and not guest.state.shop.placing and guest.state.shop.is_paying


# --- how it stands, cancel


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("held", "ждёт оплаты"),
        ("received", "принят, будет в 12:20"),
        ("making", "уже готовим"),
        ("ready", "готов и ждёт"),
        ("?", "принят"),
    ],
)
def test_how_an_order_stands_is_answered_at_any_step(status: str, words: str) -> None:
    guest = placed().knows(orders=(replace(OPEN, status=status),)).writes("где мой заказ?")
    assert words in guest.said
    assert "Отменить заказ" in guest.labels
    late = placed().knows(orders=(replace(OPEN, can_cancel=False),)).forges("menu:os")
    assert "№ 12" in late.said and not late.says[-1].keys
    assert "нет заказов" in placed().writes("где мой заказ?").said


def test_an_order_is_canceled_after_a_question() -> None:
    guest = placed().knows(orders=(OPEN,)).writes("отмените заказ")
    assert "Отменить заказ № 12 на 220" in guest.said
    assert "остаётся" in guest.presses("Нет").said
    guest.writes("отмена").presses("Да")
    assert guest.wants(CancelOrder) == [CancelOrder(5)] and "Отменяю" in guest.said


def test_what_cannot_be_canceled_says_so() -> None:
    making = replace(OPEN, can_cancel=False)
    assert "уже готовим, отменить" in placed().knows(orders=(making,)).writes("отмените заказ").said
    assert "нет заказов" in placed().forges("menu:ocy:777").said
    assert "Убрать из корзины" in with_cart().writes("отмените заказ").said
    assert "нет заказов" in Guest().starts().writes("отмените заказ").said


def test_one_of_two_orders_is_chosen() -> None:
    two = (OPEN, replace(OPEN, order=6, ticket="13"))
    guest = placed().knows(orders=two).writes("отмените заказ")
    assert guest.labels == ["№ 12 · 220\u00a0₽", "№ 13 · 220\u00a0₽"]
    assert "№ 13" in guest.presses("№ 13").said


# --- repeat


LAST = (Line(1, "latte", ("milk:cow", "size:m"), 2), Line(2, "croissant"))


def test_the_last_order_is_one_tap_from_the_checkout() -> None:
    guest = Guest(replace(SHOP, last=LAST)).starts().presses("🔁")
    assert guest.state.step == "pay" and [line[2] for line in guest.lines] == [2, 1]
    assert not guest.forges("menu:r").wants(ChangeCart), "pressed again it is in the cart already"
    assert "Прошлых заказов" in Guest().starts().writes("повторить").said


def test_what_is_not_to_be_had_as_it_was_is_told_and_left_out() -> None:
    last = (LAST[1], Line(3, "latte", ("milk:coconut", "size:m")), Line(4, "gone"))
    guest = Guest(replace(SHOP, last=last, titles={"gone": "Старый тарт"})).starts().forges("menu:r")
    assert "не положил: Латте, Старый тарт" in guest.said and guest.lines == [("croissant", (), 1)]
    nothing = Guest(replace(SHOP, last=last[2:])).starts().forges("menu:r")
    assert "не положил: gone" in nothing.said and nothing.state.step == "menu"


def test_the_place_in_the_shop_outlives_a_newer_release() -> None:
    state = State.from_json({"step": "menu", "shop": {"screen": "cart", "options": ["a"], "new_thing": 1}})
    assert state.shop.screen == "cart" and state.shop.options == ("a",)
    assert "shop" not in State().to_json()


def test_a_shop_that_is_not_whole_is_not_published() -> None:
    raw = {
        "key": "x",
        "steps": {
            "a-very-long-key-of-a-step": {"kind": "catalogue"},
            "another-very-long-key-of-a-step-that-orders-the-goods": {"kind": "checkout"},
        },
    }
    codes = [problem.code for problem in check(load(raw))]
    assert codes.count("long-key") == 2 and codes.count("dead-end") >= 2 and "empty-text" in codes
    assert check(SCRIPT) == [] and SCRIPT.lasting({"place": "vokzal", "other": "1"}) == {"place": "vokzal"}
