"""crm.status.*, crm.category.list, crm.settings.mode.get and crm.stagehistory.list."""

import re
from typing import Any

from tests.emulators.bitrix24.fields import DEAL, ENTITIES, LEAD
from tests.emulators.bitrix24.filters import fits, ordered
from tests.emulators.bitrix24.lists import list_answer
from tests.emulators.bitrix24.methods import Call, Page, RestError, as_map, method, to_int
from tests.emulators.bitrix24.stages import ORDER, add_stage, find_stage, stages_of
from tests.emulators.bitrix24.store import Row

ID_LIMIT = 21
_KINDS = {"ID": "integer", "ENTITY_ID": "string", "STATUS_ID": "string", "NAME": "string", "SORT": "integer"}
_KINDS |= {"SYSTEM": "string", "SEMANTICS": "string", "COLOR": "string", "CATEGORY_ID": "integer"}


def has_stages(directory: str) -> bool:
    """Return whether a directory is one of stages (only those have EXTRA and a meaning)."""
    return directory == "STATUS" or directory.startswith("DEAL_STAGE")


@method("crm.status.list", "crm")
def list_(call: Call) -> Page:
    """Return all rows of the directories; `select` is ignored and there is no paging."""
    filter_ = as_map(call.get("filter"))
    if any(key.endswith("ENTITY_ID") and not isinstance(value, str) for key, value in filter_.items()):
        raise RestError("", "ENTITY_ID must be a string.")
    rows = [_row(row) | {"id": row["id"]} for row in call.portal.store["statuses"].values()]
    chosen = [row for row in rows if fits(row, filter_, _KINDS.get, dict.get, with_logic=False)]
    shown = ordered(chosen, call.get("order"), _KINDS.get, dict.get)
    for row in shown:
        del row["id"]
    return Page(shown, len(shown))


@method("crm.status.get", "crm")
def get(call: Call) -> Row:
    """Return one row by its id."""
    return _row(_find(call))


@method("crm.status.add", "crm")
def add(call: Call) -> int:
    """Add a row after all the portal's checks."""
    _need_admin(call)
    fields = as_map(call.get("fields"))
    directory, status_id, name = (str(fields.get(key) or "") for key in ("ENTITY_ID", "STATUS_ID", "NAME"))
    for key, value in {"ENTITY_ID": directory, "STATUS_ID": status_id, "NAME": name}.items():
        if not value:
            raise RestError("", f"The field {key} is required.")
    if not stages_of(call.portal.store, directory):
        raise RestError("", "The specified ENTITY_ID is not found.")
    status_id = _full_id(directory, status_id)
    if find_stage(call.portal.store, directory, status_id):
        raise RestError("ERROR_CORE", "The specified status ID already exists.")
    sort, semantics = to_int(fields.get("SORT") or 10), _semantics(fields)
    _check_order(call, directory, sort, semantics)
    color = str(fields.get("COLOR") or "#ACE9FB")
    store = call.portal.store
    return add_stage(
        store, directory, status_id, name=name, sort=sort, color=color, semantics=semantics, is_system=False
    )


@method("crm.status.update", "crm")
def update(call: Call) -> bool:
    """Change name, order or colour; ids and meanings of stages stay."""
    _need_admin(call)
    row, fields = _find(call), as_map(call.get("fields"))
    sort = to_int(fields.get("SORT", row["sort"]))
    if sort != row["sort"]:
        _check_order(call, row["directory"], sort, row["semantics"], but=row["id"])
    row.update(sort=sort, name=str(fields.get("NAME") or row["name"]), color=str(fields.get("COLOR") or row["color"]))
    return True


@method("crm.status.delete", "crm")
def delete(call: Call) -> bool:
    """Delete a row that is not the system's own."""
    _need_admin(call)
    row = _find(call)
    if row["isSystem"]:
        raise RestError("ERROR_CORE", "CRM System Status can not be deleted.")
    del call.portal.store["statuses"][row["id"]]
    return True


@method("crm.category.list", "crm")
def categories(call: Call) -> Page:
    """Return the pipelines of deals; the first has id 0."""
    if to_int(call.need("entityTypeId")) != DEAL.type_id:
        raise RestError("ENTITY_TYPE_NOT_SUPPORTED", "Entity type does not support categories")
    first: Row = {"id": 0, "name": "Общая", "sort": 300, "entityTypeId": DEAL.type_id, "isDefault": "Y"}
    rows = [first, *call.portal.store["categories"].values()]
    return Page({"categories": rows}, len(rows))


@method("crm.settings.mode.get", "crm")
def mode(call: Call) -> int:
    """Return 1 for a CRM with leads, 2 for the simple one."""
    return call.portal.crm_mode


@method("crm.stagehistory.list", "crm")
def history(call: Call) -> Page:
    """Return how objects moved through stages."""
    entity = ENTITIES.get(to_int(call.need("entityTypeId")))
    if entity not in {LEAD, DEAL}:
        raise RestError("", "Entity type is not supported")
    kinds = {"ID": "integer", "OWNER_ID": "integer", "TYPE_ID": "integer", "CREATED_TIME": "datetime"}
    stage = "STATUS" if entity is LEAD else "STAGE"
    kinds |= {f"{stage}_ID": "string", f"{stage}_SEMANTIC_ID": "string", "CATEGORY_ID": "integer"}
    rows = [
        _moved(row, stage) for row in call.portal.store["history"].values() if row["entityTypeId"] == entity.type_id
    ]
    chosen = [row for row in rows if fits(row, call.get("filter") or {}, kinds.get, dict.get, with_logic=False)]
    shown = ordered(chosen, call.get("order"), kinds.get, dict.get)
    return list_answer(call, [{key: value for key, value in row.items() if key != "id"} for row in shown], "items")


def _moved(row: Row, stage: str) -> Row:
    shown = {"id": row["id"], "ID": row["id"], "TYPE_ID": row["typeId"], "OWNER_ID": row["ownerId"]}
    shown |= {"CREATED_TIME": row["createdTime"]}
    if stage == "STAGE":
        shown["CATEGORY_ID"] = row["categoryId"]
    return shown | {f"{stage}_SEMANTIC_ID": row["semantic"], f"{stage}_ID": row["stageId"]}


def _row(row: Row) -> Row:
    shown: Row = {
        "ID": str(row["id"]),
        "ENTITY_ID": row["directory"],
        "STATUS_ID": row["statusId"],
        "NAME": row["name"],
        "NAME_INIT": row["name"] if row["isSystem"] else "",
        "SORT": str(row["sort"]),
        "SYSTEM": "Y" if row["isSystem"] else "N",
        "CATEGORY_ID": row["directory"].partition("DEAL_STAGE_")[2] or None,
        "COLOR": row["color"],
        "SEMANTICS": row["semantics"] or None,
    }
    if has_stages(row["directory"]):
        word = {"": "process", "S": "success", "F": "failure"}[row["semantics"]]
        shown["EXTRA"] = {"SEMANTICS": word, "COLOR": row["color"]}
    return shown


def _find(call: Call) -> Row:
    row = call.portal.store["statuses"].get(call.integer("id"))
    if row is None:
        raise RestError("", "Not found")
    return row


def _need_admin(call: Call) -> None:
    if not call.portal.store["users"][call.auth.user_id]["isAdmin"]:
        raise RestError("", "Access denied.")


def _full_id(directory: str, status_id: str) -> str:
    """Stages of other pipelines get the pipeline's prefix and are then cut, which is why nobody should compose ids."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", status_id):
        raise RestError("", "The field STATUS_ID contains invalid characters.")
    pipeline = directory.partition("DEAL_STAGE_")[2]
    if pipeline:
        return f"C{pipeline}:{status_id}"[:ID_LIMIT]
    if len(status_id) > ID_LIMIT:
        raise RestError("", f"The field STATUS_ID must be no longer than {ID_LIMIT} characters.")
    return status_id


def _semantics(fields: Row) -> str:
    given = fields.get("SEMANTICS") or as_map(fields.get("EXTRA")).get("SEMANTICS") or ""
    letter = {"process": "", "success": "S", "failure": "F", "P": ""}.get(str(given), str(given))
    if letter not in ORDER:
        raise RestError("", "The field SEMANTICS is invalid.")
    return letter


def _check_order(call: Call, directory: str, sort: int, semantics: Any, but: int = 0) -> None:
    if not has_stages(directory):
        return
    if semantics == "S" and not but:
        raise RestError("ERROR_CORE", "There can be only one success stage.")
    for row in stages_of(call.portal.store, directory):
        if row["id"] == but or ORDER[row["semantics"]] == ORDER[semantics]:
            continue
        if (row["sort"] < sort) != (ORDER[row["semantics"]] < ORDER[semantics]):
            raise RestError("ERROR_CORE", "Stages must be sorted: process, success, failure.")
