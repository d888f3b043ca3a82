"""Which error each answer of a portal becomes: a table."""

import json
from typing import Any

import pytest

from crm.bitrix24 import errors
from crm.bitrix24.answers import Answer, Asked, Reply, judge

CASES = [
    (401, "INVALID_CREDENTIALS", "Invalid request credentials", errors.BadCredentials),
    (403, "INVALID_CREDENTIALS", "Invalid request credentials", errors.BadCredentials),
    (401, "expired_token", "The access token provided has expired.", errors.BadCredentials),
    (401, "authorization_error", "", errors.BadCredentials),
    (400, "INVALID_REQUEST", "Https required.", errors.BadCredentials),
    (400, "INVALID_REQUEST", "Something else", errors.Rejected),
    (401, "insufficient_scope", "The request requires higher privileges", errors.Denied),
    (403, "ACCESS_DENIED", "REST is available only on commercial plans.", errors.Denied),
    (400, "ACCESS_DENIED", "", errors.Denied),
    (400, "", "Access denied.", errors.Denied),
    (403, "WRONG_AUTH_TYPE", "", errors.Denied),
    (401, "PAYMENT_REQUIRED", "Subscription has been ended", errors.Denied),
    (404, "ERROR_METHOD_NOT_FOUND", "Method not found!", errors.MethodMissing),
    (400, "NOT_FOUND", "Элемент не найден", errors.NotFound),
    (400, "", "Not found", errors.NotFound),
    (400, "", "User not found", errors.NotFound),
    (400, "OWNER_NOT_FOUND", "", errors.NotFound),
    (400, "", "ID is not defined or invalid", errors.Rejected),
    (400, "INVALID_ARG_VALUE", "Invalid filter: field 'x' is not allowed in filter", errors.Rejected),
    (400, "100", "Unknown field definition", errors.Rejected),
    (400, "ERROR_CORE", "The specified status ID already exists.", errors.Rejected),
    (500, "PORTAL_DELETED", "", errors.PortalGone),
    (410, "PORTAL_DELETED", "", errors.PortalGone),
    (503, "QUERY_LIMIT_EXCEEDED", "Too many requests", errors.Throttled),
    (200, "QUERY_LIMIT_EXCEEDED", "Too many requests", errors.Throttled),
    (503, "OVERLOAD_LIMIT", "REST API is blocked due to overload.", errors.Overloaded),
    (429, "OPERATION_TIME_LIMIT", "", errors.MethodPaused),
    (500, "ERROR_UNEXPECTED_ANSWER", "", errors.Unavailable),
    (500, "", "", errors.Unavailable),
]


def reply(status: int, body: Any) -> Reply:
    return Reply(status, {}, json.dumps(body).encode())


@pytest.mark.parametrize(("status", "code", "description", "expected"), CASES)
def test_the_code_decides(status: int, code: str, description: str, expected: type[errors.Bitrix24Error]) -> None:
    with pytest.raises(errors.Bitrix24Error) as caught:
        judge(reply(status, {"error": code, "error_description": description}), Asked("m", is_write=False))
    assert type(caught.value) is expected
    assert (caught.value.code, caught.value.status, caught.value.method) == (code, status, "m")


def test_version_three_wraps_its_error_in_an_object() -> None:
    body = {"error": {"code": "ACCESS_DENIED", "message": "no"}}
    with pytest.raises(errors.Denied, match="m 400 ACCESS_DENIED: no"):
        judge(reply(400, body), Asked("m", is_write=False))


@pytest.mark.parametrize(
    ("status", "expected"),
    [(429, errors.Throttled), (401, errors.BadCredentials), (400, errors.Rejected), (200, errors.Unavailable)],
)
def test_without_any_code_the_status_decides(status: int, expected: type[errors.Bitrix24Error]) -> None:
    with pytest.raises(expected):
        judge(reply(status, {}), Asked("m", is_write=False))


def test_a_proxy_page_with_429_is_throttling() -> None:
    with pytest.raises(errors.Throttled):
        judge(Reply(429, {}, b"<html>slow down</html>"), Asked("m", is_write=True))


def test_a_success_keeps_what_lists_need() -> None:
    body = {"result": [1], "total": 3, "next": 50, "time": {"operating_reset_at": 1800}}
    assert judge(reply(200, body), Asked("m", is_write=False)) == Answer([1], 3, 50, 1800.0)


def test_boxes_send_no_operating_time() -> None:
    assert judge(reply(200, {"result": False, "time": []}), Asked("m", is_write=True)) == Answer(False)


def test_an_error_that_quotes_the_address_does_not_carry_the_code() -> None:
    body = {"error": "X", "error_description": "bad path /rest/1/s3cretc0de/profile.json"}
    with pytest.raises(errors.Rejected) as caught:
        judge(reply(400, body), Asked("m", is_write=False))
    assert str(caught.value) == "Битрикс24 отказал (m 400 X: bad path /rest/1/***/profile.json)"


def test_people_read_what_happened_and_what_the_portal_said() -> None:
    error = errors.PortalMoved("moved", location="https://new.bitrix24.ru", method="crm.item.get", status=302)
    assert str(error) == "Портал Битрикс24 переехал: укажите новый адрес вебхука (crm.item.get 302: moved)"
    assert str(errors.Unavailable()) == "Битрикс24 не отвечает"
