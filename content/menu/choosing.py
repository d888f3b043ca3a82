"""Which choices a product allows: what is chosen at first, what a press changes, what is still to be chosen."""

from collections.abc import Iterable

from content.menu.cart import canonical
from content.menu.values import Group, Product


def at_first(product: Product) -> tuple[str, ...]:
    """Return what is chosen before the guest has pressed anything: the defaults that have not ended."""
    names = (
        f"{group.code}:{option.code}"
        for group in product.groups
        for option in [option for option in group.options if option.is_default and option.is_available][: group.most]
    )
    return canonical(names)


def pressed(product: Product, options: Iterable[str], name: str) -> tuple[str, ...]:
    """Return the choice after a press on `name`: one of a kind changes over, several of a kind go on and off."""
    chosen, found = set(options), product.chosen(name)
    if found is None or not found[1].is_available:
        return canonical(chosen)
    group = found[0]
    others = {other for other in chosen if other.startswith(f"{group.code}:") and other != name}
    if name in chosen:
        may_leave = len(others) >= group.least
        return canonical(chosen - {name}) if may_leave else canonical(chosen)
    if group.most == 1:
        return canonical((chosen - others) | {name})
    return canonical(chosen | {name}) if len(others) < group.most else canonical(chosen)


def unfit(product: Product, options: Iterable[str]) -> tuple[Group, ...]:
    """Return the groups whose limits the choice does not keep: too little is chosen of them, or too much."""
    chosen = canonical(options)
    return tuple(group for group in product.groups if not group.least <= _count(group, chosen) <= group.most)


def _count(group: Group, chosen: tuple[str, ...]) -> int:
    return sum(f"{group.code}:{option.code}" in chosen for option in group.options)
