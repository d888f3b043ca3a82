"""The counter: the desk of one turn in the shop: the cart as it becomes, where the guest looks, buttons of their step."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from content.menu.cart import Cart
from content.menu.pricing import PricedLine
from content.menu.values import Menu, Product
from payments.shop.quoting import Quote

from dialogs.engine.desk import Desk
from dialogs.engine.effects import Key, Say
from dialogs.engine.shop.bill import quote_of
from dialogs.engine.shop.browsing import Browsing
from dialogs.engine.shop.cart_changes import CartChange, Describe, applied
from dialogs.engine.shop.effects import ChangeCart
from dialogs.engine.shop.goods import Shop

Row = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """What the guest sees at once: words, buttons under them, a picture beside them."""

    text: str
    rows: tuple[Row, ...] = ()
    picture: str = ""


@dataclass(slots=True)
class Counter:
    """One turn at one of the shop's steps."""

    desk: Desk
    key: str  # of the catalogue step: every button of the shop carries it
    shop: Shop
    pay: str = ""  # the key of the checkout step: its own buttons carry that
    greeting: str = ""  # the words of the first screen

    @property
    def at(self) -> Browsing:
        """Where the guest stands."""
        return self.desk.state.shop

    def look(self, **changes: Any) -> None:
        """Let the guest stand elsewhere."""
        self.desk.update(shop=replace(self.at, **changes))

    @property
    def menu(self) -> Menu:
        """What is sold."""
        return self.shop.menu

    @property
    def cart(self) -> Cart:
        """The cart with what this turn has done to it."""
        cart = self.shop.cart
        for effect in self.desk.effects:
            if isinstance(effect, ChangeCart):
                cart = applied(cart, effect.change)
        return cart

    def change(self, change: CartChange) -> bool:
        """Do something to the cart; tell whether it took it."""
        before = self.cart
        self.desk.do(ChangeCart(self.menu.place, change))
        return self.cart != before

    def describe(self, **words: str) -> None:
        """Keep other words of the guest: promo, comment, name."""
        self.change(Describe(**words))

    def quote(self) -> Quote:
        """Return what the cart costs."""
        return quote_of(self.shop, self.cart, spends=self.at.spends)

    @property
    def product(self) -> Product | None:
        """The product being composed, while it stands on the menu."""
        return self.menu.product(self.at.product)

    def text(self, name: str, **extra: str) -> str:
        """Return one of the shop's texts."""
        return self.desk.text(name, **extra)

    def button(self, name: str, *data: str, more: str = "") -> Key:
        """Return a button with one of the shop's texts, and what is to be told beside it."""
        label = " · ".join(part for part in (self.text(name), more) if part)
        return Key(label, data=self.data(*data))

    def data(self, *parts: str) -> str:
        """Return what a press brings back."""
        return ":".join((self.key, *parts))

    def pay_data(self, *parts: str) -> str:
        """Return what a press of the checkout brings back."""
        return ":".join((self.pay, *parts))

    def pay_button(self, name: str, *data: str) -> Key:
        """Return a button of the checkout."""
        return Key(self.text(name), data=self.pay_data(*data))

    def tell(self, name: str, **extra: str) -> None:
        """Say a line of the shop above the screen."""
        self.tell_words(self.text(name, **extra))

    def tell_words(self, words: str) -> None:
        """Say ready words above the screen."""
        self.look(notice=(*self.at.notice, words))

    def put_up(self, screen: Screen) -> None:
        """Show a screen; where the channel has no buttons, its choices are numbered, and the numbers remembered."""
        text = "\n\n".join(part for part in (*self.at.notice, screen.text) if part)
        self.look(notice=())
        if self.desk.facts.buttons:
            self.desk.do(Say(text, screen.rows, picture=screen.picture, is_screen=True))
            return
        keys = [key for row in screen.rows for key in row if key.data]
        self.look(shown=tuple(key.data for key in keys))
        lines = [f"{number}. {key.text}" for number, key in enumerate(keys, 1)]
        self.desk.do(Say("\n".join([text, "", *lines]).strip(), screen.rows, picture=screen.picture, is_screen=True))

    def in_words(self, line: PricedLine) -> str:
        """Return a line as it is called: "Латте, 350 мл, овсяное": what is usual goes without saying, but for the size."""
        return ", ".join([line.title, *(option.name for option in line.options if self._is_told(line, option.code))])

    def _is_told(self, line: PricedLine, name: str) -> bool:
        item = self.menu.product(line.product)
        pair = item.chosen(name) if item is not None else None
        return pair is None or item is None or not pair[1].is_default or pair[0] is item.groups[0]

    def clock(self, moment: dt.datetime) -> str:
        """Return a time as the guest reads it: "14:20", "завтра в 9:10"."""
        local = moment.astimezone(self.zone)
        today = self.desk.now.astimezone(self.zone).date()
        days = (local.date() - today).days
        time = f"{local:%H:%M}".removeprefix("0")
        if days == 0:
            return f"в {time}"
        day = "завтра" if days == 1 else f"{local.day} {MONTHS[local.month - 1]}"
        return f"{day} в {time}"

    @property
    def zone(self) -> dt.tzinfo:
        """The place's clock: the times that were gathered are by it."""
        moments = [*self.shop.times[:1], *([self.shop.soonest] if self.shop.soonest else [])]
        return next((moment.tzinfo for moment in moments if moment.tzinfo), self.desk.facts.time_zone)


MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня", "июля"),
    *("августа", "сентября", "октября", "ноября", "декабря"),
)


def counted(number: int, words: Sequence[str]) -> str:
    """Return "2 позиции": `words` are for one, two and five."""
    tens, ones = number % 100, number % 10
    form = 2 if 11 <= tens <= 14 or ones == 0 or ones >= 5 else 0 if ones == 1 else 1
    return f"{number} {words[form]}"


def in_rows(keys: Sequence[Key], width: int) -> tuple[Row, ...]:
    """Return buttons so many in a row."""
    return tuple(tuple(keys[at : at + width]) for at in range(0, len(keys), width))


def at_counter(desk: Desk, key: str, pay: str, greeting: str = "") -> Counter | None:
    """Return the counter, None while the shop is not known."""
    return Counter(desk, key, desk.facts.shop, pay, greeting) if desk.facts.shop is not None else None
