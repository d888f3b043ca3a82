"""The shop's doors: from an opened page to a number that is called out."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from bot.messages import EventKind
from bot.models import Channel, Chat, InboxEvent
from content import menus, stops
from content.models import Product
from crm.models import Customer
from payments.models import Account, Checkout, LoyaltyEntry, LoyaltyProgram, Order, Payment, Promo, Ticket
from payments.shop import carts, tickets
from tests.payments.shop.cafe import Cafe
from tests.payments.storefront.visitor import Shop, open_shop

pytestmark = pytest.mark.django_db


def test_from_the_opened_page_to_the_number_that_is_called_out(shop: Shop, cafe: Cafe) -> None:
    shop.enters()
    assert shop.answer("GET", "me?place=lenina")["cart"]["lines"] == []
    assert (Chat.objects.count(), Customer.objects.count()) == (0, 0), "looking stores nothing"
    shop.puts("latte", "size:l", "milk:oat", quantity=2)
    cart = shop.puts("croissant")
    assert [(line["title"], line["details"], line["quantity"], line["total"]) for line in cart["lines"]] == [
        ("Латте", "400 мл, Овсяное", 2, 76_000),
        ("Круассан", "", 1, 18_000),
    ]
    quote = shop.checks_out(comment="погорячее")
    assert (quote["total"], quote["changes"], [way["code"] for way in quote["ways"]]) == (94_000, [], ["counter"])
    placed = shop.orders(comment="погорячее")
    order = placed["order"]
    assert (order["ticket"], order["title"], order["total"], placed["pay"]["kind"]) == (
        1,
        "Заказ принят",
        94_000,
        "none",
    )
    ticket = Ticket.objects.get()
    assert (ticket.name, ticket.comment, ticket.order.amount) == ("Анна", "погорячее", Decimal(940))
    known = shop.answer("GET", "me?place=lenina")
    assert (known["cart"]["lines"], [row["number"] for row in known["orders"]]) == ([], [order["number"]])
    assert known["last"]["words"] == "Латте, Круассан"


def test_the_chat_of_the_guest_hears_of_the_order(shop: Shop, cafe: Cafe) -> None:
    shop.enters(777).puts("croissant")
    shop.orders()
    event = InboxEvent.objects.get(kind=EventKind.ORDER)
    assert (event.chat.external_id, event.chat.name, event.payload["what"]) == ("777", "Анна", "placed")


def test_the_same_wish_sent_twice_is_one_order(shop: Shop, cafe: Cafe) -> None:
    shop.enters().puts("croissant")
    wish = shop.wish(comment="раз")
    first = shop.answer("POST", "orders", wish, status=201)
    shop.puts("croissant", quantity=3)
    again = shop.answer("POST", "orders", wish, status=201)
    assert first["order"]["number"] == again["order"]["number"]
    assert (Order.objects.count(), Checkout.objects.count()) == (1, 1)
    cart = carts.cart_of(Customer.objects.get(), cafe.place)
    assert (cart.quantity, cart.comment) == (3, ""), "what was put in later is left alone"


def test_a_line_said_twice_is_the_same_and_none_takes_it_out(shop: Shop, cafe: Cafe) -> None:
    shop.enters()
    for _ in range(2):
        cart = shop.puts("latte", "milk:oat", "size:s", quantity=2)
    assert [line["quantity"] for line in cart["lines"]] == [2]
    assert shop.puts("latte", "size:s", "milk:oat", quantity=0)["lines"] == []
    assert shop.puts("nothing", quantity=0)["lines"] == [], "taking out what is not there is done already"
    shop.puts("nothing", status=404)
    shop.puts("latte", "size:xxl", status=404)


def test_what_was_put_in_stays_when_the_page_is_closed(shop: Shop, cafe: Cafe) -> None:
    shop.enters().puts("croissant", quantity=2)
    shop.checks_out(name="Аня", comment="с собой", promo="SPRING")
    known = Shop(shop.channel).enters().answer("GET", "me?place=lenina")
    assert (known["name"], known["cart"]["comment"], known["cart"]["promo"]) == ("Аня", "с собой", "SPRING")
    assert known["cart"]["lines"][0]["quantity"] == 2


MOVES: dict[str, tuple[Any, str, str]] = {
    "a price that rose": (
        lambda cafe: Product.objects.filter(pk=cafe.croissant.pk).update(price=200),
        "price_changed",
        "«Круассан» теперь 200 ₽ вместо 180 ₽.",
    ),
    "a product that ended": (
        lambda cafe: stops.stop(cafe.place, cafe.croissant),
        "product_gone",
        "«Круассан»",
    ),
    "a shop that takes no orders": (
        lambda cafe: cafe.place.__class__.objects.filter(pk=cafe.place.pk).update(is_paused=True, pause_reason="аврал"),
        "place_paused",
        "Кофейня пока не принимает заказы: аврал.",
    ),
}


@pytest.mark.parametrize(("move", "kind", "text"), MOVES.values(), ids=MOVES)
def test_what_moved_is_told_and_asked_and_nothing_is_ordered(
    shop: Shop, cafe: Cafe, move: Any, kind: str, text: str
) -> None:
    shop.enters().puts("croissant")
    wish = shop.wish()
    move(cafe)
    menus.forget()
    moved = shop.answer("POST", "orders", wish, status=409)
    assert moved["error"]["code"] == "moved"
    assert any(text.replace(" ₽", "\u00a0₽") in change["text"] for change in moved["changes"]), moved["changes"]
    assert (Order.objects.count(), moved["quote"]["lines"][0]["quantity"]) == (0, 1)


def test_a_mended_cart_can_be_ordered_at_the_new_price(shop: Shop, cafe: Cafe) -> None:
    shop.enters().puts("croissant")
    shop.puts("latte", "size:s")
    wish = shop.wish()
    stops.stop(cafe.place, cafe.croissant)
    menus.forget()
    shop.answer("POST", "orders", wish, status=409)
    mended = shop.answer("POST", "cart/mend", {"place": "lenina"})
    assert [line["product"] for line in mended["lines"]] == ["latte"]
    assert shop.orders(key="wish-0002")["order"]["total"] == 25_000


def test_a_promo_code_is_checked_and_taken_off(shop: Shop, cafe: Cafe) -> None:
    Promo.objects.create(code="SPRING", kind=Promo.Kind.PERCENT, value=10, is_active=True)
    shop.enters().puts("croissant")
    wrong = shop.checks_out(promo="WINTER")
    assert (wrong["promo"]["why"], wrong["total"]) == ("Такого промокода нет.", 18_000)
    right = shop.checks_out(promo="spring")
    assert (right["promo"]["amount"], right["total"]) == (1_800, 16_200)
    assert shop.orders(promo="spring")["order"]["total"] == 16_200


def test_the_free_drink_is_offered_and_given(shop: Shop, cafe: Cafe) -> None:
    LoyaltyProgram.objects.create(kind="nth", every=6)
    shop.enters().puts("latte", "size:s")
    customer = Customer.objects.get()
    assert shop.checks_out()["loyalty"]["can_spend"] is False
    LoyaltyEntry.objects.create(customer=customer, kind="earned", unit="stamp", amount=5)
    offered = shop.checks_out(use_loyalty=True)
    assert (offered["loyalty"]["can_spend"], offered["total"]) == (True, 0)
    assert shop.orders(use_loyalty=True)["order"]["total"] == 0


def test_an_order_for_later_is_for_a_time_on_offer(shop: Shop, cafe: Cafe) -> None:
    shop.enters().puts("croissant")
    later = shop.checks_out()["pickup"]["times"][3]
    order = shop.orders(pickup_at=later)["order"]
    assert (order["pickup_at"], order["is_asap"]) == (later, False)
    past = (timezone.now() - dt.timedelta(days=1)).isoformat()
    shop.puts("croissant")
    moved = shop.orders(key="wish-0002", pickup_at=past, status=409)
    assert moved["changes"][0]["kind"] == "slot_full"


def test_an_order_is_watched_and_canceled_until_somebody_makes_it(shop: Shop, cafe: Cafe) -> None:
    shop.enters().puts("croissant")
    first = shop.orders()["order"]
    assert shop.answer("POST", f"orders/{first['number']}/cancel")["status"] == "canceled"
    assert shop.answer("POST", f"orders/{first['number']}/cancel")["status"] == "canceled", "said twice"
    shop.puts("croissant")
    second = shop.orders(key="wish-0002")["order"]
    ticket = Ticket.objects.get(order__number=second["number"])
    assert tickets.accept(tickets.of(ticket.order), by="бариста", now=timezone.now())
    shown = shop.answer("GET", f"orders/{second['number']}")
    assert (shown["title"], shown["can_cancel"]) == ("Готовим", False)
    assert "уже готовят" in shop.answer("POST", f"orders/{second['number']}/cancel", status=422)["error"]["message"]


def test_as_last_time_in_one_tap_without_what_has_ended(shop: Shop, cafe: Cafe) -> None:
    shop.enters().puts("latte", "size:l", "milk:oat", quantity=2)
    shop.puts("croissant")
    number = shop.orders()["order"]["number"]
    stops.stop(cafe.place, cafe.croissant)
    menus.forget()
    repeated = shop.answer("POST", f"orders/{number}/repeat", {"place": "lenina"})
    assert [(line["details"], line["quantity"]) for line in repeated["cart"]["lines"]] == [("400 мл, Овсяное", 2)]
    assert repeated["missing"] == ["Круассан"]


def test_favourites_are_kept_and_let_go(shop: Shop, cafe: Cafe) -> None:
    shop.enters()
    wanted = {"product": "latte", "options": ["size:l"]}
    for _ in range(2):
        kept = shop.answer("PUT", "favourites", {**wanted, "is_kept": True})
    assert kept == [wanted] == shop.answer("GET", "me?place=lenina")["favourites"]
    assert shop.answer("PUT", "favourites", {**wanted, "is_kept": False}) == []


def test_a_guest_of_the_site_without_a_link_can_order_too(cafe: Cafe) -> None:
    shop = open_shop("webchat")
    first = shop.answer("POST", "session", {}, status=201)
    shop.token = first["token"]
    assert Chat.objects.count() == 0
    shop.puts("croissant")
    again = shop.answer("POST", "session", {"token": first["token"]}, status=201)
    shop.token = again["token"]
    assert shop.orders()["order"]["ticket"] == 1
    assert (Chat.objects.count(), Customer.objects.count()) == (1, 1)


def test_an_invoice_of_this_bot_is_a_way_to_pay_and_the_page_is_told_where(shop: Shop, cafe: Cafe) -> None:
    other = Channel.objects.create(kind="telegram", title="Другой")
    account = Account.objects.create(provider="telegram", title="Счета", channel=other, api_url="https://t.me")
    shop.enters().puts("croissant")
    assert [way["code"] for way in shop.checks_out()["ways"]] == ["counter"], "another bot's invoices are not ours"
    refused = shop.orders(way="telegram", status=400)
    assert "выберите другой способ" in refused["error"]["message"]
    Account.objects.filter(pk=account.pk).update(channel=shop.channel)
    assert [way["code"] for way in shop.checks_out()["ways"]] == ["telegram", "counter"]
    placed = shop.orders(way="telegram")
    number = placed["order"]["number"]
    assert (placed["order"]["status"], placed["pay"]) == ("held", {"kind": "soon", "url": ""})
    Payment.objects.update(link="https://t.me/$slug1", status=Payment.Status.SENT)
    assert shop.answer("GET", f"orders/{number}")["pay"] == {"kind": "invoice", "url": "https://t.me/$slug1"}
    Payment.objects.update(status=Payment.Status.FAILED)
    assert shop.answer("GET", f"orders/{number}")["pay"]["kind"] == "none", "a declined link is not offered again"
