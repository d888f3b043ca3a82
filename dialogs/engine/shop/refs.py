"""Short names for codes, so that a button's data never outgrows the 64 bytes it has; the same code gives the same name."""

import zlib
from collections.abc import Iterable
from typing import Protocol, TypeVar

PRODUCT, CHOICE = 20, 24  # letters of a product's name, and of a group's or an option's


class Coded(Protocol):
    """Anything of the menu."""

    @property
    def code(self) -> str: ...


T = TypeVar("T", bound=Coded)


def ref(code: str, most: int = PRODUCT) -> str:
    """Return the code itself when it fits, else its beginning and a sum of it all."""
    if len(code) <= most:
        return code
    return f"{code[: most - 9]}~{zlib.crc32(code.encode()):08x}"


def found(name: str, among: Iterable[T], most: int = PRODUCT) -> T | None:
    """Return the one that is called so; None for what is no longer there, or never was."""
    return next((item for item in among if ref(item.code, most) == name), None)
