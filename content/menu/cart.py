"""What a guest has put together: the same cart in the chat and in the Mini App. It keeps names and numbers, never prices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

MOST_OF_ONE = 20  # cups in a line
MOST_LINES = 30
LONGEST_NAME, LONGEST_COMMENT, LONGEST_PROMO, LONGEST_CODE = 60, 300, 40, 60


class CartFull(Exception):
    """The cart takes no more: `most` cups in a line, or `most` lines."""

    def __init__(self, most: int, *, is_of_lines: bool) -> None:
        super().__init__(f"no more than {most} {'lines in a cart' if is_of_lines else 'of one kind'}")
        self.most, self.is_of_lines = most, is_of_lines


class MalformedCart(ValueError):
    """What was to be read is no cart."""


@dataclass(frozen=True, slots=True)
class Line:
    """So many of one product made in one way."""

    id: int
    product: str
    options: tuple[str, ...] = ()  # "size:l", sorted: the same choice is the same line
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Cart:
    """The cart of one guest at one place; every operation returns a new one."""

    place: str = ""
    lines: tuple[Line, ...] = ()
    promo: str = ""
    comment: str = ""
    name: str = ""
    next_id: int = 1

    @property
    def quantity(self) -> int:
        """How many things there are."""
        return sum(line.quantity for line in self.lines)

    def line(self, line_id: int) -> Line | None:
        """Return the line of this id."""
        return next((line for line in self.lines if line.id == line_id), None)

    def add(self, product: str, options: Iterable[str] = (), quantity: int = 1) -> "Cart":
        """Return the cart with one thing more; the same thing made in the same way joins its line. Raises `CartFull`."""
        chosen = canonical(options)
        same = next((line for line in self.lines if (line.product, line.options) == (product, chosen)), None)
        if same:
            return self.set_quantity(same.id, same.quantity + quantity)
        if len(self.lines) >= MOST_LINES:
            raise CartFull(MOST_LINES, is_of_lines=True)
        line = Line(self.next_id, product, chosen, _counted(quantity))
        return replace(self, lines=(*self.lines, line), next_id=self.next_id + 1)

    def set_quantity(self, line_id: int, quantity: int) -> "Cart":
        """Return the cart with so many in a line; none removes it. Raises `CartFull`."""
        if quantity < 1:
            return self.remove(line_id)
        return self._with(line_id, quantity=_counted(quantity))

    def set_options(self, line_id: int, options: Iterable[str]) -> "Cart":
        """Return the cart with a line made in another way; it joins the line that is made so already. Raises `CartFull`."""
        line, chosen = self.line(line_id), canonical(options)
        if line is None or line.options == chosen:
            return self
        twin = next((other for other in self.lines if (other.product, other.options) == (line.product, chosen)), None)
        if twin is None:
            return self._with(line_id, options=chosen)
        return self.set_quantity(twin.id, twin.quantity + line.quantity).remove(line_id)

    def remove(self, line_id: int) -> "Cart":
        """Return the cart without a line."""
        return replace(self, lines=tuple(line for line in self.lines if line.id != line_id))

    def clear(self) -> "Cart":
        """Return the empty cart; the guest's name stays, and line ids are never given twice."""
        return replace(self, lines=(), promo="", comment="")

    def describe(self, *, promo: str | None = None, comment: str | None = None, name: str | None = None) -> "Cart":
        """Return the cart with other words of the guest, cut to their lengths."""
        return replace(
            self,
            promo=self.promo if promo is None else promo.strip()[:LONGEST_PROMO],
            comment=self.comment if comment is None else comment.strip()[:LONGEST_COMMENT],
            name=self.name if name is None else name.strip()[:LONGEST_NAME],
        )

    def _with(self, line_id: int, **values: Any) -> "Cart":
        changed = (replace(line, **values) if line.id == line_id else line for line in self.lines)
        return replace(self, lines=tuple(changed))

    def to_json(self) -> dict[str, Any]:
        """Return the cart as it is stored."""
        lines = [
            {"id": line.id, "product": line.product, "options": list(line.options), "quantity": line.quantity}
            for line in self.lines
        ]
        words = {"promo": self.promo, "comment": self.comment, "name": self.name}
        return {"place": self.place, "lines": lines, **words, "next_id": self.next_id}

    @classmethod
    def from_json(cls, raw: Any) -> "Cart":
        """Read a stored cart. Raises `MalformedCart`."""
        if not isinstance(raw, Mapping) or not isinstance(raw.get("lines", []), list):
            raise MalformedCart("a cart is an object with lines")
        lines = tuple(_line(item) for item in raw.get("lines", []))
        if len(lines) > MOST_LINES or len({line.id for line in lines}) < len(lines):
            raise MalformedCart("too many lines, or two of one id")
        empty = cls(place=_text(raw.get("place", ""), LONGEST_CODE), lines=lines)
        cart = empty.describe(**{name: _text(raw.get(name, ""), 1000) for name in ("promo", "comment", "name")})
        highest = max((line.id for line in lines), default=0)
        return replace(cart, next_id=max(_number(raw.get("next_id", 1), 1, 10**9), highest + 1))


def canonical(options: Iterable[str]) -> tuple[str, ...]:
    """Return a choice in the one order in which choices are compared."""
    return tuple(sorted(set(options)))


def _counted(quantity: int) -> int:
    if quantity > MOST_OF_ONE:
        raise CartFull(MOST_OF_ONE, is_of_lines=False)
    return quantity


def _line(raw: Any) -> Line:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("options", []), list):
        raise MalformedCart("a line is an object")
    options = canonical(_text(item, LONGEST_CODE) for item in raw.get("options", []))
    return Line(
        id=_number(raw.get("id"), 1, 10**9),
        product=_text(raw.get("product"), LONGEST_CODE),
        options=options,
        quantity=_number(raw.get("quantity", 1), 1, MOST_OF_ONE),
    )


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise MalformedCart("a text was expected")
    return value


def _number(value: Any, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise MalformedCart("a number was expected")
    return value
