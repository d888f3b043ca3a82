"""What happens when a lead, deal or contact is added, changed or deleted, whoever does it: REST or the world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.emulators.bitrix24 import multifields
from tests.emulators.bitrix24.fields import CONTACT, DEAL, LEAD, Entity, Field, clean, fields_of
from tests.emulators.bitrix24.methods import RestError
from tests.emulators.bitrix24.stages import directory_of, find_stage, semantic_letter, stages_of
from tests.emulators.bitrix24.store import Row

if TYPE_CHECKING:
    from tests.emulators.bitrix24.portal import Portal

Multi = dict[str, Any]  # {"fm": ...} or {"PHONE": ..., "EMAIL": ...}
SIMPLE_CRM = 2


def create(portal: Portal, entity: Entity, values: Row, multi: Multi, *, by: int) -> Row:
    """Add an object; `values` are already by crm.item.* names. Queues the event, converts the lead in simple CRM."""
    row = _blank(portal, entity, by)
    _assign(portal, entity, row, values)
    _check_stage(portal, entity, row)
    number = portal.store[entity.table].add(row)
    row = portal.store[entity.table][number]
    if not row.get("title") and "title" in row:
        row["title"] = f"{entity.title} #{number}"
    _apply_multi(portal, entity, row, multi)
    if entity.has_stages:
        _note_stage(portal, entity, row, kind=1)
    portal.emit(f"ONCRM{entity.short}ADD", {"FIELDS": {"ID": number}})
    if entity is LEAD and portal.crm_mode == SIMPLE_CRM:
        convert(portal, row, by=by)
    return row


def change(portal: Portal, entity: Entity, row: Row, values: Row, multi: Multi, *, by: int) -> bool:
    """Change an object and return whether anything really changed; an update without a change is not saved."""
    draft = {**row, "fm": [dict(entry) for entry in row["fm"]]}
    _assign(portal, entity, draft, values)
    if entity is DEAL and draft["categoryId"] != row["categoryId"] and "stageId" not in values:
        draft["stageId"] = stages_of(portal.store, directory_of(entity, draft["categoryId"]))[0]["statusId"]
    place = ("stageId", "categoryId")
    moved = entity.has_stages and any(draft.get(name) != row.get(name) for name in place)
    if moved:
        _check_stage(portal, entity, draft)
        _check_mandatory(portal, draft)
    _apply_multi(portal, entity, draft, multi)
    if draft == row:
        if portal.settings.get("event_on_unchanged_update"):
            portal.emit(f"ONCRM{entity.short}UPDATE", {"FIELDS": {"ID": row["id"]}})
        return False
    _save(portal, entity, row, draft, moved=moved, by=by)
    return True


def _save(portal: Portal, entity: Entity, row: Row, draft: Row, *, moved: bool, by: int) -> None:
    to_other_pipeline = entity is DEAL and draft["categoryId"] != row["categoryId"]
    row.update(draft, updatedTime=portal.clock.iso(), updatedBy=by)
    if moved:
        row.update(movedTime=portal.clock.iso(), movedBy=by)
        _note_stage(portal, entity, row, kind=2)
    if to_other_pipeline:
        fields = {"ID": row["id"], "CATEGORY_ID": row["categoryId"], "STAGE_ID": row["stageId"]}
        portal.emit("ONCRMDEALMOVETOCATEGORY", {"FIELDS": fields})
    else:
        portal.emit(f"ONCRM{entity.short}UPDATE", {"FIELDS": {"ID": row["id"]}})


def delete(portal: Portal, entity: Entity, row: Row) -> None:
    """Remove an object for good."""
    del portal.store[entity.table][row["id"]]
    portal.emit(f"ONCRM{entity.short}DELETE", {"FIELDS": {"ID": row["id"]}})


def convert(portal: Portal, lead: Row, *, by: int) -> None:
    """Turn a new lead into a deal, as a portal without leads does by itself; it needs NAME filled."""
    if not lead.get("name"):
        return
    common = (
        "title",
        "sourceId",
        "sourceDescription",
        "assignedById",
        "comments",
        "utmSource",
        "originatorId",
        "originId",
    )
    contact = create(portal, CONTACT, {"name": lead["name"], "lastName": lead["lastName"]}, {}, by=by)
    contact["fm"] = [dict(entry) for entry in lead["fm"]]
    multifields.recompute(contact)
    values = {name: lead[name] for name in common} | {"leadId": lead["id"], "contactIds": [contact["id"]]}
    create(portal, DEAL, values, {}, by=by)
    change(portal, LEAD, lead, {"stageId": "CONVERTED"}, {}, by=by)


def _blank(portal: Portal, entity: Entity, by: int) -> Row:
    now = portal.clock.iso()
    row: Row = {"id": 0, "fm": []}
    for field in fields_of(entity, portal.settings).values():
        row[field.name] = empty(field)
    row |= {"createdTime": now, "updatedTime": now, "lastActivityTime": now, "createdBy": by, "updatedBy": by}
    row |= {"assignedById": by, "lastActivityBy": by, "opened": "Y"}
    if entity.has_stages:
        row |= {"currencyId": "RUB", "opportunity": 0.0, "movedTime": now, "movedBy": by}
        row["stageId"] = None
    if entity is DEAL:
        row |= {"categoryId": 0, "isNew": "Y", "begindate": now}
    return row


def empty(field: Field) -> Any:
    """Return what a field holds before anything was written into it."""
    if field.is_multiple:
        return []
    return "N" if field.kind == "boolean" else "" if field.kind == "string" else None


def _assign(portal: Portal, entity: Entity, row: Row, values: Row) -> None:
    fields = fields_of(entity, portal.settings)
    for name, value in values.items():
        field = fields.get(name)
        if field is None or field.read_only:
            continue  # an unknown or read-only name is silently ignored, as on a real portal
        row[name] = clean(field, value)
    if "contactIds" in values:
        row["contactId"] = next(iter(row["contactIds"]), None)
    elif "contactId" in values and "contactIds" in row:
        row["contactIds"] = [row["contactId"]] if row["contactId"] else []
    if "assignedById" in values and row["assignedById"] not in portal.store["users"]:
        raise RestError("CRM_FIELD_ERROR_VALUE_NOT_VALID", 'Invalid value for field "Responsible person"')


def _check_stage(portal: Portal, entity: Entity, row: Row) -> None:
    if not entity.has_stages:
        return
    directory = directory_of(entity, row.get("categoryId"))
    stages = stages_of(portal.store, directory)
    if not stages:
        raise RestError("CRM_FIELD_ERROR_VALUE_NOT_VALID", 'Invalid value for field "Pipeline"')
    stage = find_stage(portal.store, directory, row["stageId"]) if row["stageId"] else stages[0]
    if stage is None:
        raise RestError("CRM_FIELD_ERROR_VALUE_NOT_VALID", 'Invalid value for field "Stage"')
    row["stageId"] = stage["statusId"]
    row["stageSemanticId"] = semantic_letter(stage)
    is_final = stage["semantics"] != ""
    if entity is LEAD:
        row["dateClosed"] = portal.clock.iso() if is_final else None
    else:
        row["closed"] = "Y" if is_final else "N"


def _check_mandatory(portal: Portal, row: Row) -> None:
    for name in portal.settings.get("mandatory", {}).get(row["stageId"], []):
        if row.get(name) in (None, "", []):
            raise RestError("CRM_FIELD_ERROR_REQUIRED", f'Required field "{name}" is not filled')


def _apply_multi(portal: Portal, entity: Entity, row: Row, multi: Multi) -> None:
    if not entity.has_multifields:
        return
    for name, written in multi.items():
        ids = portal.store["multifields"]
        if name == "fm":
            multifields.apply_fm(row, written, ids)
        else:
            multifields.apply_legacy(row, name, written, ids)


def _note_stage(portal: Portal, entity: Entity, row: Row, *, kind: int) -> None:
    portal.store["history"].add(
        {
            "entityTypeId": entity.type_id,
            "typeId": kind,
            "ownerId": row["id"],
            "createdTime": portal.clock.iso(),
            "categoryId": row.get("categoryId"),
            "semantic": row["stageSemanticId"],
            "stageId": row["stageId"],
        }
    )
