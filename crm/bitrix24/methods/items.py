"""Leads, deals and contacts through `crm.item.*` (the older `crm.lead.*` is no longer developed).

https://apidocs.bitrix24.com/api-reference/crm/universal/index.html
"""

import enum
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from crm.bitrix24.client import Bitrix24
from crm.bitrix24.php import as_list, as_map

Item = dict[str, Any]


class EntityType(enum.IntEnum):
    """`entityTypeId` of the kinds we touch; `name.lower()` is the word other methods want."""

    LEAD = 1
    DEAL = 2
    CONTACT = 3


def get_item(client: Bitrix24, kind: EntityType, item_id: int) -> Item:
    """Return one item with all fields, phones (`fm`) included; raises `NotFound`.

    https://apidocs.bitrix24.com/api-reference/crm/universal/crm-item-get.html
    """
    result = client.read("crm.item.get", {"entityTypeId": int(kind), "id": item_id})
    return as_map(as_map(result).get("item"))


def find_items(client: Bitrix24, kind: EntityType, where: dict[str, Any], *, select: list[str]) -> list[Item]:
    """Return the newest items that fit the filter, fifty at most.

    https://apidocs.bitrix24.com/api-reference/crm/universal/crm-item-list.html
    """
    params = {"entityTypeId": int(kind), "filter": where, "select": select, "order": {"id": "DESC"}, "start": -1}
    return as_list(as_map(client.read("crm.item.list", params)).get("items"))


def read_items(client: Bitrix24, kind: EntityType, where: dict[str, Any], *, select: list[str]) -> Iterator[Item]:
    """Yield every item that fits the filter, oldest first."""
    params = {"entityTypeId": int(kind), "filter": where, "select": select}
    return client.read_all("crm.item.list", params, rows="items")


def find_by_origin(client: Bitrix24, kind: EntityType, *, originator: str, origin: str) -> list[int]:
    """Return the ids of items that carry our own key: what makes creating idempotent. Oldest first."""
    where = {"=originatorId": originator, "=originId": origin}
    return sorted(int(item["id"]) for item in find_items(client, kind, where, select=["id"]))


def add_item(client: Bitrix24, kind: EntityType, fields: dict[str, Any]) -> int:
    """Create an item and return its id; an unknown field name is silently ignored by the portal.

    https://apidocs.bitrix24.com/api-reference/crm/universal/crm-item-add.html
    """
    result = client.write("crm.item.add", {"entityTypeId": int(kind), "fields": fields})
    return int(as_map(as_map(result).get("item"))["id"])


def update_item(client: Bitrix24, kind: EntityType, item_id: int, fields: dict[str, Any]) -> Item:
    """Change the given fields and return the item as it is now.

    https://apidocs.bitrix24.com/api-reference/crm/universal/crm-item-update.html
    """
    result = client.write("crm.item.update", {"entityTypeId": int(kind), "id": item_id, "fields": fields})
    return as_map(as_map(result).get("item"))


def updated_at(item: Item) -> datetime | None:
    """Return when the portal last changed the item, with its zone."""
    text = str(item.get("updatedTime") or "")
    return datetime.fromisoformat(text) if text else None
