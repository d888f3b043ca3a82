"""The back office of the library."""

from content.admin import (
    bonuses,
    categories,
    consents,
    faq,
    materials,
    menu_items,
    option_groups,
    places,
    price_changes,
    products,
    profile,
    snippets,
    stops,
)

__all__ = [
    "bonuses",
    "categories",
    "consents",
    "faq",
    "materials",
    "menu_items",
    "option_groups",
    "places",
    "price_changes",
    "products",
    "profile",
    "snippets",
    "stops",
]
