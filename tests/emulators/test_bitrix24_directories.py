"""Stages one may add, employees one may find, shifts, notifications."""

from typing import Any

import pytest

from tests.emulators.bitrix24 import PortalServer
from tests.emulators.bitrix24.calls import Calls

BOT_STAGE = {"ENTITY_ID": "STATUS", "STATUS_ID": "BOT_TALK", "NAME": "Обрабатывается ботом", "SORT": 25}


def test_the_default_stages_with_their_meanings(calls: Calls) -> None:
    rows = calls.ok("crm.status.list", filter={"ENTITY_ID": "STATUS"}, order={"SORT": "ASC"}, select=["ID"])
    assert [(row["STATUS_ID"], row["SEMANTICS"], row["EXTRA"]["SEMANTICS"]) for row in rows] == [
        ("NEW", None, "process"),
        ("IN_PROCESS", None, "process"),
        ("PROCESSED", None, "process"),
        ("CONVERTED", "S", "success"),
        ("JUNK", "F", "failure"),
    ]
    sources = calls.ok("crm.status.list", filter={"ENTITY_ID": "SOURCE"})
    assert len(sources) == 12
    assert "EXTRA" not in sources[0]
    assert calls.error("crm.status.list", filter={"ENTITY_ID": ["STATUS"]})[0] == 400


def test_a_stage_is_added_and_leads_may_stand_there(portal: PortalServer, calls: Calls) -> None:
    number = calls.ok("crm.status.add", fields=BOT_STAGE)
    assert calls.ok("crm.status.get", id=number)["SYSTEM"] == "N"
    lead = calls.ok("crm.item.add", entityTypeId=1, fields={"stageId": "BOT_TALK"})["item"]
    assert lead["stageSemanticId"] == "P"
    assert calls.ok("crm.status.update", id=number, fields={"NAME": "Бот"}) is True
    assert calls.ok("crm.status.delete", id=number) is True
    assert calls.error("crm.status.delete", id=1)[1] == "ERROR_CORE"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"STATUS_ID": "NEW"}, "ERROR_CORE"),
        ({"STATUS_ID": ""}, "The field STATUS_ID is required."),
        ({"NAME": None}, "The field NAME is required."),
        ({"ENTITY_ID": "STATUSES"}, "The specified ENTITY_ID is not found."),
        ({"STATUS_ID": "A" * 22}, "The field STATUS_ID must be no longer than 21 characters."),
        ({"STATUS_ID": "БОТ"}, "The field STATUS_ID contains invalid characters."),
        ({"SORT": 45}, "ERROR_CORE"),
        ({"SORT": 35, "SEMANTICS": "F"}, "ERROR_CORE"),
        ({"SORT": 45, "SEMANTICS": "S"}, "ERROR_CORE"),
        ({"SEMANTICS": "maybe"}, "The field SEMANTICS is invalid."),
    ],
)
def test_stages_that_are_refused(calls: Calls, change: Any, error: str) -> None:
    assert calls.error("crm.status.add", fields=BOT_STAGE | change) == (400, error)


def test_only_an_administrator_adds_stages(portal: PortalServer, calls: Calls) -> None:
    portal.set_employee(1, isAdmin=False)
    assert calls.error("crm.status.add", fields=BOT_STAGE) == (400, "Access denied.")


def test_stages_of_another_pipeline_get_a_prefix_and_are_cut(portal: PortalServer, calls: Calls) -> None:
    pipeline = portal.add_pipeline("Опт")
    fields = {**BOT_STAGE, "ENTITY_ID": f"DEAL_STAGE_{pipeline}", "STATUS_ID": "VERY_LONG_STAGE_NAME", "SORT": 15}
    number = calls.ok("crm.status.add", fields=fields)
    assert calls.ok("crm.status.get", id=number)["STATUS_ID"] == f"C{pipeline}:VERY_LONG_STAGE_NAME"[:21]


def test_bots_and_clients_are_not_employees(portal: PortalServer, calls: Calls) -> None:
    portal.client_says("telegrambot", 1, "5", "Привет")
    fields = {"code": "b", "botToken": "t", "properties": {"name": "Бот"}}
    calls.ok("imbot.v2.Bot.register", fields=fields)
    body = calls.body("user.get")
    assert body["total"] == 5
    first = body["result"][0]
    assert (first["ID"], first["ACTIVE"], first["UF_DEPARTMENT"], first["LAST_LOGIN"]) == ("1", True, [1], {})


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"ID": 2}, ["2"]),
        ({"FILTER": {"UF_DEPARTMENT": 2}}, ["2", "3", "4"]),
        ({"filter": {"ACTIVE": True, "IS_ONLINE": "N"}}, ["5"]),
        ({"FILTER": {"ACTIVE": False}}, ["6"]),
        ({"FILTER": {"LAST_NAME": "Петров"}}, ["2"]),
        ({"FILTER": {"%LAST_NAME": "ов"}, "SORT": "ID", "ORDER": "DESC"}, ["4", "3", "2", "1"]),
        ({"FILTER": {"@ID": [1, 3]}}, ["1", "3"]),
    ],
)
def test_employees_are_found(portal: PortalServer, calls: Calls, params: Any, found: list[str]) -> None:
    assert portal.add_employee("Уволен", "Давно", active=False) == 6
    assert sorted(row["ID"] for row in calls.ok("user.get", **params)) == sorted(found)


def test_a_brief_scope_shows_names_only(portal: PortalServer, calls: Calls) -> None:
    portal.scopes = frozenset({"user_brief"})
    assert "WORK_POSITION" not in calls.ok("user.get", ID=1)[0]


def test_departments(calls: Calls) -> None:
    assert [row["NAME"] for row in calls.ok("department.get", PARENT=1)] == ["Отдел продаж"]


def test_a_working_day_expires_overnight(portal: PortalServer, calls: Calls) -> None:
    assert calls.ok("timeman.status", USER_ID=2)["STATUS"] == "OPENED"
    portal.clock.advance(86400)
    assert calls.ok("timeman.status", USER_ID=2)["STATUS"] == "EXPIRED"
    portal.set_employee(2, day="PAUSED")
    assert calls.ok("timeman.status", USER_ID=2)["STATUS"] == "PAUSED"
    portal.set_employee(2, tracksTime=False)
    assert calls.ok("timeman.settings", USER_ID=2)["UF_TIMEMAN"] is False
    assert calls.error("timeman.status", USER_ID=77) == (400, "User not found")


def test_a_notification_replaces_the_one_with_its_tag(portal: PortalServer, calls: Calls) -> None:
    first = {"USER_ID": 2, "MESSAGE": "Новый лид", "TAG": "LEAD_1", "CLIENT_ID": "bot"}
    assert calls.ok("im.notify.personal.add", **first)
    assert calls.ok("im.notify.system.add", **first | {"MESSAGE": "Новый лид с телефоном"})
    assert calls.ok("im.notify", TO=2, MESSAGE="Без метки", TYPE="SYSTEM")
    assert [(row["text"], row["by"]) for row in portal.notifications(2)] == [
        ("Новый лид с телефоном", 0),
        ("Без метки", 0),
    ]


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"MESSAGE": "x"}, "USER_ID_EMPTY"),
        ({"USER_ID": 2, "MESSAGE": " "}, "MESSAGE_EMPTY"),
        ({"USER_ID": 2, "MESSAGE": "x", "ATTACH": "a" * 60_001}, "ATTACH_OVERSIZE"),
        ({"USER_ID": 2, "MESSAGE": "x", "TAG": "t"}, "CLIENT_ID_EMPTY"),
    ],
)
def test_notifications_that_are_refused(calls: Calls, params: Any, error: str) -> None:
    assert calls.error("im.notify.system.add", **params) == (400, error)


def test_nobody_to_notify_is_false(calls: Calls) -> None:
    assert calls.ok("im.notify.system.add", USER_ID=777, MESSAGE="x") is False


def test_small_methods(calls: Calls) -> None:
    assert "crm" in calls.ok("scope")
    assert calls.ok("method.get", name="crm.item.add") == {"isExisting": True, "isAvailable": True}
    assert calls.ok("method.get", name="crm.lead.convert")["isExisting"] is False
    assert "crm.item.list" in calls.ok("methods")
    assert calls.ok("user.current")["ID"] == calls.ok("profile")["ID"] == "1"
