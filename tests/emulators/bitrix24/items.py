"""crm.item.*: leads (1), deals (2) and contacts (3) under their new names."""

from typing import Any

from tests.emulators.bitrix24 import multifields, records
from tests.emulators.bitrix24.fields import Entity, entity_by_type, fields_of
from tests.emulators.bitrix24.filters import check_filter, fits, ordered
from tests.emulators.bitrix24.lists import page
from tests.emulators.bitrix24.methods import Call, Page, RestError, as_list, as_map, method, to_int
from tests.emulators.bitrix24.store import Row


@method("crm.item.add", "crm")
def add(call: Call) -> Any:
    """Add an object; answers with the whole item."""
    entity = _entity(call)
    values = as_map(call.need("fields"))
    row = records.create(call.portal, entity, values, _multi(values), by=call.auth.user_id)
    return {"item": whole(call, entity, row)}


@method("crm.item.update", "crm")
def update(call: Call) -> Any:
    """Change an object; answers with the whole item, changed or not."""
    entity = _entity(call)
    values = as_map(call.need("fields"))
    row = _find(call, entity)
    records.change(call.portal, entity, row, values, _multi(values), by=call.auth.user_id)
    return {"item": whole(call, entity, row)}


@method("crm.item.get", "crm")
def get(call: Call) -> Any:
    """Return one item with all its fields."""
    entity = _entity(call)
    return {"item": whole(call, entity, _find(call, entity))}


@method("crm.item.delete", "crm")
def delete(call: Call) -> Any:
    """Delete one item."""
    entity = _entity(call)
    records.delete(call.portal, entity, _find(call, entity))
    return []


@method("crm.item.list", "crm")
def list_(call: Call) -> Page:
    """Return a page of items."""
    entity = _entity(call)
    filter_ = call.get("filter") or {}
    # The official SDK orders by ID until it has seen an item; the portal understands that name here, and only here.
    order = {"id" if name == "ID" else name: way for name, way in as_map(call.get("order")).items()}
    kinds = _kinds(call, entity)
    check_filter(filter_, kinds.get, with_logic=True)
    _check_order(order, kinds)
    rows = [
        row for row in call.portal.store[entity.table].values() if fits(row, filter_, kinds.get, _read, with_logic=True)
    ]
    shown, total, following = page(call, ordered(rows, order, kinds.get, _read))
    names = [str(name) for name in as_list(call.get("select"))]
    return Page({"items": [_selected(call, entity, row, names) for row in shown]}, total, following)


@method("crm.item.fields", "crm")
def fields(call: Call) -> Any:
    """Describe the fields, each with its upper-case name."""
    entity = _entity(call)
    described = {
        field.name: {
            "type": field.kind,
            "isRequired": False,
            "isReadOnly": field.read_only,
            "isImmutable": False,
            "isMultiple": field.is_multiple,
            "isDynamic": field.upper.startswith("UF_"),
            "title": field.upper,
            "upperName": field.upper,
        }
        for field in fields_of(entity, call.portal.settings).values()
    }
    return {"fields": described}


def whole(call: Call, entity: Entity, row: Row) -> Row:
    """Return an item with everything: fields, `fm` and the flat phone, email, imol."""
    shown = {name: row.get(name) for name in fields_of(entity, call.portal.settings)}
    shown["entityTypeId"] = entity.type_id
    if entity.has_multifields:
        shown |= multifields.flat(row) | {"fm": [dict(entry) for entry in row["fm"]]}
    return shown


def _selected(call: Call, entity: Entity, row: Row, names: list[str]) -> Row:
    everything = whole(call, entity, row)
    if not names or "*" in names:
        return everything
    # `fm` cannot be asked for by name; only everything contains it.
    return {name: value for name, value in everything.items() if name in names and name != "fm"}


def _entity(call: Call) -> Entity:
    return entity_by_type(to_int(call.need("entityTypeId")))


def _find(call: Call, entity: Entity) -> Row:
    row = call.portal.store[entity.table].get(to_int(call.need("id")))
    if row is None:
        raise RestError("NOT_FOUND", "Элемент не найден")
    return row


def _multi(values: Row) -> Row:
    return {"fm": values["fm"]} if "fm" in values else {}


def _kinds(call: Call, entity: Entity) -> dict[str, str]:
    kinds = {field.name: field.kind for field in fields_of(entity, call.portal.settings).values()}
    if entity.has_multifields:
        kinds |= dict.fromkeys(multifields.FLAT_FILTERS, "string")
    return kinds


def _read(row: Row, name: str) -> Any:
    return multifields.read_flat(row, name) if name in multifields.FLAT_FILTERS else row.get(name)


def _check_order(order: Row, kinds: dict[str, str]) -> None:
    for name, direction in order.items():
        if name not in kinds:
            raise RestError("INVALID_ARG_VALUE", f"Invalid order: field '{name}' is not allowed in order")
        if str(direction).upper() not in {"ASC", "DESC"}:
            raise RestError("INVALID_ARG_VALUE", "Invalid order: allowed values are ASC and DESC")
