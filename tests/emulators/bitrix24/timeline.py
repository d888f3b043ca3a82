"""Timeline comments and to-do activities."""

from typing import Any

from tests.emulators.bitrix24.clock import parse_time
from tests.emulators.bitrix24.fields import BY_WORD, ENTITIES, Entity
from tests.emulators.bitrix24.filters import fits, ordered
from tests.emulators.bitrix24.lists import list_answer
from tests.emulators.bitrix24.methods import Call, Page, RestError, as_list, as_map, method, to_int
from tests.emulators.bitrix24.store import Row

_KINDS = {"ID": "integer", "ENTITY_ID": "integer", "ENTITY_TYPE": "string", "AUTHOR_ID": "user", "CREATED": "datetime"}
_ACTIVITY = {"ID": "integer", "OWNER_ID": "integer", "OWNER_TYPE_ID": "integer", "PROVIDER_ID": "string"}
_ACTIVITY |= {"ASSOCIATED_ENTITY_ID": "integer", "RESPONSIBLE_ID": "user", "COMPLETED": "boolean"}


@method("crm.timeline.comment.add", "crm", exact=True)
def add_comment(call: Call) -> int:
    """Add a comment; the parameter's name is `fields` in small letters only."""
    fields = as_map(call.need("fields"))
    entity, owner = _owner(call, fields)
    text = str(fields.get("COMMENT") or "").strip()
    if not text:
        raise RestError("INVALID_ARG_VALUE", "Comment message is not defined or empty")
    files = [as_list(item) for item in as_list(fields.get("FILES"))]
    if any(len(item) != 2 for item in files):
        raise RestError("INVALID_ARG_VALUE", "FILES must be pairs of a name and base64 content")
    author = to_int(fields.get("AUTHOR_ID")) or call.auth.user_id
    row = {
        "word": entity.word,
        "ownerId": owner,
        "text": text,
        "authorId": author,
        "files": [item[0] for item in files],
    }
    number = call.portal.store["comments"].add(row | {"created": call.portal.clock.iso()})
    call.portal.emit("ONCRMTIMELINECOMMENTADD", {"FIELDS": {"ID": number}})
    return number


@method("crm.timeline.comment.get", "crm", exact=True)
def get_comment(call: Call) -> Row:
    """Return one comment."""
    return _comment(_find_comment(call))


@method("crm.timeline.comment.update", "crm", exact=True)
def update_comment(call: Call) -> bool:
    """Change the text of a comment."""
    row = _find_comment(call)
    text = str(as_map(call.need("fields")).get("COMMENT") or "").strip()
    if not text:
        raise RestError("INVALID_ARG_VALUE", "Comment message is not defined or empty")
    row["text"] = text
    call.portal.emit("ONCRMTIMELINECOMMENTUPDATE", {"FIELDS": {"ID": row["id"]}})
    return True


@method("crm.timeline.comment.delete", "crm", exact=True)
def delete_comment(call: Call) -> bool:
    """Delete a comment."""
    row = _find_comment(call)
    del call.portal.store["comments"][row["id"]]
    call.portal.emit("ONCRMTIMELINECOMMENTDELETE", {"FIELDS": {"ID": row["id"]}})
    return True


@method("crm.timeline.comment.list", "crm", exact=True)
def list_comments(call: Call) -> Page:
    """Return the comments of one object; both parts of its address are required in the filter."""
    filter_ = as_map(call.get("filter"))
    _owner(call, {key.lstrip("="): value for key, value in filter_.items()})
    rows = [_comment(row) | {"id": row["id"]} for row in call.portal.store["comments"].values()]
    chosen = [row for row in rows if fits(row, filter_, _KINDS.get, dict.get, with_logic=False)]
    chosen = ordered(chosen, call.get("order"), _KINDS.get, dict.get)
    return list_answer(call, [{key: value for key, value in row.items() if key != "id"} for row in chosen])


@method("crm.activity.todo.add", "crm")
def add_todo(call: Call) -> dict[str, int]:
    """Add a reminder for an employee to an object."""
    entity = ENTITIES.get(to_int(call.need("ownerTypeId")))
    owner = to_int(call.need("ownerId"))
    if entity is None or owner not in call.portal.store[entity.table]:
        raise RestError("OWNER_NOT_FOUND", "Owner not found")
    deadline = _deadline(call.need("deadline"))
    responsible = call.integer("responsibleId") or call.auth.user_id
    if responsible not in call.portal.store["users"]:
        raise RestError("INVALID_ARG_VALUE", "Responsible user not found")
    row: Row = {"providerId": "CRM_TODO", "ownerTypeId": entity.type_id, "ownerId": owner, "deadline": deadline}
    row |= {"title": str(call.get("title") or ""), "description": str(call.get("description") or "")}
    row |= {"responsibleId": responsible, "pingOffsets": [to_int(item) for item in as_list(call.get("pingOffsets"))]}
    number = call.portal.store["activities"].add(row | {"completed": "N", "created": call.portal.clock.iso()})
    call.portal.emit("ONCRMACTIVITYADD", {"FIELDS": {"ID": number}})
    return {"id": number}


@method("crm.activity.list", "crm")
def list_activities(call: Call) -> Page:
    """Return activities: to-dos and open-line sessions."""
    rows = [_activity(row) for row in call.portal.store["activities"].values()]
    filter_ = call.get("filter") or {}
    chosen = [row for row in rows if fits(row, filter_, _ACTIVITY.get, dict.get, with_logic=False)]
    chosen = ordered(chosen, call.get("order"), _ACTIVITY.get, dict.get)
    return list_answer(call, [{key: value for key, value in row.items() if key != "id"} for row in chosen])


def _activity(row: Row) -> Row:
    return {
        "id": row["id"],
        "ID": str(row["id"]),
        "OWNER_ID": str(row["ownerId"]),
        "OWNER_TYPE_ID": str(row["ownerTypeId"]),
        "PROVIDER_ID": row["providerId"],
        "ASSOCIATED_ENTITY_ID": str(row.get("associatedEntityId", 0)),
        "SUBJECT": row["title"],
        "DESCRIPTION": row["description"],
        "RESPONSIBLE_ID": str(row["responsibleId"]),
        "DEADLINE": row["deadline"],
        "COMPLETED": row["completed"],
        "CREATED": row["created"],
        "PROVIDER_PARAMS": row.get("providerParams", {}),
    }


def _comment(row: Row) -> Row:
    return {
        "ID": str(row["id"]),
        "ENTITY_ID": row["ownerId"],
        "ENTITY_TYPE": row["word"],
        "CREATED": row["created"],
        "COMMENT": row["text"],
        "AUTHOR_ID": str(row["authorId"]),
    }


def _find_comment(call: Call) -> Row:
    row = call.portal.store["comments"].get(to_int(call.need("id")))
    if row is None:
        raise RestError("NOT_FOUND", "Not found.")
    return row


def _owner(call: Call, fields: Row) -> tuple[Entity, int]:
    entity = BY_WORD.get(str(fields.get("ENTITY_TYPE") or "").lower())
    owner = to_int(fields.get("ENTITY_ID"))
    if entity is None or owner <= 0:
        raise RestError("INVALID_ARG_VALUE", "ENTITY_ID or ENTITY_TYPE is not defined or invalid")
    if owner not in call.portal.store[entity.table]:
        raise RestError("OWNER_NOT_FOUND", "Owner was not found")
    return entity, owner


def _deadline(text: Any) -> str:
    try:
        return parse_time(str(text)).isoformat(timespec="seconds")
    except ValueError as error:
        raise RestError("INVALID_ARG_VALUE", "Deadline is not a date") from error
