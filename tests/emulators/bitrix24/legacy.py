"""crm.lead.*, crm.deal.* and crm.contact.*: the old names over the same objects, every id a string."""

from collections.abc import Callable
from typing import Any

from tests.emulators.bitrix24 import multifields, records
from tests.emulators.bitrix24.fields import BY_WORD, LEAD, MULTIFIELDS, Entity, fields_of
from tests.emulators.bitrix24.filters import fits, ordered
from tests.emulators.bitrix24.lists import page
from tests.emulators.bitrix24.methods import Call, Page, RestError, as_list, as_map, is_yes, method, to_int
from tests.emulators.bitrix24.notices import notify
from tests.emulators.bitrix24.store import Row


def _add(call: Call, entity: Entity) -> int:
    values, multi = _written(call, entity)
    row = records.create(call.portal, entity, values, multi, by=call.auth.user_id)
    _tell_responsible(call, entity, row)
    return int(row["id"])


def _update(call: Call, entity: Entity) -> bool:
    row = _find(call, entity)
    values, multi = _written(call, entity)
    records.change(call.portal, entity, row, values, multi, by=call.auth.user_id)
    _tell_responsible(call, entity, row)
    return True


def _get(call: Call, entity: Entity) -> Row:
    row = _find(call, entity)
    return _shown(call, entity, row) | _shown_multi(entity, row, MULTIFIELDS)


def _delete(call: Call, entity: Entity) -> bool:
    records.delete(call.portal, entity, _find(call, entity))
    return True


def _list(call: Call, entity: Entity) -> Page:
    names = {field.upper: field for field in fields_of(entity, call.portal.settings).values()}
    kinds = {upper: field.kind for upper, field in names.items()} | dict.fromkeys(MULTIFIELDS, "string")

    def read(row: Row, upper: str) -> Any:
        return multifields.read_flat(row, upper) if upper in MULTIFIELDS else row.get(names[upper].name)

    filter_ = call.get("filter") or {}
    rows = call.portal.store[entity.table].values()
    chosen = [row for row in rows if fits(row, filter_, kinds.get, read, with_logic=False)]
    shown, total, following = page(call, ordered(chosen, call.get("order"), kinds.get, read))
    select = [str(name).upper() for name in as_list(call.get("select"))]
    return Page([_picked(call, entity, row, select) for row in shown], total, following)


def _fields(call: Call, entity: Entity) -> Row:
    described = {
        field.upper: {
            "type": field.kind,
            "isRequired": False,
            "isReadOnly": field.read_only,
            "isImmutable": False,
            "isMultiple": field.is_multiple,
            "isDynamic": field.upper.startswith("UF_"),
            "title": field.upper,
        }
        for field in fields_of(entity, call.portal.settings).values()
    }
    multiple = {"type": "crm_multifield", "isReadOnly": False, "isMultiple": True}
    return described | (dict.fromkeys(MULTIFIELDS, multiple) if entity.has_multifields else {})


def _picked(call: Call, entity: Entity, row: Row, select: list[str]) -> Row:
    everything = _shown(call, entity, row)
    if select and "*" not in select:
        wanted = {*select, "ID"}  # the old lists always answer with the id
        everything = {
            name: value
            for name, value in everything.items()
            if name in wanted or ("UF_*" in select and name.startswith("UF_"))
        }
    return everything | _shown_multi(entity, row, [kind for kind in MULTIFIELDS if kind in select])


def _shown(call: Call, entity: Entity, row: Row) -> Row:
    fields = fields_of(entity, call.portal.settings).values()
    return {field.upper: _text(row.get(field.name)) for field in fields if not field.is_multiple}


def _shown_multi(entity: Entity, row: Row, kinds: Any) -> Row:
    """Entries stand there only when there are any: a lead without a phone has no PHONE key."""
    if not entity.has_multifields:
        return {}
    return {kind: entries for kind in kinds if (entries := multifields.legacy(row, kind))}


def _text(value: Any) -> Any:
    if value is None:
        return None
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _written(call: Call, entity: Entity) -> tuple[Row, Row]:
    given = as_map(call.get("fields"))
    names = {field.upper: field.name for field in fields_of(entity, call.portal.settings).values()}
    values = {names[upper]: value for upper, value in given.items() if upper in names}
    return values, {kind: given[kind] for kind in MULTIFIELDS if kind in given}


def _find(call: Call, entity: Entity) -> Row:
    number = to_int(call.get("id"))
    if number <= 0:
        raise RestError("", "ID is not defined or invalid.")
    row = call.portal.store[entity.table].get(number)
    if row is None:
        raise RestError("", "Not found")
    return row


def _tell_responsible(call: Call, entity: Entity, row: Row) -> None:
    if is_yes(as_map(call.get("params")).get("REGISTER_SONET_EVENT")) and row["assignedById"] != call.auth.user_id:
        text = f"Вы назначены ответственным: {entity.title.lower()} «{row.get('title', row['id'])}»"
        notify(call.portal, row["assignedById"], text)


def _bind(action: Callable[[Call, Entity], Any], entity: Entity) -> Callable[[Call], Any]:
    return lambda call: action(call, entity)


for _word, _entity in BY_WORD.items():
    for _verb, _action in {
        "add": _add,
        "update": _update,
        "get": _get,
        "delete": _delete,
        "list": _list,
        "fields": _fields,
    }.items():
        method(f"crm.{_word}.{_verb}", "crm")(_bind(_action, _entity))


@method("crm.lead.contact.items.get", "crm")
def lead_contacts(call: Call) -> list[Row]:
    """Return the contacts linked to a lead."""
    row = _find(call, LEAD)
    return [
        {"CONTACT_ID": number, "SORT": 10 * position, "IS_PRIMARY": "Y" if position == 1 else "N"}
        for position, number in enumerate(row["contactIds"], 1)
    ]
