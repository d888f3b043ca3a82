"""What a cart costs by this menu, and what of it is not as the guest saw it. Money is decimal roubles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from content.menu.cart import Cart, Line
from content.menu.changes import Change, Kind
from content.menu.choosing import at_first, unfit
from content.menu.remains import Remains
from content.menu.values import NOTHING, Group, Menu, Option, Product, WhyNot


@dataclass(frozen=True, slots=True)
class PricedOption:
    """One chosen option as it is told and kept."""

    code: str  # "size:l"
    group: str
    name: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line of the cart with its words and its price."""

    id: int
    product: str
    title: str
    options: tuple[PricedOption, ...]
    unit: Decimal
    quantity: int
    total: Decimal
    photo: str = ""
    vat_code: int | None = None
    prep_minutes: int | None = None
    problem: str = ""  # the kind of change that keeps it from being ordered

    @property
    def details(self) -> str:
        """The options in words, as they are told under the title."""
        return ", ".join(option.name for option in self.options)


@dataclass(frozen=True, slots=True)
class Priced:
    """The cart as it can be shown: each line with its price, the sum of what can be ordered, and what moved."""

    lines: tuple[PricedLine, ...]
    subtotal: Decimal
    changes: tuple[Change, ...]

    def seen(self) -> dict[str, Any]:
        """Return what the guest sees here, to hand back to `price` as `expected` when they confirm."""
        lines = {str(line.id): {"title": line.title, "unit": str(line.unit)} for line in self.lines}
        return {"lines": lines, "subtotal": str(self.subtotal)}


def price(cart: Cart, menu: Menu, expected: Mapping[str, Any] | None = None) -> Priced:
    """Price a cart by the menu as it is now; `expected` is what `Priced.seen` returned when the guest looked last."""
    seen = _prices_in(expected)
    remains = Remains()
    lines: list[PricedLine] = []
    changes = list(_of_the_place(menu))
    for line in cart.lines:
        product = menu.product(line.product)
        title, was = seen.get(line.id, ("", None))
        if product is None:
            lines.append(_gone(line, title))
            changes.append(Change(Kind.PRODUCT_GONE, line.id, {"product": title or line.product}))
            continue
        found = list(_blocks(line, product, remains))
        priced = _priced(line, product, problem=found[0].kind.value if found else "")
        changes += [*found, *_moved_price(priced, was)]
        lines.append(priced)
    return Priced(tuple(lines), sum((line.total for line in lines if not line.problem), NOTHING), tuple(changes))


def unit_price(product: Product, options: tuple[str, ...]) -> Decimal:
    """Return what one piece made so costs; never less than nothing."""
    found = (product.chosen(name) for name in options)
    return max(NOTHING, product.price + sum((pair[1].price for pair in found if pair), NOTHING))


def mend(cart: Cart, menu: Menu) -> Cart:
    """Return the cart with what cannot be ordered taken out or made orderable: what a guest gets who says "go on without"."""
    remains = Remains()
    lines: list[Line] = []
    for line in cart.lines:
        product = menu.product(line.product)
        if product is None or not product.is_available:
            continue
        kept = tuple(name for name in line.options if _is_takeable(product, name))
        for group in unfit(product, kept):
            kept = _refilled(product, group, kept)
        left = remains.for_line(product, kept)
        quantity = line.quantity if left is None else min(line.quantity, left)
        if quantity and not unfit(product, kept):
            remains.take(product, kept, quantity)
            lines.append(replace(line, options=tuple(sorted(kept)), quantity=quantity))
    return replace(cart, lines=tuple(lines))


def _is_takeable(product: Product, name: str) -> bool:
    found = product.chosen(name)
    return bool(found and found[1].is_available)


def _refilled(product: Product, group: Group, kept: tuple[str, ...]) -> tuple[str, ...]:
    """A choice that no longer fits its group begins anew with the group's defaults."""
    others = tuple(name for name in kept if not name.startswith(f"{group.code}:"))
    return (*others, *(name for name in at_first(product) if name.startswith(f"{group.code}:")))


def _prices_in(expected: Mapping[str, Any] | None) -> dict[int, tuple[str, Decimal]]:
    lines = (expected or {}).get("lines", {})
    return {int(number): (str(line["title"]), Decimal(line["unit"])) for number, line in lines.items()}


def _of_the_place(menu: Menu) -> Iterator[Change]:
    if menu.is_paused:
        until = menu.paused_until.isoformat() if menu.paused_until else ""
        yield Change(Kind.PLACE_PAUSED, None, {"reason": menu.pause_reason, "until": until})


def _blocks(line: Line, product: Product, remains: Remains) -> Iterator[Change]:
    """Yield what keeps a line from being ordered."""
    if product.why_not == WhyNot.NOT_NOW:
        yield Change(Kind.NOT_NOW, line.id, {"product": product.name, "hours": product.hours})
        return
    if not product.is_available:
        yield Change(Kind.PRODUCT_GONE, line.id, {"product": product.name})
        return
    gone = [name for name in line.options if not _is_takeable(product, name)]
    yield from (_option_gone(line, product, name) for name in gone)
    for group in () if gone else unfit(product, line.options):
        facts = {"group": group.name, "code": group.code, "least": str(group.least), "most": str(group.most)}
        yield Change(Kind.GROUP_MISSING, line.id, {"product": product.name, **facts})
    if gone:
        return
    short = remains.shortage(product, line.options, line.quantity)
    if short:
        yield Change(Kind.TOO_FEW_LEFT, line.id, {"product": product.name, **short})
    else:
        remains.take(product, line.options, line.quantity)


def _option_gone(line: Line, product: Product, name: str) -> Change:
    found = product.chosen(name)
    return Change(
        Kind.OPTION_GONE, line.id, {"product": product.name, "option": found[1].name if found else name, "code": name}
    )


def _moved_price(line: PricedLine, was: Decimal | None) -> Iterator[Change]:
    if not line.problem and was is not None and was != line.unit:
        facts = {"product": line.title, "was": str(was), "now": str(line.unit)}
        yield Change(Kind.PRICE_CHANGED, line.id, facts)


def _gone(line: Line, title: str) -> PricedLine:
    return PricedLine(
        id=line.id,
        product=line.product,
        title=title or line.product,
        options=(),
        unit=NOTHING,
        quantity=line.quantity,
        total=NOTHING,
        problem=Kind.PRODUCT_GONE.value,
    )


def _priced(line: Line, product: Product, *, problem: str) -> PricedLine:
    unit = unit_price(product, line.options)
    return PricedLine(
        id=line.id,
        product=line.product,
        title=product.name,
        options=tuple(_told(product, line.options)),
        unit=unit,
        quantity=line.quantity,
        total=unit * line.quantity,
        photo=product.photo,
        vat_code=product.vat_code,
        prep_minutes=product.prep_minutes,
        problem=problem,
    )


def _told(product: Product, options: tuple[str, ...]) -> Iterator[PricedOption]:
    """Yield the chosen options in the order of the menu, whatever the order of their codes."""
    for group in product.groups:
        for option in group.options:
            if (name := f"{group.code}:{option.code}") in options:
                yield _as_told(name, group, option)


def _as_told(name: str, group: Group, option: Option) -> PricedOption:
    return PricedOption(code=name, group=group.name, name=option.name, price=option.price)
