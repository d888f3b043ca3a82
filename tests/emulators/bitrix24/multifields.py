"""Phones, e-mails and messengers of an object: one list of entries, written in two dialects with the same care.

The rules (how `fm` adds, changes and deletes) are those of the manual's page on changing an e-mail or a phone.
"""

from typing import Any

from tests.emulators.bitrix24.fields import MULTIFIELDS
from tests.emulators.bitrix24.methods import as_map, to_int
from tests.emulators.bitrix24.store import Row, Table

IMOL = ("IMOL", "OPENLINE")


def apply_fm(row: Row, written: Any, ids: Table) -> None:
    """Carry out crm.item.*'s `fm`: `n0` or a list adds, a known id changes or (empty value) deletes, the rest stays."""
    for key, element in as_map(written).items():
        entry = as_map(element)
        if entry.get("typeId"):
            _write(row, str(entry["typeId"]), to_int(key), entry.get("value"), entry.get("valueType"), ids)
    recompute(row)


def apply_legacy(row: Row, type_id: str, written: Any, ids: Table) -> None:
    """Carry out crm.lead.*'s `PHONE: [...]`: without ID adds, with ID changes, with ID and an empty VALUE deletes."""
    for element in as_map(written).values():
        entry = as_map(element)
        _write(row, type_id, to_int(entry.get("ID")), entry.get("VALUE"), entry.get("VALUE_TYPE"), ids)
    recompute(row)


def _write(row: Row, type_id: str, number: int, value: Any, value_type: Any, ids: Table) -> None:
    entries: list[Row] = row["fm"]
    known = next((entry for entry in entries if entry["id"] == number), None)
    text = "" if value is None else str(value)
    if known is not None and not text:
        entries.remove(known)
    elif known is not None:
        known.update(typeId=type_id, value=text, valueType=str(value_type or known["valueType"]))
    elif text:
        kind = str(value_type or "WORK")
        entries.append({"id": ids.take_id(), "typeId": type_id, "valueType": kind, "value": text})


def recompute(row: Row) -> None:
    """Set hasPhone, hasEmail and hasImol from the entries."""
    kinds = {entry["typeId"] for entry in row["fm"]}
    row["hasPhone"] = "Y" if "PHONE" in kinds else "N"
    row["hasEmail"] = "Y" if "EMAIL" in kinds else "N"
    row["hasImol"] = "Y" if values(row, "IM", *IMOL) else "N"


def values(row: Row, type_id: str, *value_types: str) -> list[str]:
    """Return the values of one kind, optionally only of some value types."""
    return [
        str(entry["value"])
        for entry in row.get("fm", [])
        if entry["typeId"] == type_id and (not value_types or entry["valueType"] in value_types)
    ]


def flat(row: Row) -> Row:
    """Return the flat fields that crm.item.* shows beside `fm`: phone, phoneWork, email, imol ..."""
    result: Row = {"phone": "", "email": "", "web": "", "im": "", "imol": ""}
    for entry in row.get("fm", []):
        kind = str(entry["typeId"]).lower()
        result[kind] = result.get(kind) or entry["value"]
        detailed = kind + str(entry["valueType"]).capitalize()
        result.setdefault(detailed, entry["value"])
    result["imol"] = next(iter(values(row, "IM", *IMOL)), "")
    return result


def legacy(row: Row, type_id: str) -> list[Row]:
    """Return the entries of one kind as crm.lead.get shows them."""
    return [
        {"ID": str(entry["id"]), "VALUE_TYPE": entry["valueType"], "VALUE": entry["value"], "TYPE_ID": type_id}
        for entry in row.get("fm", [])
        if entry["typeId"] == type_id
    ]


def read_flat(row: Row, name: str) -> list[str]:
    """Return the values a filter on `phone`, `email`, `imol` (or PHONE, EMAIL, IM) compares with."""
    kind = name.upper()
    return values(row, "IM", *IMOL) if kind == "IMOL" else values(row, kind)


FLAT_FILTERS = ("phone", "email", "web", "im", "imol")
LEGACY_FILTERS = MULTIFIELDS
