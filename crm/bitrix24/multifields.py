"""Phones of a lead (`fm`, multiple fields): reading them, and adding one without harming the others.

https://apidocs.bitrix24.com/tutorials/crm/how-to-edit-crm-objects/how-to-change-email-or-phone.html
"""

from dataclasses import dataclass
from typing import Any

from crm.bitrix24.php import as_list


@dataclass(frozen=True, slots=True)
class Multifield:
    """One phone, e-mail or messenger entry of a lead, deal or contact."""

    id: int
    type_id: str
    value_type: str
    value: str


def read_multifields(item: dict[str, Any], type_id: str = "PHONE") -> list[Multifield]:
    """Return the entries of one kind in an answer of `crm.item.get` or `crm.item.list` (selected with `*`)."""
    rows = [row for row in as_list(item.get("fm")) if isinstance(row, dict)]
    return [
        Multifield(int(row.get("id") or 0), type_id, str(row.get("valueType") or ""), str(row["value"]))
        for row in rows
        if row.get("typeId") == type_id and row.get("value")
    ]


def has_phone(item: dict[str, Any]) -> bool:
    """Return whether the item has a phone; the flag comes in lists, the entries in full answers."""
    return item.get("hasPhone") == "Y" or bool(read_multifields(item))


def same_number(left: str, right: str) -> bool:
    """Return whether two spellings are one number; Russia's domestic 8 is the country code 7."""
    return bool(digits_of(left)) and digits_of(left) == digits_of(right)


def digits_of(number: str) -> str:
    """Return the digits only, without an extension, with the domestic 8 of an 11-digit number read as 7."""
    main = number.lower().partition("доб")[0].partition("ext")[0].partition(";")[0]
    digits = "".join(char for char in main if char.isdecimal())
    return f"7{digits[1:]}" if len(digits) == 11 and digits.startswith("8") else digits


def removal_of(item: dict[str, Any], *, phone: str, email: str) -> dict[str, Any]:
    """Return the `fields` that take this phone and this e-mail away and touch nothing else; an empty value deletes."""
    phones = [row for row in read_multifields(item) if phone and same_number(row.value, phone)]
    emails = [row for row in read_multifields(item, "EMAIL") if email and row.value.lower() == email.lower()]
    changes = {str(row.id): {"typeId": row.type_id, "value": ""} for row in (*phones, *emails)}
    return {"fm": changes} if changes else {}


def addition_of(number: str, item: dict[str, Any], *, value_type: str = "MOBILE") -> dict[str, Any]:
    """Return the `fields` that add `number` and touch nothing else; empty when the item has it already.

    The key `n0` means "new"; entries that are not mentioned are kept; `typeId` is required, else nothing happens.
    """
    if any(same_number(phone.value, number) for phone in read_multifields(item)):
        return {}
    return {"fm": {"n0": {"typeId": "PHONE", "valueType": value_type, "value": number}}}


def mail_addition_of(email: str, item: dict[str, Any]) -> dict[str, Any]:
    """Return the `fields` that add an e-mail address, the same way."""
    if any(known.value.strip().casefold() == email.casefold() for known in read_multifields(item, "EMAIL")):
        return {}
    return {"fm": {"n0": {"typeId": "EMAIL", "valueType": "WORK", "value": email}}}
