"""Who may not: forged and foreign tokens, other guests' orders, floods, words that are no words."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from bot.models import Channel, Chat
from payments.models import Order
from payments.storefront import admission, links
from tests.emulators.telegram.init_data import sign_init_data
from tests.payments.shop.cafe import Cafe
from tests.payments.storefront.visitor import TOKEN, Shop, open_shop

pytestmark = pytest.mark.django_db
DOORS = [
    ("GET", "me?place=lenina", None),
    ("PUT", "cart/line", {"place": "lenina", "product": "croissant", "quantity": 1}),
    ("POST", "cart/mend", {"place": "lenina"}),
    ("PUT", "checkout", {"place": "lenina"}),
    ("POST", "orders", {}),
    ("GET", "orders/ABC", None),
    ("POST", "orders/ABC/cancel", None),
    ("POST", "orders/ABC/repeat", {"place": "lenina"}),
    ("PUT", "favourites", {"product": "latte", "is_kept": True}),
]


@pytest.mark.parametrize(("method", "path", "body"), DOORS, ids=[path for _, path, _ in DOORS])
def test_every_door_but_the_menu_wants_a_token_of_this_channel(
    shop: Shop, cafe: Cafe, method: str, path: str, body: Any
) -> None:
    other = Channel.objects.create(kind="telegram", title="Другой", credentials={"token": TOKEN})
    foreign = Shop(other).enters().token
    for shop.token in ("", "made-up", foreign):
        answer = shop.answer(method, path, body, status=401)
        assert answer["error"]["code"] == "not_known"


def test_another_guests_order_is_as_good_as_none(shop: Shop, cafe: Cafe) -> None:
    shop.enters(777).puts("croissant")
    number = shop.orders()["order"]["number"]
    stranger = Shop(shop.channel).enters(778)
    stranger.puts("croissant")
    for method, path in (("GET", ""), ("POST", "/cancel")):
        stranger.answer(method, f"orders/{number}{path}", status=404)
    stranger.answer("POST", f"orders/{number}/repeat", {"place": "lenina"}, status=404)


def test_one_guests_key_is_not_anothers_order(shop: Shop, cafe: Cafe) -> None:
    shop.enters(777).puts("croissant")
    first = shop.orders(key="the-same-key")["order"]
    stranger = Shop(shop.channel).enters(778)
    stranger.puts("croissant")
    assert stranger.orders(key="the-same-key")["order"]["number"] != first["number"]


def test_launch_data_of_another_bot_or_of_yesterday_opens_nothing(shop: Shop) -> None:
    now = int(timezone.now().timestamp())
    for token, signed_at in (("1:other", now), (TOKEN, now - 86_400)):
        data = sign_init_data(token, {"id": 777}, auth_date=signed_at)
        assert shop.answer("POST", "session", {"init_data": data}, status=401)["error"]["code"] == "not_known"


def test_a_page_left_open_goes_on_with_its_own_session(shop: Shop) -> None:
    old = timezone.now() - dt.timedelta(hours=3)
    data = sign_init_data(TOKEN, {"id": 777}, auth_date=int(old.timestamp()))
    token = shop.enters(777).token
    shop.answer("POST", "session", {"init_data": data, "token": token}, status=201)


def test_a_link_of_the_site_chat_names_its_chat_and_a_forged_one_nobody(cafe: Cafe) -> None:
    shop = open_shop("webchat")
    chat = Chat.objects.create(channel=shop.channel, external_id="a" * 32, name="Пётр")
    opened = shop.answer("POST", "session", {"guest": links.guest_token(chat)}, status=201)
    assert opened["name"] == "Пётр"
    shop.token = opened["token"]
    shop.puts("croissant")
    shop.orders()
    assert Order.objects.get().chat == chat
    shop.answer("POST", "session", {"guest": "forged"}, status=401)


def test_who_knocks_too_often_is_told_when_to_come_again(
    shop: Shop, cafe: Cafe, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.enters()
    monkeypatch.setitem(admission.PER_GUEST, "read", (2, 60))
    answers = [shop.ask("GET", "me?place=lenina") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert answers[-1].json()["error"]["code"] == "too_often"


BAD: dict[str, tuple[str, dict[str, Any]]] = {
    "a quantity below none": ("cart/line", {"place": "lenina", "product": "latte", "quantity": -1}),
    "more than a line takes": ("cart/line", {"place": "lenina", "product": "latte", "quantity": 21}),
    "an option without a group": (
        "cart/line",
        {"place": "lenina", "product": "latte", "options": ["l"], "quantity": 1},
    ),
    "a field nobody knows": ("cart/line", {"place": "lenina", "product": "latte", "quantity": 1, "price": 1}),
    "a NUL in a name": ("checkout", {"place": "lenina", "name": "А\x00"}),
    "half of an emoji": ("checkout", {"place": "lenina", "name": "\ud83d"}),
    "a novel as a comment": ("checkout", {"place": "lenina", "comment": "x" * 301}),
    "a time at the end of time": ("checkout", {"place": "lenina", "pickup_at": "9999-12-31T23:59:59Z"}),
}


@pytest.mark.parametrize(("path", "body"), BAD.values(), ids=BAD)
def test_bad_input_gets_a_clear_answer_and_changes_nothing(
    shop: Shop, cafe: Cafe, path: str, body: dict[str, Any]
) -> None:
    shop.enters()
    answer = shop.answer("PUT", path, body, status=400)
    assert answer["error"]["message"].startswith("Запрос не понят")
    assert Chat.objects.count() == 0


def test_a_shop_that_is_not_there_is_a_404(shop: Shop, cafe: Cafe) -> None:
    shop.enters()
    assert shop.client.get("/shop/999999/").status_code == 404
    assert shop.client.get("/shop/api/999999/menu").status_code == 404
    assert shop.client.get(f"/shop/{shop.channel.pk}/?place=nowhere").status_code == 404
    shop.answer("GET", "me?place=nowhere", status=404)
