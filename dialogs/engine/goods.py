"""What is on sale, as the engine knows it, and which of it is shown: one product, by need."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """One offer. The price is a text: the engine shows it and never reckons with it."""

    code: str
    name: str
    price: str
    description: str = ""
    audience: str = ""
    personas: tuple[str, ...] = ()  # whom it suits

    def variables(self) -> Mapping[str, str]:
        """Return what texts may use of it."""
        return {
            "product.name": self.name,
            "product.price": self.price,
            "product.description": self.description,
            "product.audience": self.audience,
        }


def suited(
    products: Sequence[Product], *, persona: str, bought: Collection[str] = (), code: str = ""
) -> Product | None:
    """Return the product to show: the one named, else the first that suits the person, else the first; never one they have."""
    left = [product for product in products if product.code not in bought and code in ("", product.code)]
    fitting = [product for product in left if persona and persona in product.personas]
    return next(iter([*fitting, *left]), None)
