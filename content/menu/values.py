"""What a guest sees at one place at one moment."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

NOTHING = Decimal(0)


class WhyNot(StrEnum):
    """Why a product or an option is shown and cannot be taken."""

    ENDED = "ended"  # it is on the stop-list
    NOT_NOW = "not_now"  # it is sold at another time of the day
    NO_CHOICE = "no_choice"  # nothing is left of something that must be chosen


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; its price is a difference."""

    code: str
    name: str
    price: Decimal = NOTHING
    is_default: bool = False
    left: int | None = None  # None: nobody counts; 0: it has ended

    @property
    def is_available(self) -> bool:
        return self.left is None or self.left > 0


@dataclass(frozen=True, slots=True)
class Group:
    """One choice: at least `least` and at most `most` of its options."""

    code: str
    name: str
    least: int
    most: int
    options: tuple[Option, ...]

    @property
    def is_required(self) -> bool:
        return self.least > 0

    def option(self, code: str) -> Option | None:
        """Return the option of this code."""
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True, slots=True)
class Product:
    """One thing on the menu. What the stop-list or the time of day forbids is shown, with the reason."""

    code: str
    name: str
    price: Decimal
    category: str
    details: str = ""
    description: str = ""
    photo: str = ""  # the hash its address is made of; "" when there is none
    groups: tuple[Group, ...] = ()
    left: int | None = None
    prep_minutes: int | None = None  # None: as the place says
    hours: str = ""  # "08:00–12:00" when it is sold for a part of the day
    is_available: bool = True
    why_not: str = ""  # one of WhyNot
    vat_code: int | None = None

    def group(self, code: str) -> Group | None:
        """Return the choice of this code."""
        return next((group for group in self.groups if group.code == code), None)

    def chosen(self, name: str) -> tuple[Group, Option] | None:
        """Return what "size:l" names; None when the product has no such option."""
        code, _, option_code = name.partition(":")
        group = self.group(code)
        option = group.option(option_code) if group else None
        return (group, option) if group and option else None


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf of the menu."""

    code: str
    name: str
    emoji: str
    products: tuple[Product, ...]

    @property
    def title(self) -> str:
        return f"{self.emoji} {self.name}".strip()


@dataclass(frozen=True)
class Menu:
    """The menu of one place."""

    place: str
    place_name: str
    categories: tuple[Category, ...]
    version: str = ""  # changes whenever anything a guest can see does
    is_open: bool = True
    opens_at: dt.datetime | None = None  # when it is closed now
    closes_at: dt.datetime | None = None  # when it is open now; None: round the clock
    is_paused: bool = False
    paused_until: dt.datetime | None = None
    pause_reason: str = ""
    is_busy: bool = False
    prep_minutes: int = 0  # with what the busy mode adds
    address: str = ""
    time_zone: str = "Europe/Moscow"

    @cached_property
    def by_code(self) -> Mapping[str, Product]:
        """Every product by its code."""
        return {product.code: product for product in self.products()}

    def products(self) -> Iterator[Product]:
        """Yield every product in the order of the menu."""
        for category in self.categories:
            yield from category.products

    def product(self, code: str) -> Product | None:
        """Return the product of this code."""
        return self.by_code.get(code)

    def category(self, code: str) -> Category | None:
        """Return the shelf of this code."""
        return next((category for category in self.categories if category.code == code), None)
