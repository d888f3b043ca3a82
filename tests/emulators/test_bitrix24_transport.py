"""How a call gets in and an answer out: addresses, bodies, names in any case, rights, limits, PHP's JSON."""

from typing import Any

import pytest

from tests.emulators.bitrix24 import PortalServer, orders
from tests.emulators.bitrix24.calls import Calls
from tests.emulators.bitrix24.shapes import PhpObject, parse_query, to_pairs, to_php_json

CODE = "v4b8k2m9x7q1w3e5"


@pytest.mark.parametrize(
    ("verb", "path", "options"),
    [
        ("POST", "crm.lead.get", {"json": {"id": 2651}}),
        ("POST", "crm.lead.get.json", {"json": {"ID": 2651}}),
        ("POST", "CRM.Lead.GET", {"json": {"Id": "2651"}}),
        ("POST", "crm.lead.get", {"data": {"id": "2651"}}),
        ("POST", "crm.lead.get", {"files": {"id": (None, "2651")}}),
        ("POST", "crm.lead.get?id=2651", {}),
        ("POST", "crm.lead.get?id=1", {"json": {"id": 2651}}),
        ("GET", "crm.lead.get?id=2651", {}),
    ],
)
def test_parameters_arrive_in_every_form(
    portal: PortalServer, calls: Calls, verb: str, path: str, options: dict[str, Any]
) -> None:
    assert portal.add_lead(title="Первый") == 2651
    answer = calls.raw(verb, f"/rest/1/{CODE}/{path}", **options)
    assert answer.json()["result"]["TITLE"] == "Первый"


def test_the_json_body_of_a_get_is_not_read(calls: Calls) -> None:
    body = {"type": "PHONE", "values": ["+7999"]}
    answer = calls.raw("GET", f"/rest/1/{CODE}/crm.duplicate.findbycomm", json=body)
    assert answer.json()["error_description"] == "Communication type is not defined."


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/rest/1/wrong/profile", 401, "INVALID_CREDENTIALS"),
        (f"/rest/2/{CODE}/profile", 401, "INVALID_CREDENTIALS"),
        (f"/rest/{CODE}/profile", 404, "ERROR_METHOD_NOT_FOUND"),
        (f"/rest/1/{CODE}/crm.lead.convert", 404, "ERROR_METHOD_NOT_FOUND"),
        (f"/rest/1/{CODE}/event.bind", 403, "WRONG_AUTH_TYPE"),
        ("/rest/profile", 401, "NO_AUTH_FOUND"),
        ("/rest/profile?auth=stranger", 401, "invalid_token"),
        ("/rest/profile?auth=app-access-token", 200, None),
    ],
)
def test_who_may_call(calls: Calls, path: str, status: int, code: str | None) -> None:
    answer = calls.raw("POST", path)
    assert (answer.status_code, answer.json().get("error")) == (status, code)


def test_disputed_statuses_are_settings(portal: PortalServer, calls: Calls) -> None:
    portal.invalid_credentials_status = portal.insufficient_scope_status = 403
    portal.scopes = frozenset({"im"})
    assert calls.raw("POST", "/rest/1/wrong/profile").status_code == 403
    assert calls.error("crm.item.list", entityTypeId=1) == (403, "insufficient_scope")


def test_an_expired_token_an_unpaid_portal_and_plain_http_are_refused(portal: PortalServer, calls: Calls) -> None:
    portal.is_token_expired = True
    assert calls.raw("POST", "/rest/profile?auth=app-access-token").json()["error"] == "expired_token"
    portal.is_paid = False
    assert calls.error("profile") == (403, "ACCESS_DENIED")
    portal.require_https = True
    assert calls.error("profile") == (400, "INVALID_REQUEST")


def test_errors_have_no_time_and_answers_do(calls: Calls) -> None:
    assert set(calls.body("no.such.method")) == {"error", "error_description"}
    time = calls.body("profile")["time"]
    assert {"start", "finish", "duration", "operating", "operating_reset_at"} <= set(time)


def test_the_bucket_leaks_by_the_clock_and_counts_a_batch_once(portal: PortalServer, calls: Calls) -> None:
    portal.clock.freeze()
    portal.limits.burst = 3
    assert [calls.response("batch", cmd={"a": "profile", "b": "profile"}).status_code for _ in range(4)] == [
        200,
        200,
        200,
        503,
    ]
    assert calls.error("profile") == (503, "QUERY_LIMIT_EXCEEDED")
    portal.clock.advance(1)
    assert [calls.response("profile").status_code for _ in range(3)] == [200, 200, 503]
    portal.limits.is_on = False
    assert calls.response("profile").status_code == 200


def test_throttling_of_bots_may_be_429(portal: PortalServer, calls: Calls) -> None:
    portal.clock.freeze()
    portal.limits.burst, portal.limits.bot_status = 0, 429
    assert calls.error("imbot.v2.Revision.get") == (429, "QUERY_LIMIT_EXCEEDED")


def test_a_method_that_used_up_its_time_is_blocked_until_the_oldest_minute_drops_out(
    portal: PortalServer, calls: Calls
) -> None:
    portal.clock.freeze()
    portal.limits.cost["crm.status.list"] = 300.0
    assert calls.ok("crm.status.list")
    reset = calls.body("crm.status.list")["time"]["operating_reset_at"]  # crosses the limit and still ends
    assert calls.error("crm.status.list") == (429, "OPERATION_TIME_LIMIT")
    inner = calls.ok("batch", cmd={"a": "crm.status.list"})
    assert inner["result_error"]["a"]["error"] == "OPERATION_TIME_LIMIT"
    assert calls.ok("profile")
    portal.clock.set(reset)
    assert calls.ok("crm.status.list")


@pytest.mark.parametrize(
    ("fault", "status", "kind", "code"),
    [
        (orders.query_limit(), 503, "application/json", "QUERY_LIMIT_EXCEEDED"),
        (orders.overload(), 503, "application/json", "OVERLOAD_LIMIT"),
        (orders.operation_time_limit(), 429, "application/json", "OPERATION_TIME_LIMIT"),
        (orders.server_error(), 500, "application/json", "INTERNAL_SERVER_ERROR"),
        (orders.bad_gateway(), 502, "text/html", ""),
        (orders.moved("https://new.bitrix24.ru/"), 302, "text/html", ""),
    ],
)
def test_ordered_faults_happen_once(
    portal: PortalServer, calls: Calls, fault: Any, status: int, kind: str, code: str
) -> None:
    portal.faults.order(fault)
    answer = calls.response("profile")
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (status, kind)
    assert not code or answer.json()["error"] == code
    assert calls.response("profile").status_code == 200


def test_what_was_called_is_remembered(portal: PortalServer, calls: Calls) -> None:
    calls.ok("batch", cmd={"a": "profile", "b": "crm.lead.get?id=1"})
    seen = [(call.method, call.outcome, call.in_batch) for call in portal.calls]
    assert seen == [("profile", "ok", True), ("crm.lead.get", "Not found", True), ("batch", "ok", False)]


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("a=1&b=", {"a": "1", "b": ""}),
        ("f[x]=1&f[y][z]=2", {"f": {"x": "1", "y": {"z": "2"}}}),
        ("f[]=a&f[]=b", {"f": ["a", "b"]}),
        ("f[0][V]=a&f[1][V]=b", {"f": [{"V": "a"}, {"V": "b"}]}),
        ("f[1]=a", {"f": {"1": "a"}}),
        ("filter%5B%3E%3DID%5D=5", {"filter": {">=ID": "5"}}),
        ("x[=5", {"x[": "5"}),
    ],
)
def test_bracketed_keys_are_read_as_php_reads_them(query: str, value: Any) -> None:
    assert parse_query(query) == value


@pytest.mark.parametrize(
    ("value", "shaped"),
    [
        ({}, []),
        ({"0": "a", "1": "b"}, ["a", "b"]),
        ({0: {}}, [[]]),
        ({"1": "a"}, {"1": "a"}),
        ({"1": "b", "0": "a"}, {"1": "b", "0": "a"}),
        ({"x": PhpObject()}, {"x": {}}),
        ([{"a": {}}], [{"a": []}]),
    ],
)
def test_maps_and_lists_are_confused_as_php_confuses_them(value: Any, shaped: Any) -> None:
    assert to_php_json(to_php_json(value)) == shaped


def test_event_bodies_are_bracketed_strings() -> None:
    body = {"event": "E", "data": {"a": True, "b": False, "c": None, "d": [1]}}
    assert to_pairs(body) == [
        ("event", "E"),
        ("data[a]", "1"),
        ("data[b]", "0"),
        ("data[c]", ""),
        ("data[d][0]", "1"),
    ]
