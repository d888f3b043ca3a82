"""How much of what is counted is left while a cart is gone through: two lines share one stop-list."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from content.menu.values import Product


@dataclass(slots=True)
class Remains:
    """What earlier lines of the same cart have taken of each counted thing."""

    _taken: Counter[str] = field(default_factory=Counter)

    def for_line(self, product: Product, options: tuple[str, ...]) -> int | None:
        """Return how many pieces made so can still be had; None when nobody counts."""
        counts = [left for _name, _title, left in self._counted(product, options)]
        return min(counts) if counts else None

    def shortage(self, product: Product, options: tuple[str, ...], quantity: int) -> dict[str, str] | None:
        """Return the facts of what is too few for so many pieces: how many are left, and of which option."""
        short = [(left, title) for _name, title, left in self._counted(product, options) if left < quantity]
        if not short:
            return None
        left, title = min(short)
        return {"left": str(left), "option": title} if title else {"left": str(left)}

    def take(self, product: Product, options: tuple[str, ...], quantity: int) -> None:
        """Remember what a line takes."""
        for name, _title, _left in self._counted(product, options):
            self._taken[name] += quantity

    def _counted(self, product: Product, options: tuple[str, ...]) -> Iterator[tuple[str, str, int]]:
        """Yield the counted things of a piece: name, the option's title ("" for the product itself), what is left."""
        if product.left is not None:
            yield product.code, "", max(0, product.left - self._taken[product.code])
        for name in options:
            found = product.chosen(name)
            if found and found[1].left is not None:
                yield f":{name}", found[1].name, max(0, found[1].left - self._taken[f":{name}"])
