"""Leads, deals and contacts: phones, stages, pipelines, both name sets, CRM without leads, duplicates, the timeline."""

from typing import Any

import pytest

from tests.emulators.bitrix24 import PortalServer
from tests.emulators.bitrix24.calls import Calls

ONE = {"typeId": "PHONE", "valueType": "MOBILE", "value": "+79990000001"}


@pytest.fixture
def lead(portal: PortalServer) -> int:
    return portal.add_lead(title="Лид", phone="+79991112233")


def _update(calls: Calls, number: int, **fields: Any) -> Any:
    return calls.ok("crm.item.update", entityTypeId=1, id=number, fields=fields)["item"]


@pytest.mark.parametrize(
    ("fm", "phones"),
    [
        ({"n0": ONE}, ["+79991112233", "+79990000001"]),
        ({"6001": {"typeId": "PHONE", "value": "+70000000000"}}, ["+70000000000"]),
        ({"6001": {"typeId": "PHONE", "value": ""}}, []),
        ({"n0": {"valueType": "WORK", "value": "+79990000001"}}, ["+79991112233"]),
        ({"6001": {"value": ""}}, ["+79991112233"]),
        ({"9999": ONE}, ["+79991112233", "+79990000001"]),
        ([ONE, ONE], ["+79991112233", "+79990000001", "+79990000001"]),
        ({"n0": {"typeId": "FAX2", "value": "1"}}, ["+79991112233"]),
        ({"n0": {"typeId": "PHONE", "value": ""}}, ["+79991112233"]),
    ],
)
def test_fm_adds_changes_and_deletes(portal: PortalServer, calls: Calls, lead: int, fm: Any, phones: list[str]) -> None:
    item = _update(calls, lead, fm=fm)
    assert portal.lead(lead)["phones"] == phones
    assert item["hasPhone"] == ("Y" if phones else "N")


def test_an_unknown_kind_of_contact_is_stored_as_it_is(calls: Calls, lead: int) -> None:
    item = _update(calls, lead, fm={"n0": {"typeId": "FAX2", "value": "1"}})
    assert item["fm"][-1]["typeId"] == "FAX2"


def test_flat_fields_stand_beside_fm(calls: Calls, lead: int) -> None:
    entry = {"typeId": "IM", "valueType": "IMOL", "value": "imol|telegrambot|1|2|3"}
    item = _update(calls, lead, fm={"n0": entry, "n1": {"typeId": "EMAIL", "value": "a@b.ru"}})
    assert (item["phone"], item["phoneWork"], item["email"]) == ("+79991112233", "+79991112233", "a@b.ru")
    assert (item["imol"], item["hasImol"], item["hasEmail"]) == ("imol|telegrambot|1|2|3", "Y", "Y")
    found = calls.ok("crm.item.list", entityTypeId=1, filter={"=imol": "imol|telegrambot|1|2|3"}, select=["id"])
    assert found["items"] == [{"id": lead}]


def test_old_style_phones(portal: PortalServer, calls: Calls, lead: int) -> None:
    phones = [{"VALUE": "+70000000001", "VALUE_TYPE": "WORK"}, {"ID": "6001", "VALUE": ""}]
    assert calls.ok("crm.lead.update", id=lead, fields={"PHONE": phones}) is True
    assert portal.lead(lead)["phones"] == ["+70000000001"]


def test_an_update_that_changes_nothing_is_not_saved_and_tells_nobody(
    portal: PortalServer, calls: Calls, lead: int
) -> None:
    portal.clock.advance(60)
    before = portal.lead(lead)["updatedTime"]
    assert _update(calls, lead, title="Лид", stageId="NEW", noSuchField=1, hasPhone="N")["updatedTime"] == before
    assert _update(calls, lead, title="Другой")["updatedTime"] != before


def test_read_only_and_unknown_fields_are_ignored(calls: Calls, lead: int) -> None:
    item = _update(calls, lead, id=5, createdTime="2020-01-01T00:00:00+03:00", STATUS_ID="JUNK", comments="да")
    assert (item["id"], item["stageId"], item["comments"]) == (lead, "NEW", "да")
    assert not item["createdTime"].startswith("2020")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"stageId": "NO_SUCH"}, "CRM_FIELD_ERROR_VALUE_NOT_VALID"),
        ({"assignedById": 999}, "CRM_FIELD_ERROR_VALUE_NOT_VALID"),
        ({"title": {"a": 1}}, "INVALID_ARG_VALUE"),
        ({"opportunity": "сто"}, "INVALID_ARG_VALUE"),
        ({"stageId": "JUNK"}, "CRM_FIELD_ERROR_REQUIRED"),
    ],
)
def test_wrong_values_are_refused_and_change_nothing(
    portal: PortalServer, calls: Calls, lead: int, fields: Any, code: str
) -> None:
    portal.require_on_stage("JUNK", "comments")
    before = portal.lead(lead)
    wrong = {"comments": "", "name": "Пётр", **fields}
    assert calls.error("crm.item.update", entityTypeId=1, id=lead, fields=wrong) == (400, code)
    assert portal.lead(lead) == before


def test_both_name_sets_show_one_lead(portal: PortalServer, calls: Calls) -> None:
    fields = {"TITLE": "Т", "STATUS_ID": "IN_PROCESS", "ASSIGNED_BY_ID": 3, "UTM_SOURCE": "ya", "ORIGIN_ID": "o1"}
    number = calls.ok("crm.lead.add", fields=fields)
    item = calls.ok("crm.item.get", entityTypeId=1, id=number)["item"]
    shown = [item[key] for key in ("title", "stageId", "assignedById", "utmSource", "originId", "contactIds")]
    assert shown == ["Т", "IN_PROCESS", 3, "ya", "o1", []]
    old = calls.ok("crm.lead.get", id=number)
    assert (old["ID"], old["ASSIGNED_BY_ID"], old["STATUS_SEMANTIC_ID"], old["HAS_PHONE"]) == (
        str(number),
        "3",
        "P",
        "N",
    )
    assert calls.ok("crm.item.fields", entityTypeId=1)["fields"]["stageId"]["upperName"] == "STATUS_ID"


def test_a_new_lead_belongs_to_the_caller_and_has_a_name(calls: Calls) -> None:
    item = calls.ok("crm.item.add", entityTypeId=1, fields={"opened": "N"})["item"]
    assert (item["assignedById"], item["title"], item["stageId"]) == (1, f"Лид #{item['id']}", "NEW")


@pytest.mark.parametrize(
    ("method", "params", "error"),
    [
        ("crm.item.get", {"entityTypeId": 1, "id": 7}, "NOT_FOUND"),
        ("crm.item.update", {"entityTypeId": 2, "id": 7, "fields": {}}, "NOT_FOUND"),
        ("crm.item.delete", {"entityTypeId": 1, "id": 7}, "NOT_FOUND"),
        ("crm.item.update", {"entityTypeId": 1, "id": 7}, "100"),
        ("crm.lead.get", {"id": 7}, "Not found"),
        ("crm.lead.update", {"id": 7, "fields": {}}, "Not found"),
        ("crm.deal.get", {}, "ID is not defined or invalid."),
    ],
)
def test_what_is_not_there(calls: Calls, method: str, params: Any, error: str) -> None:
    assert calls.error(method, **params) == (400, error)


def test_custom_fields_have_two_names(portal: PortalServer, calls: Calls, lead: int) -> None:
    portal.add_user_field(1, "UF_CRM_1747309879")
    portal.add_user_field(1, "UF_CRM_VIP", "boolean")
    item = _update(calls, lead, ufCrm_1747309879="тел. 8 999 000-00-02", ufCrmVip=1)
    assert (item["ufCrm_1747309879"], item["ufCrmVip"]) == ("тел. 8 999 000-00-02", "Y")
    assert calls.ok("crm.lead.get", id=lead)["UF_CRM_1747309879"] == "тел. 8 999 000-00-02"
    assert len(calls.ok("crm.item.list", entityTypeId=1, filter={"ufCrmVip": 1})["items"]) == 1


def test_stages_move_with_their_meaning_and_leave_a_history(calls: Calls, lead: int) -> None:
    assert _update(calls, lead, stageId="JUNK")["stageSemanticId"] == "F"
    assert calls.ok("crm.item.get", entityTypeId=1, id=lead)["item"]["dateClosed"]
    reopened = _update(calls, lead, stageId="NEW")
    assert (reopened["stageSemanticId"], reopened["dateClosed"]) == ("P", None)
    rows = calls.ok("crm.stagehistory.list", entityTypeId=1, filter={"OWNER_ID": lead})["items"]
    assert [(row["STATUS_ID"], row["TYPE_ID"]) for row in rows] == [("NEW", 1), ("JUNK", 2), ("NEW", 2)]


def test_a_deal_moves_to_another_pipeline(portal: PortalServer, calls: Calls) -> None:
    pipeline = portal.add_pipeline("Опт")
    deal = portal.add_deal(title="Сделка")
    events: list[str] = []
    portal.emit = lambda event, data: events.append(event)  # type: ignore[method-assign]
    wrong = {"categoryId": pipeline, "stageId": "NEW"}
    assert calls.error("crm.item.update", entityTypeId=2, id=deal, fields=wrong)[1] == "CRM_FIELD_ERROR_VALUE_NOT_VALID"
    right = {"categoryId": pipeline, "stageId": f"C{pipeline}:NEW"}
    item = calls.ok("crm.item.update", entityTypeId=2, id=deal, fields=right)["item"]
    assert (item["categoryId"], item["stageId"], "fm" in item) == (pipeline, f"C{pipeline}:NEW", False)
    assert events == ["ONCRMDEALMOVETOCATEGORY"]
    categories = calls.ok("crm.category.list", entityTypeId=2)["categories"]
    assert [(row["id"], row["isDefault"]) for row in categories] == [(0, "Y"), (pipeline, "N")]


def test_without_leads_a_new_lead_becomes_a_deal_if_it_has_a_name(portal: PortalServer, calls: Calls) -> None:
    portal.crm_mode = 2
    assert calls.ok("crm.settings.mode.get") == 2
    number = calls.ok("crm.item.add", entityTypeId=1, fields={"title": "Т", "name": "Анна", "fm": [ONE]})["item"]["id"]
    assert portal.lead(number)["stageId"] == "CONVERTED"
    deal = calls.ok("crm.deal.list", filter={"LEAD_ID": number}, select=["ID", "TITLE", "CONTACT_ID"])[0]
    contact = calls.ok("crm.item.get", entityTypeId=3, id=deal["CONTACT_ID"])["item"]
    assert (deal["TITLE"], contact["name"], contact["phone"]) == ("Т", "Анна", "+79990000001")
    assert portal.lead(portal.add_lead(title="Без имени"))["stageId"] == "NEW"


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"values": ["+79991112233"]}, {"LEAD": [2651], "CONTACT": [4101]}),
        ({"values": ["8 (999) 111-22-33"], "entity_type": "LEAD"}, {"LEAD": [2651]}),
        ({"values": ["+79991112233 доб. 5"], "entity_type": "CONTACT"}, {"CONTACT": [4101]}),
        ({"values": ["1112233"]}, []),
        ({"values": ["+70000000000"]}, []),
        ({"values": [*["1"] * 20, "+79991112233"]}, []),
    ],
)
def test_duplicates_by_phone(portal: PortalServer, calls: Calls, lead: int, params: Any, found: Any) -> None:
    portal.add_contact(name="Анна", phone="79991112233")
    assert calls.ok("crm.duplicate.findbycomm", type="PHONE", **params) == found


def test_twenty_hits_of_one_kind_hide_the_others(portal: PortalServer, calls: Calls) -> None:
    portal.add_contact(name="Анна", phone="+79991112233")
    for _ in range(21):
        portal.add_lead(phone="+79991112233")
    assert list(calls.ok("crm.duplicate.findbycomm", type="PHONE", values=["+79991112233"])) == ["LEAD"]
    assert calls.error("crm.duplicate.findbycomm", values=["1"])[1] == "Communication type is not defined."


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"FIELDS": {"ENTITY_ID": 2651, "ENTITY_TYPE": "lead", "COMMENT": "!"}}, "100"),
        ({"fields": {"ENTITY_ID": 1, "ENTITY_TYPE": "lead", "COMMENT": "!"}}, "OWNER_NOT_FOUND"),
        ({"fields": {"ENTITY_ID": 2651, "ENTITY_TYPE": "order", "COMMENT": "!"}}, "INVALID_ARG_VALUE"),
        ({"fields": {"ENTITY_ID": 2651, "ENTITY_TYPE": "lead", "COMMENT": " "}}, "INVALID_ARG_VALUE"),
    ],
)
def test_comments_that_are_refused(calls: Calls, lead: int, params: Any, code: str) -> None:
    assert calls.error("crm.timeline.comment.add", **params) == (400, code)


def test_comments_and_reminders(portal: PortalServer, calls: Calls, lead: int) -> None:
    fields = {"ENTITY_ID": lead, "ENTITY_TYPE": "lead", "COMMENT": "Кратко", "FILES": [["a.txt", "YQ=="]]}
    number = calls.ok("crm.timeline.comment.add", fields=fields)
    calls.ok("crm.timeline.comment.update", id=number, fields={"COMMENT": "Подробно"})
    listed = calls.ok("crm.timeline.comment.list", filter={"ENTITY_ID": lead, "ENTITY_TYPE": "lead"})
    assert [(row["ID"], row["COMMENT"]) for row in listed] == [(str(number), "Подробно")]
    calls.ok("crm.timeline.comment.delete", id=number)
    assert portal.timeline(lead) == []
    todo = {"ownerTypeId": 1, "ownerId": lead, "deadline": "2026-02-03T15:00:00", "title": "Звонок", "responsibleId": 2}
    assert set(calls.ok("crm.activity.todo.add", **todo)) == {"id"}
    assert portal.todos(lead)[0]["responsibleId"] == 2
    assert calls.error("crm.activity.todo.add", **{**todo, "deadline": "скоро"})[1] == "INVALID_ARG_VALUE"
    assert calls.error("crm.activity.todo.add", **{**todo, "ownerId": 5})[1] == "OWNER_NOT_FOUND"
