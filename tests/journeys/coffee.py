"""The coffee shop beside the others: a third bot in the same house, and its people behind the counter."""

from collections.abc import Iterator

import pytest

from content import menus
from content.models import Place, Product, Stop
from crm.models import Customer
from dialogs.preset_loading import load_preset
from dialogs.surroundings import forget
from payments.models import Order, Ticket
from payments.shop import tickets
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import House

COFFEE = "6161616161:AAcoffee-token-for-journeys-and-chaos_"
KEYS = ["☕ Меню", "🛒 Корзина", "🔁 Повторить заказ", "👤 Позвать бариста"]


@pytest.fixture
def cafe(house: House) -> Iterator[House]:
    """The house with the third product in it, open round the clock."""
    load_preset("coffee")
    Place.objects.exclude(code="lesnaya").update(is_active=False)
    Place.objects.update(schedule={}, holidays=[])
    house.connect_bot(COFFEE, "coffee", "Кофе рядом")
    house.settle()
    forget()
    menus.forget()
    yield house
    menus.forget()


@pytest.fixture
def lena(cafe: House) -> "Guest":
    """Somebody who wants coffee."""
    return Guest(cafe, "Лена", user_id=901)


class Guest(TelegramCustomer):
    """A guest in Telegram."""

    def __init__(self, house: House, name: str, *, user_id: int) -> None:
        super().__init__(house, name, user_id=user_id, token=COFFEE)

    def taps(self, *labels: str) -> str:
        """Press buttons by the beginning of their words, the newest first."""
        for label in labels:
            said = reversed(self.house.telegram.said(self.token, self.user_id))
            whole = next((text for message in said for text in message.labels if text.startswith(label)), None)
            assert whole is not None, f"no button {label!r}; the newest: {self.labels}"
            self.presses(whole)
        return self.heard[-1]

    @property
    def person(self) -> Customer:
        return Customer.objects.get(links__chat=self.chat)

    @property
    def orders(self) -> list[Order]:
        return list(Order.objects.filter(customer=self.person).order_by("pk"))

    @property
    def ticket(self) -> Ticket:
        """The ticket of the newest order, as the counter has it."""
        return tickets.of(self.orders[-1])

    def goods(self) -> list[tuple[str, int]]:
        """What the newest order is made of."""
        return [(item.title, item.quantity) for item in self.orders[-1].items.order_by("pk")]

    def orders_a_latte(self) -> str:
        """Take the shortest way to an order."""
        self.says("/start")
        self.taps("☕ Кофе", "Латте", "В корзину", "✅ Оформить", "✅ Заказать")
        return self.heard[-1]


def barista_does(guest: Guest, *verbs: str) -> None:
    """Let somebody behind the counter press these, one after another."""
    for verb in verbs:
        now = guest.house.clock()
        if verb == "accept":
            assert tickets.accept(guest.ticket, by="Оля", now=now)
        elif verb == "ready":
            assert tickets.ready(guest.ticket, now=now)
        elif verb == "pick_up":
            assert tickets.pick_up(guest.ticket, now=now)
        guest.house.settle()


def ends(code: str, *, left: int | None = None) -> None:
    """Put a product on the stop-list: wholly, or all but so many."""
    place, product = Place.objects.get(code="lesnaya"), Product.objects.get(code=code)
    Stop.objects.update_or_create(place=place, product=product, defaults={"left": left})
    menus.forget()
