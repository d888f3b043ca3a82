"""The menu of a preset: places, groups of options, shelves and their products with the photos we drew."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from content.models import Category, Option, OptionGroup, Place, Product, ProductGroup
from content.photos import keep_photo

PHOTOS = Path(__file__).parent / "presets" / "photos"
_PLAIN = ("name", "details", "description", "prep_minutes")


def load_menu(raw: Mapping[str, Any], key: str) -> None:
    """Write what of the preset's menu is not there yet; what an admin has edited since is left as it is."""
    places = {item["code"]: _place(item, order, key) for order, item in enumerate(raw.get("places", ()))}
    groups = {item["code"]: _group(item, order, key) for order, item in enumerate(raw.get("option_groups", ()))}
    for order, shelf in enumerate(raw.get("menu", ())):
        until = dt.time.fromisoformat(shelf["sold_until"]) if "sold_until" in shelf else None
        values = {"name": shelf["name"], "emoji": shelf["emoji"], "sold_until": until}
        category, _made = Category.objects.get_or_create(
            code=shelf["code"], defaults={**values, "order": order, "scenario_key": key}
        )
        for number, item in enumerate(shelf["products"]):
            if not Product.objects.filter(code=item["code"]).exists():
                _load_product(item, category, groups, [places[code] for code in item.get("places", ())], number)


def _place(item: Mapping[str, Any], order: int, key: str) -> Place:
    rest = {name: value for name, value in item.items() if name != "code"}
    place, _made = Place.objects.get_or_create(
        code=item["code"], defaults={**rest, "order": order, "scenario_key": key}
    )
    return place


def _group(item: Mapping[str, Any], order: int, key: str) -> OptionGroup:
    limits = {"min_choices": item.get("least", 0), "max_choices": item.get("most", 1)}
    group, is_new = OptionGroup.objects.get_or_create(
        code=item["code"], defaults={"name": item["name"], **limits, "order": order, "scenario_key": key}
    )
    if is_new:
        Option.objects.bulk_create(_options(group, item["options"]))
    return group


def _options(group: OptionGroup, items: Sequence[Mapping[str, Any]]) -> list[Option]:
    return [
        Option(
            group=group,
            code=item["code"],
            name=item["name"],
            price=Decimal(item.get("price", 0)),
            is_default=item.get("default", False),
            order=order,
        )
        for order, item in enumerate(items)
    ]


def _load_product(
    item: Mapping[str, Any],
    category: Category,
    groups: Mapping[str, OptionGroup],
    places: Sequence[Place],
    order: int,
) -> None:
    photo = PHOTOS / f"{item['code']}.webp"
    product = Product.objects.create(
        code=item["code"],
        category=category,
        price=Decimal(item["price"]),
        photo=keep_photo(photo.read_bytes()) if photo.exists() else None,
        order=order,
        scenario_key=category.scenario_key,
        **{name: item[name] for name in _PLAIN if name in item},
    )
    product.places.set(places)
    ProductGroup.objects.bulk_create(
        ProductGroup(product=product, group=groups[code], order=number)
        for number, code in enumerate(item.get("groups", ()))
    )
