"""Adding a phone or an e-mail address to the card, without harming what is there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from crm.bitrix24.methods import items
from crm.bitrix24.multifields import addition_of, mail_addition_of
from crm.bitrix24.operations.base import Result, Write, remember
from crm.bitrix24.portals import ORIGINATOR

Addition = Callable[[items.Item], dict[str, Any]]  # what must be written so that an item has it; empty: it has


@dataclass(frozen=True, slots=True)
class PhoneHolder:
    """The item whose `fm` carries the customer's phones."""

    kind: items.EntityType
    id: int


def add_phone(write: Write) -> Result:
    """Add the number beside those that are there; nothing is written when it is one of them."""
    return _add(write, partial(addition_of, write.params["phone"]), is_phone=True)


def has_number(write: Write) -> bool:
    """Return whether the number is there."""
    is_there = _has(write, partial(addition_of, write.params["phone"]))
    if is_there:
        remember(write.remote, {}, {}, has_phone=True)
    return is_there


def add_email(write: Write) -> Result:
    """Add the address beside those that are there; nothing is written when it is one of them."""
    return _add(write, partial(mail_addition_of, write.params["email"]))


def has_email(write: Write) -> bool:
    """Return whether the address is there."""
    return _has(write, partial(mail_addition_of, write.params["email"]))


def _add(write: Write, addition_to: Addition, *, is_phone: bool = False) -> Result:
    holder = holder_of(write)
    item = items.get_item(write.client, holder.kind, holder.id) if holder else {}
    addition = addition_to(item)
    if holder is None:
        _add_contact(write, addition)
    elif addition:
        item = items.update_item(write.client, holder.kind, holder.id, addition)
    remember(write.remote, item if write.kind is items.EntityType.LEAD else {}, {}, has_phone=is_phone)
    return {"added": bool(addition)}


def _has(write: Write, addition_to: Addition) -> bool:
    holder = holder_of(write)
    return holder is not None and not addition_to(items.get_item(write.client, holder.kind, holder.id))


def holder_of(write: Write) -> PhoneHolder | None:
    """Return what carries the phones: the lead itself; of a deal its contact, `None` when it has none."""
    remote = write.remote
    if write.kind is items.EntityType.LEAD:
        return PhoneHolder(write.kind, remote.remote_id)
    deal = items.get_item(write.client, write.kind, remote.remote_id)
    contact_id = int(deal.get("contactId") or 0)
    return PhoneHolder(items.EntityType.CONTACT, contact_id) if contact_id else None


def _add_contact(write: Write, phone: Mapping[str, Any]) -> None:
    """Make the contact of a deal that has none, under our own key, and bind it."""
    origin = f"contact-of-deal-{write.remote.remote_id}"
    contact = items.EntityType.CONTACT
    known = items.find_by_origin(write.client, contact, originator=ORIGINATOR, origin=origin)
    name = write.lead.customer.name if write.lead else ""
    fields = {"name": name or "Клиент", **phone, "originatorId": ORIGINATOR, "originId": origin}
    contact_id = known[0] if known else items.add_item(write.client, contact, fields)
    items.update_item(write.client, write.kind, write.remote.remote_id, {"contactIds": [contact_id]})
