"""The menu of a place as guests see it: read in a few queries, kept for a few seconds in the process."""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from content.menu import values
from content.menu.opening import is_sold_at, part_of_day
from content.models import Category, Option, OptionGroup, Place, Product, ProductGroup
from content.models.scoped import usable
from content.stops import standing

FRESH_SECONDS = 3.0  # an edit or a stop is seen by every process within this time; placing an order reads anew


@dataclass(frozen=True, slots=True)
class _Rows:
    """The tables of the menu at one moment."""

    categories: tuple[Category, ...]
    products: tuple[Product, ...]
    groups: Mapping[int, OptionGroup]
    options: Mapping[int, tuple[Option, ...]]  # by group
    choices: Mapping[int, tuple[int, ...]]  # by product, in order: its groups
    places: Mapping[int, frozenset[int]]  # by product; a product that is not here is sold everywhere

    @classmethod
    def read(cls, codes: Collection[str] | None = None) -> "_Rows":
        """Read the whole menu of every scenario, or only these products."""
        mine = {} if codes is None else {"code__in": codes}
        products = tuple(
            Product.objects.on_menu().filter(is_active=True, **mine).select_related("photo").only(*_PRODUCT)
        )
        within = {} if codes is None else {"product__in": [row.pk for row in products]}
        choices = _gathered(
            ProductGroup.objects.filter(**within).order_by("order", "id").values_list("product_id", "group_id")
        )
        options: dict[int, list[Option]] = defaultdict(list)
        for option in Option.objects.filter(is_active=True):
            options[option.group_id].append(option)
        sold = _gathered(Product.places.through.objects.filter(**within).values_list("product_id", "place_id"))
        return cls(
            categories=tuple(Category.objects.filter(is_active=True)),
            products=products,
            groups=OptionGroup.objects.in_bulk(),
            options={group: tuple(rows) for group, rows in options.items()},
            choices=choices,
            places={product: frozenset(places) for product, places in sold.items()},
        )


_PRODUCT = (
    *("code", "name", "description", "price", "details", "scenario_key", "category_id", "order"),
    *("sold_from", "sold_until", "prep_minutes", "vat_code", "photo__sha256"),
)


def _gathered(pairs: Collection[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(items) for key, items in found.items()}


@dataclass(slots=True)
class _Library:
    """The last reading in this process, and the menus made of it."""

    read_at: float = float("-inf")
    rows: _Rows | None = None
    menus: dict[tuple[int, dt.datetime], values.Menu] = field(default_factory=dict)  # by place and minute

    def menu(self, place: Place, at: dt.datetime) -> values.Menu:
        """Return the shelves of a place, not older than `FRESH_SECONDS`."""
        if self.rows is None or time.monotonic() - self.read_at >= FRESH_SECONDS:
            self.read_at, self.rows, self.menus = time.monotonic(), _Rows.read(), {}
        key = (place.pk, at.replace(second=0, microsecond=0))
        if key not in self.menus:
            self.menus[key] = _shelves(self.rows, place, at)
        return self.menus[key]


_library = _Library()


def menu_of(
    place: Place,
    now: dt.datetime,
    *,
    at: dt.datetime | None = None,
    codes: Collection[str] | None = None,
) -> values.Menu:
    """Return the menu of a place. `at` is the time of pickup when it is not now: breakfasts and stops are judged by it.

    With `codes` the tables are read anew, and only these products: what an order is checked against.
    """
    moment = at or now
    shelves = _library.menu(place, moment) if codes is None else _shelves(_Rows.read(codes), place, moment)
    hours = place.hours
    open_span = hours.span_at(now)
    menu = replace(
        shelves,
        place_name=place.name,
        address=place.address,
        is_open=open_span is not None,
        opens_at=None if open_span else hours.opens_at(now),
        closes_at=open_span[1] if open_span and place.schedule else None,
        is_paused=place.is_paused_at(now),
        paused_until=place.paused_until,
        pause_reason=place.pause_reason,
        is_busy=place.is_busy_at(now),
        prep_minutes=place.preparation_at(now),
    )
    return replace(menu, version=_version(menu))


def forget() -> None:
    """Read the tables anew at the next look; for this process's own edits and for tests."""
    _library.read_at = float("-inf")


def places_of(scenario_key: str) -> list[Place]:
    """Return the places a scenario sells at, in their order."""
    return usable(Place.objects.filter(is_active=True), scenario_key, name="code")


def _version(menu: values.Menu) -> str:
    """The shelves are hashed once when they are made; what is of the moment is added here."""
    state = (menu.version, menu.place_name, menu.address, menu.is_open, menu.opens_at, menu.closes_at, menu.is_paused)
    rest = (menu.paused_until, menu.pause_reason, menu.is_busy, menu.prep_minutes)
    return _digest((state, rest))


def _digest(value: object) -> str:
    return blake2b(repr(value).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class _Remains:
    """What the stop-list of a place says: how many are left of each thing that stands on it."""

    products: Mapping[int, int]
    options: Mapping[int, int]

    @classmethod
    def read(cls, place: Place, at: dt.datetime) -> "_Remains":
        rows = list(standing(at).filter(place=place).values_list("product_id", "option_id", "left"))
        return cls(
            {product: left or 0 for product, _option, left in rows if product is not None},
            {option: left or 0 for _product, option, left in rows if option is not None},
        )


def _shelves(rows: _Rows, place: Place, at: dt.datetime) -> values.Menu:
    remains = _Remains.read(place, at)
    local = at.astimezone(place.hours.zone).time()
    groups = {pk: _group(group, rows.options.get(pk, ()), remains) for pk, group in rows.groups.items()}
    standing_in: dict[int, list[Product]] = defaultdict(list)
    for row in rows.products:
        is_here = row.pk not in rows.places or place.pk in rows.places[row.pk]
        if is_here and row.scenario_key in ("", place.scenario_key) and row.category_id is not None:
            standing_in[row.category_id].append(row)
    made = []
    for shelf in rows.categories:
        if shelf.scenario_key in ("", place.scenario_key) and standing_in[shelf.pk]:
            choices = ((row, tuple(_choices(rows, row, groups))) for row in standing_in[shelf.pk])
            products = tuple(_product(row, shelf, own, remains, local) for row, own in choices)
            made.append(values.Category(shelf.code, shelf.name, shelf.emoji, products))
    categories = tuple(made)
    menu = values.Menu(place.code, place.name, categories, time_zone=place.time_zone)
    return replace(menu, version=_digest(categories))


def _choices(rows: _Rows, row: Product, groups: Mapping[int, values.Group]) -> Iterator[values.Group]:
    """Yield the product's groups that have anything to choose from."""
    return (groups[pk] for pk in rows.choices.get(row.pk, ()) if groups[pk].options)


def _group(group: OptionGroup, options: tuple[Option, ...], remains: _Remains) -> values.Group:
    made = tuple(
        values.Option(row.code, row.name, row.price, row.is_default, remains.options.get(row.pk)) for row in options
    )
    return values.Group(group.code, group.name, group.min_choices, group.max_choices, made)


def _product(
    row: Product, shelf: Category, groups: tuple[values.Group, ...], remains: _Remains, local: dt.time
) -> values.Product:
    part = (row.sold_from, row.sold_until)
    start, end = part if any(part) else (shelf.sold_from, shelf.sold_until)
    left = remains.products.get(row.pk)
    why_not = _why_not(left, groups, is_now=is_sold_at(start, end, local))
    return values.Product(
        code=row.code,
        name=row.name,
        price=row.price,
        category=shelf.code,
        details=row.details,
        description=row.description,
        photo=row.photo.sha256 if row.photo else "",
        groups=groups,
        left=left,
        prep_minutes=row.prep_minutes,
        hours=part_of_day(start, end),
        is_available=not why_not,
        why_not=why_not,
        vat_code=row.vat_code,
    )


def _why_not(left: int | None, groups: tuple[values.Group, ...], *, is_now: bool) -> str:
    if left == 0:
        return values.WhyNot.ENDED.value
    if not is_now:
        return values.WhyNot.NOT_NOW.value
    short = any(sum(option.is_available for option in group.options) < group.least for group in groups)
    return values.WhyNot.NO_CHOICE.value if short else ""
