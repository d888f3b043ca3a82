"""Pages, filters and batch."""

from typing import Any

import pytest

from tests.emulators.bitrix24 import PortalServer
from tests.emulators.bitrix24.calls import Calls


def test_pages_are_fifty_rows(portal: PortalServer, calls: Calls) -> None:
    for _ in range(120):
        portal.add_lead()
    first = calls.body("crm.item.list", entityTypeId=1)
    assert (len(first["result"]["items"]), first["next"], first["total"]) == (50, 50, 120)
    last = calls.body("crm.lead.list", start=100)
    assert (len(last["result"]), last.get("next"), last["total"]) == (20, None, 120)


@pytest.mark.parametrize("method", ["crm.item.list", "crm.lead.list"])
def test_start_minus_one_counts_nothing(portal: PortalServer, calls: Calls, method: str) -> None:
    for _ in range(51):
        portal.add_lead()
    body = calls.body(method, entityTypeId=1, start=-1)
    assert (body["total"], "next" in body) == (0, False)


@pytest.fixture
def three(portal: PortalServer) -> PortalServer:
    portal.clock.freeze(1_790_000_000)
    portal.add_lead(title="Сайт: консультация", sourceId="WEB", opportunity=100)
    portal.clock.advance(3600)
    portal.add_lead(title="Звонок", sourceId="CALL", phone="+79991112233", opportunity=200)
    portal.clock.advance(3600)
    portal.add_lead(title="сайт 100%", sourceId="WEB", stageId="JUNK", originId="77")
    return portal


@pytest.mark.parametrize(
    ("filter_", "found"),
    [
        ({"id": 2651}, [1]),
        ({"=id": "2652"}, [2]),
        ({"id": [2651, 2653]}, [1, 3]),
        ({"@id": [2651, 2653]}, [1, 3]),
        ({"!@id": [2651, 2653]}, [2]),
        ({"!id": 2651}, [2, 3]),
        ({"!=id": 2651}, [2, 3]),
        ({">id": 2651}, [2, 3]),
        ({">=id": 2652}, [2, 3]),
        ({"<id": 2652}, [1]),
        ({"<=id": 2652}, [1, 2]),
        ({">id": ""}, [1, 2, 3]),
        ({"%title": "САЙТ"}, [1, 3]),
        ({"!%title": "сайт"}, [2]),
        ({"=%title": "сайт%"}, [1, 3]),
        ({"%=title": "%консультация"}, [1]),
        ({"!=%title": "сайт%"}, [2]),
        ({"hasPhone": "Y"}, [2]),
        ({"phone": "+79991112233"}, [2]),
        ({"@stageId": ["NEW"]}, [1, 2]),
        ({"stageSemanticId": "F"}, [3]),
        ({"originId": "77"}, [3]),
        ({"!originId": ""}, [3]),
        ({">opportunity": "150"}, [2]),
        ({">=updatedTime": "2026-09-21T18:13:20+03:00"}, [2, 3]),
        ({"sourceId": "WEB", "stageId": "NEW"}, [1]),
        ({"0": {"logic": "OR", "0": {"id": 2651}, "1": {"stageId": "JUNK"}}}, [1, 3]),
        ({"sourceId": "WEB", "0": {"logic": "OR", "0": {"id": 2652}, "1": {"id": 2653}}}, [3]),
        ([{"logic": "OR", "0": {"id": 2651}, "1": {"id": 2652}}], [1, 2]),
    ],
)
def test_filters_of_items(three: PortalServer, calls: Calls, filter_: Any, found: list[int]) -> None:
    items = calls.ok("crm.item.list", entityTypeId=1, filter=filter_, select=["id"])["items"]
    assert [item["id"] - 2650 for item in items] == found


@pytest.mark.parametrize(
    ("filter_", "found"),
    [
        ({">ID": 2651}, [2, 3]),
        ({"STATUS_ID": "NEW"}, [1, 2]),
        ({"PHONE": "+79991112233"}, [2]),
        ({"NO_SUCH_FIELD": 5}, [1, 2, 3]),
        ({"0": {"LOGIC": "OR", "0": {"ID": 2651}}}, [1, 2, 3]),
    ],
)
def test_filters_of_old_lists_have_no_or_and_pass_over_what_they_do_not_know(
    three: PortalServer, calls: Calls, filter_: Any, found: list[int]
) -> None:
    rows = calls.ok("crm.lead.list", filter=filter_, select=["ID"])
    assert [int(row["ID"]) - 2650 for row in rows] == found


@pytest.mark.parametrize(
    "params",
    [
        {"filter": {"x": 1}},
        {"filter": {"fm": 1}},
        {"filter": {"ID": 1}},
        {"filter": {"0": {"logic": "OR", "0": {"y": 1}}}},
        {"order": {"x": "ASC"}},
        {"order": {"id": "UPWARDS"}},
        {"filter": {">createdTime": "yesterday"}},
    ],
)
def test_wrong_fields_are_refused(three: PortalServer, calls: Calls, params: dict[str, Any]) -> None:
    assert calls.error("crm.item.list", entityTypeId=1, **params) == (400, "INVALID_ARG_VALUE")


def test_order_and_select(three: PortalServer, calls: Calls) -> None:
    items = calls.ok("crm.item.list", entityTypeId=1, order={"sourceId": "ASC", "id": "DESC"}, select=["id", "fm"])
    assert items["items"] == [{"id": 2652}, {"id": 2653}, {"id": 2651}]
    assert calls.ok("crm.item.list", entityTypeId=1, select=["*"])["items"][1]["fm"][0]["value"] == "+79991112233"
    assert "fm" in calls.ok("crm.item.list", entityTypeId=1)["items"][0]
    old = calls.ok("crm.lead.list", select=["TITLE", "PHONE"])
    assert set(old[1]) == {"ID", "TITLE", "PHONE"}
    assert "PHONE" not in old[0]
    assert "PHONE" not in calls.ok("crm.lead.list", select=["*"])[1]


def test_an_unknown_entity_type_and_a_missing_one(calls: Calls) -> None:
    assert calls.error("crm.item.list", entityTypeId=999) == (400, "NOT_FOUND")
    assert calls.error("crm.item.list") == (400, "100")


def test_a_batch_goes_on_after_an_error_unless_told_to_halt(portal: PortalServer, calls: Calls) -> None:
    cmd = {"a": "profile", "b": "crm.item.get?entityTypeId=1&id=1", "c": "batch?cmd[x]=profile", "d": "user.get?ID=2"}
    result = calls.ok("batch", cmd=cmd)
    assert list(result["result"]) == ["a", "d"]
    assert {key: error["error"] for key, error in result["result_error"].items()} == {
        "b": "NOT_FOUND",
        "c": "ERROR_BATCH_METHOD_NOT_ALLOWED",
    }
    assert result["result_total"] == {"d": 1}
    assert result["result_next"] == []
    halted = calls.ok("batch", cmd=cmd, halt=1)
    assert (list(halted["result"]), list(halted["result_error"])) == (["a"], ["b"])


def test_batch_errors_with_numeric_keys_become_a_list(calls: Calls) -> None:
    result = calls.ok("batch", cmd=["no.such", "no.such"])
    assert (result["result"], len(result["result_error"])) == ([], 2)
    assert isinstance(result["result_error"], list)


def test_batch_references(portal: PortalServer, calls: Calls) -> None:
    number = portal.add_lead(title="Заказ №5", phone="+7 (999) 111-22-33")
    cmd = {
        "lead": f"crm.item.get?entityTypeId=1&id={number}",
        "same": "crm.item.list?entityTypeId=1&filter[=title]=$result[lead][item][title]",
        "after": "crm.item.list?entityTypeId=1&filter[%3Eid]=$result[same][items][0][id]",
        "lost": "crm.item.get?entityTypeId=1&id=$result[nobody][id]",
        "note": "crm.timeline.comment.add?fields[ENTITY_TYPE]=lead&fields[ENTITY_ID]=$result[lead][item][id]"
        "&fields[COMMENT]=Тел.%20$result[lead][item][fm][0][value]!",
    }
    result = calls.ok("batch", cmd=cmd)
    assert [item["id"] for item in result["result"]["same"]["items"]] == [number]
    assert result["result"]["after"]["items"] == []
    assert result["result_error"]["lost"]["error"] == "NOT_FOUND"
    assert portal.timeline(number) == ["Тел. +7 (999) 111-22-33!"]


def test_the_fifty_first_command_fails(calls: Calls) -> None:
    result = calls.ok("batch", cmd={f"k{index}": "profile" for index in range(51)})
    assert len(result["result"]) == 50
    assert result["result_error"]["k50"]["error"] == "ERROR_BATCH_LENGTH_EXCEEDED"
