"""A number that stands somewhere else in a lead: in its title, a comment, a custom field, its contact."""

from dataclasses import dataclass
from html import unescape
from typing import Any

from django.utils.html import strip_tags

from crm.bitrix24 import errors
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.methods.items import EntityType, Item, get_item
from crm.bitrix24.multifields import read_multifields
from crm.phones import find_phones

TEXT_FIELDS = ("title", "comments", "sourceDescription", "name", "lastName", "statusDescription")


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A valid number and where it stood, in the words of the card."""

    phone: str
    place: str


def find_number(client: Bitrix24, item: Item, *, region: str) -> FoundNumber | None:
    """Return the first valid number of the item's texts, then of its linked contacts."""
    for place, text in texts_of(item):
        if phone := first_number(text, region=region):
            return FoundNumber(phone, place)
    for contact_id in item.get("contactIds") or []:
        if found := _number_of_contact(client, int(contact_id), region=region):
            return found
    return None


def texts_of(item: Item) -> list[tuple[str, str]]:
    """Return the readable texts of an item by field name: its own first, then the custom fields."""
    names = [*TEXT_FIELDS, *sorted(name for name in item if name.startswith("ufCrm"))]
    return [(name, text) for name in names if (text := _plain(item.get(name)))]


def first_number(text: str, *, region: str) -> str:
    """Return the first valid number in `text` as E.164, or ""."""
    numbers = find_phones([text], region=region).numbers
    return numbers[0] if numbers else ""


def _plain(value: Any) -> str:
    """Return a field's value as plain text; comments come as HTML."""
    if isinstance(value, list):
        return " ; ".join(_plain(item) for item in value)
    return unescape(strip_tags(str(value))) if isinstance(value, str | int) else ""


def _number_of_contact(client: Bitrix24, contact_id: int, *, region: str) -> FoundNumber | None:
    try:
        contact = get_item(client, EntityType.CONTACT, contact_id)
    except errors.NotFound:
        return None
    for entry in read_multifields(contact):
        if phone := first_number(entry.value, region=region):
            return FoundNumber(phone, f"contact {contact_id}")
    return None
