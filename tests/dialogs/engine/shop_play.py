"""A coffee shop of a few goods, and a guest who presses and writes: no database, no channel, no clock."""

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from content.menu.cart import Cart
from content.menu.values import Category, Group, Menu, Option, Product
from dialogs.engine.advance import advance
from dialogs.engine.effects import Effect, Key, Say
from dialogs.engine.events import Alarm, Event, OrderTold, Pressed, Returned, Said, Started
from dialogs.engine.reading import Named, Reading
from dialogs.engine.script import load
from dialogs.engine.shop.cart_changes import Add, applied
from dialogs.engine.shop.effects import ChangeCart, KeepFavourite, PlaceOrder
from dialogs.engine.shop.goods import Shop
from dialogs.engine.state import State
from tests.dialogs.engine.play import FACTS, MOSCOW, NOW

SIZE = Group("size", "Размер", 1, 1, (Option("m", "350 мл", is_default=True), Option("l", "450 мл", Decimal(50))))
MILK = Group(
    "milk", "Молоко", 1, 1,
    (Option("cow", "коровье", is_default=True), Option("oat", "овсяное", Decimal(60)), Option("soy", "соевое", Decimal(60)),
     Option("coconut", "кокосовое", Decimal(70), left=0)),
)  # fmt: skip
SYRUP = Group(
    "syrup", "Сироп", 0, 2,
    (Option("vanilla", "ваниль", Decimal(40)), Option("caramel", "карамель", Decimal(40)),
     Option("hazel", "фундук", Decimal(40)), Option("mint", "мята", Decimal(40))),
)  # fmt: skip
HEAT = Group("heat", "Подача", 1, 1, (Option("hot", "горячим"), Option("cold", "холодным")))
LATTE = Product(
    "latte", "Латте", Decimal(220), "coffee", "350 мл", "Мягкий.", photo="a" * 64, groups=(SIZE, MILK, SYRUP)
)
RAF = Product("raf-vanilla", "Раф ванильный", Decimal(300), "coffee", groups=(SIZE,))
CITRUS = Product("raf-citrus", "Раф цитрусовый", Decimal(310), "coffee", groups=(SIZE,))
PIE = Product("pie", "Пирожок", Decimal(90), "food", groups=(HEAT,))
CROISSANT = Product("croissant", "Круассан", Decimal(150), "food", left=2)
OMELETTE = Product(
    "omelette", "Омлет", Decimal(250), "food", hours="08:00–12:00", is_available=False, why_not="not_now"
)
LONG = Product("a-very-long-code-of-a-product-on-the-menu", "Тарт", Decimal(200), "food")
MENU = Menu(
    "lesnaya", "Кофе рядом",
    (Category("coffee", "Кофе", "☕", (LATTE, RAF, CITRUS)), Category("food", "Выпечка", "🥐", (CROISSANT, PIE, OMELETTE, LONG)),
     Category("empty", "Чай", "🍵", ())),
    address="Лесная, 5", opens_at=None,
)  # fmt: skip
TODAY = NOW.astimezone(MOSCOW)
TIMES = tuple(TODAY + dt.timedelta(minutes=20 + 10 * number) for number in range(30))
SHOP = Shop(MENU, Cart("lesnaya"), times=TIMES, soonest=TODAY + dt.timedelta(minutes=12))
SCRIPT = load({
    "key": "coffee", "start": "menu", "person": "human", "stop": "stay",
    "steps": {
        "menu": {"kind": "catalogue", "text": "Что приготовить, {{customer.first_name}}?", "checkout": "pay",
                 "timeout": "3d", "on_timeout": "rest", "reminders": [{"after": "1h", "text": "Кофе ждёт."}]},
        "pay": {"kind": "checkout", "catalogue": "menu", "timeout": "3d", "on_timeout": "rest"},
        "human": {"kind": "handover", "text": "Зову.", "on_return": "menu"},
        "rest": {"kind": "end", "outcome": "silent", "reopen": "menu"},
    },
})  # fmt: skip


def named(*products: str, **told: Any) -> Named:
    """Return a thing of the menu as it was named."""
    return Named(told.pop("words", "слова"), products, **told)


@dataclass
class Guest:
    """Somebody before the counter; `shop` is what the till knows of them."""

    shop: Shop | None = SHOP
    state: State = field(default_factory=State)
    now: dt.datetime = NOW
    facts: Any = FACTS
    effects: tuple[Effect, ...] = ()
    script: Any = SCRIPT
    all_effects: list[Effect] = field(default_factory=list)

    def hears(self, event: Event) -> "Guest":
        """Let one thing happen; the till does what the turn wants done to the cart."""
        turn = advance(self.script, self.state, event, replace(self.facts, shop=self.shop), self.now)
        self.state, self.effects = State.from_json(turn.state.to_json()), turn.effects
        self.all_effects += turn.effects
        for effect in turn.effects:
            if isinstance(effect, ChangeCart) and self.shop is not None:
                self.shop = replace(self.shop, cart=applied(self.shop.cart, effect.change))
        self.now += dt.timedelta(seconds=10)
        return self

    def starts(self) -> "Guest":
        return self.hears(Started())

    def presses(self, *labels: str) -> "Guest":
        """Press buttons of the last message by the beginning of their words."""
        for label in labels:
            fitting = [key for key in self.keys if key.text.startswith(label)]
            assert fitting, f"no button {label!r} among {self.labels}"
            self.hears(Pressed(fitting[0].data))
        return self

    def forges(self, data: str) -> "Guest":
        return self.hears(Pressed(data))

    def writes(self, text: str, *ordered: Named, intents: tuple[str, ...] = (), **found: Any) -> "Guest":
        return self.hears(Said(Reading(text=text, intents=intents, ordered=ordered, **found)))

    def alarm(self, name: str) -> "Guest":
        """Let a timer of this visit come due."""
        return self.hears(Alarm(name, self.state.visit))

    def returned(self) -> "Guest":
        """Let the human give the dialogue back."""
        return self.hears(Returned())

    def hears_nothing(self) -> "Guest":
        """Write something that is no business of the shop: the screen comes again."""
        return self.writes("ммм", intents=("thanks",))

    def begins_with(self, text: str, *products: str, **told: Any) -> "Guest":
        """Write before anything was said."""
        return self.writes(text, named(*products, **told))

    def told(self, what: str, **facts: Any) -> "Guest":
        return self.hears(OrderTold(what, **facts))

    @property
    def says(self) -> list[Say]:
        return [effect for effect in self.all_effects if isinstance(effect, Say)]

    @property
    def said(self) -> str:
        """All that was said in the last turn."""
        return "\n---\n".join(effect.text for effect in self.effects if isinstance(effect, Say))

    @property
    def keys(self) -> list[Key]:
        """The buttons of the newest message that has any."""
        rows = next((say.keys for say in reversed(self.says) if say.keys), ())
        return [key for row in rows for key in row]

    @property
    def labels(self) -> list[str]:
        return [key.text for key in self.keys]

    @property
    def cart(self) -> Cart:
        assert self.shop is not None
        return self.shop.cart

    @property
    def lines(self) -> list[tuple[str, tuple[str, ...], int]]:
        return [(line.product, line.options, line.quantity) for line in self.cart.lines]

    def wants(self, kind: type) -> list[Any]:
        """Return the effects of one kind of the last turn."""
        return [effect for effect in self.effects if isinstance(effect, kind)]

    def knows(self, **changes: Any) -> "Guest":
        """Let the shop be otherwise from here on."""
        assert self.shop is not None
        self.shop = replace(self.shop, **changes)
        return self


def with_cart(*changes: Add, **shop: Any) -> Guest:
    """Return a guest with something in the cart."""
    cart = SHOP.cart
    for change in changes or (Add("latte", ("milk:cow", "size:m")),):
        cart = applied(cart, change)
    return Guest(replace(SHOP, cart=cart, **shop)).starts()


__all__ = ["Guest", "KeepFavourite", "PlaceOrder", "named", "with_cart"]
