"""The fields of leads, deals and contacts under both their names: `stageId` in crm.item.*, STATUS_ID in crm.lead.*."""

import re
from dataclasses import dataclass
from typing import Any

from tests.emulators.bitrix24.methods import RestError, as_list, is_yes, to_int

MULTIFIELDS = ("PHONE", "EMAIL", "WEB", "IM")


@dataclass(slots=True, frozen=True)
class Field:
    """One field: its two names, its type and whether callers may write it."""

    name: str
    upper: str
    kind: str
    read_only: bool = False
    is_multiple: bool = False


@dataclass(slots=True, frozen=True)
class Entity:
    """One kind of CRM object."""

    type_id: int
    table: str
    word: str  # as in crm.<word>.list, timeline's ENTITY_TYPE and events
    short: str
    title: str
    has_stages: bool = True
    has_multifields: bool = True


LEAD = Entity(1, "leads", "lead", "LEAD", "Лид")
DEAL = Entity(2, "deals", "deal", "DEAL", "Сделка", has_multifields=False)
CONTACT = Entity(3, "contacts", "contact", "CONTACT", "Контакт", has_stages=False)
ENTITIES = {entity.type_id: entity for entity in (LEAD, DEAL, CONTACT)}
BY_WORD = {entity.word: entity for entity in ENTITIES.values()}

_R = True  # read-only, short for the tables below
_PERSON = [
    ("honorific", "HONORIFIC", "crm_status"),
    ("name", "NAME", "string"),
    ("secondName", "SECOND_NAME", "string"),
    ("lastName", "LAST_NAME", "string"),
    ("post", "POST", "string"),
    ("birthdate", "BIRTHDATE", "string"),
]
_COMMON: list[tuple[Any, ...]] = [
    ("id", "ID", "integer", _R),
    ("sourceId", "SOURCE_ID", "crm_status"),
    ("sourceDescription", "SOURCE_DESCRIPTION", "string"),
    ("opened", "OPENED", "boolean"),
    ("comments", "COMMENTS", "string"),
    ("assignedById", "ASSIGNED_BY_ID", "user"),
    ("createdBy", "CREATED_BY_ID", "user", _R),
    ("updatedBy", "MODIFY_BY_ID", "user", _R),
    ("createdTime", "DATE_CREATE", "datetime", _R),
    ("updatedTime", "DATE_MODIFY", "datetime", _R),
    ("lastActivityBy", "LAST_ACTIVITY_BY", "user", _R),
    ("lastActivityTime", "LAST_ACTIVITY_TIME", "datetime", _R),
    ("companyId", "COMPANY_ID", "integer"),
    ("originatorId", "ORIGINATOR_ID", "string"),
    ("originId", "ORIGIN_ID", "string"),
    ("utmSource", "UTM_SOURCE", "string"),
    ("utmMedium", "UTM_MEDIUM", "string"),
    ("utmCampaign", "UTM_CAMPAIGN", "string"),
    ("utmContent", "UTM_CONTENT", "string"),
    ("utmTerm", "UTM_TERM", "string"),
]
_MONEY = [
    ("title", "TITLE", "string"),
    ("currencyId", "CURRENCY_ID", "string"),
    ("opportunity", "OPPORTUNITY", "double"),
    ("isManualOpportunity", "IS_MANUAL_OPPORTUNITY", "boolean"),
    ("contactId", "CONTACT_ID", "integer"),
    ("contactIds", "CONTACT_IDS", "integer", False, True),
    ("isReturnCustomer", "IS_RETURN_CUSTOMER", "boolean", _R),
    ("movedBy", "MOVED_BY_ID", "user", _R),
    ("movedTime", "MOVED_TIME", "datetime", _R),
]
_REACH = [
    ("hasPhone", "HAS_PHONE", "boolean", _R),
    ("hasEmail", "HAS_EMAIL", "boolean", _R),
    ("hasImol", "HAS_IMOL", "boolean", _R),
]
_LEAD = [
    ("stageId", "STATUS_ID", "crm_status"),
    ("stageSemanticId", "STATUS_SEMANTIC_ID", "string", _R),
    ("statusDescription", "STATUS_DESCRIPTION", "string"),
    ("companyTitle", "COMPANY_TITLE", "string"),
    ("dateClosed", "DATE_CLOSED", "datetime", _R),
]
_DEAL = [
    ("stageId", "STAGE_ID", "crm_status"),
    ("stageSemanticId", "STAGE_SEMANTIC_ID", "string", _R),
    ("categoryId", "CATEGORY_ID", "integer"),
    ("typeId", "TYPE_ID", "crm_status"),
    ("leadId", "LEAD_ID", "integer"),
    ("probability", "PROBABILITY", "integer"),
    ("begindate", "BEGINDATE", "datetime"),
    ("closedate", "CLOSEDATE", "datetime"),
    ("closed", "CLOSED", "boolean", _R),
    ("isNew", "IS_NEW", "boolean", _R),
]
_CONTACT = [("leadId", "LEAD_ID", "integer")]

_TABLES = {
    1: [*_COMMON, *_MONEY, *_PERSON, *_REACH, *_LEAD],
    2: [*_COMMON, *_MONEY, *_DEAL],
    3: [*_COMMON, *_PERSON, *_REACH, *_CONTACT],
}
STANDARD: dict[int, dict[str, Field]] = {
    type_id: {row[0]: Field(*row) for row in rows} for type_id, rows in _TABLES.items()
}


def camel(upper: str) -> str:
    """Return the crm.item.* name of a custom field: UF_CRM_1747309879 is ufCrm_1747309879, UF_CRM_CITY ufCrmCity."""
    lowered = upper.lower()
    return re.sub(r"_([a-z])", lambda match: match.group(1).upper(), lowered)


def fields_of(entity: Entity, settings: dict[str, Any]) -> dict[str, Field]:
    """Return all fields of an entity by crm.item.* name, the portal's custom ones included."""
    custom = settings.get("user_fields", {}).get(str(entity.type_id), {})
    extra = {camel(upper): Field(camel(upper), upper, kind) for upper, kind in custom.items()}
    return STANDARD[entity.type_id] | extra


def clean(field: Field, value: Any) -> Any:
    """Return a written value as the field stores it."""
    if field.is_multiple:
        return [to_int(item) for item in as_list(value) if to_int(item)]
    if field.kind == "boolean":
        return "Y" if is_yes(value) else "N"
    if value is None or value == "":
        return None if field.kind != "string" else ""
    if field.kind in {"integer", "user"}:
        return to_int(value)
    if field.kind == "double":
        return _number(field, value)
    if isinstance(value, dict | list):
        raise RestError("INVALID_ARG_VALUE", f"Invalid value of field '{field.name}'")
    return str(value)


def _number(field: Field, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise RestError("INVALID_ARG_VALUE", f"Invalid value of field '{field.name}'") from error


def entity_by_type(type_id: int) -> Entity:
    """Return the entity of an entityTypeId or raise."""
    entity = ENTITIES.get(type_id)
    if entity is None:
        raise RestError("NOT_FOUND", "SmartProcess not found")
    return entity
