"""What each answer of a school means for the caller, and that no key ever stands in an error."""

from collections.abc import Iterator

import pytest

from payments.errors import AccessDenied, NotReady, ProviderError, Rejected, Unavailable
from payments.providers.getcourse import client
from payments.providers.getcourse.client import School, is_true
from payments.providers.wire import close_shared
from tests.emulators.getcourse import Fault, FaultKind, SchoolServer

PARAMS = {
    "user": {"email": "a@x.ru"},
    "deal": {"deal_number": "A", "deal_cost": "10.00"},
    "system": {"return_payment_link": 1},
}
KEY = "school-api-key"


@pytest.fixture
def server() -> Iterator[SchoolServer]:
    with SchoolServer() as school:
        yield school
    close_shared()


@pytest.fixture
def school(server: SchoolServer) -> School:
    return School(server.url, KEY, "developer-key", "school-key")


def answered(status: int, body: object) -> Fault:
    return Fault(FaultKind.STATUS, match="/pl/api", status=status, body=body)


@pytest.mark.parametrize("flags", [True, False], ids=["flags as strings", "flags as booleans"])
def test_a_deal_is_made_and_read_back(server: SchoolServer, school: School, flags: bool) -> None:
    server.world.string_flags = flags
    made = client.add_deal(school, PARAMS)
    again = client.add_deal(school, PARAMS)
    assert made["deal_id"] == again["deal_id"], "the same number is the same deal"
    fields = client.deal_fields(school, str(made["deal_id"]))
    assert (fields["deal_number"], fields["status"]) == ("A", "new")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (answered(401, {}), AccessDenied),
        (answered(403, {}), AccessDenied),
        (answered(429, {}), Unavailable),
        (answered(500, {}), Unavailable),
        (Fault(FaultKind.HTML, match="/pl/api", status=200), Unavailable),
        (Fault(FaultKind.HTML, match="/pl/api", status=502), Unavailable),
        (Fault(FaultKind.DROP, match="/pl/api"), Unavailable),
        (Fault(FaultKind.REDIRECT, match="/pl/api", location="https://elsewhere.example"), AccessDenied),
        (answered(200, []), Unavailable),
        (answered(200, {"success": "false", "error_message": "Неверный ключ"}), AccessDenied),
        (answered(200, {"success": "false", "result": {"error_message": "сбой"}}), Unavailable),
        (
            answered(200, {"success": True, "result": {"success": True, "error": "true", "error_message": "нет"}}),
            Rejected,
        ),
        (answered(200, {"success": True, "result": {"success": "false"}}), Rejected),
        (answered(200, {"success": True, "result": None}), Rejected),
    ],
)
def test_every_failure_says_what_to_do(
    server: SchoolServer, school: School, fault: Fault, error: type[ProviderError]
) -> None:
    server.faults.order(fault)
    with pytest.raises(error) as raised:
        client.add_deal(school, PARAMS)
    assert type(raised.value) is error
    assert KEY not in f"{raised.value!r} {raised.value.__cause__!r} {raised.value.__context__ and ''}"


def test_a_pause_is_as_long_as_asked_for(server: SchoolServer, school: School) -> None:
    server.faults.order(Fault(FaultKind.STATUS, match="/pl/api", status=429, body={}, headers={"Retry-After": "7"}))
    with pytest.raises(Unavailable) as raised:
        client.add_deal(school, PARAMS)
    assert raised.value.retry_after == 7


def test_an_export_goes_its_way(server: SchoolServer, school: School) -> None:
    server.world.add(title="Курс", cost="10.00", email="a@x.ru")
    export = client.begin_export(school, since="2020-01-01")
    with pytest.raises(Unavailable, match="another export"):
        client.begin_export(school, since="2020-01-01")
    with pytest.raises(NotReady):
        client.fetch_export(school, export)
    headings, rows = client.fetch_export(school, export)
    assert headings[0] == "ID заказа"
    assert len(rows) == 1
    server.world.export_limit = 0
    with pytest.raises(Unavailable, match="limit"):
        client.begin_export(school, since="2020-01-01")


def test_wrong_keys_and_unknown_deals_are_told(server: SchoolServer, school: School) -> None:
    with pytest.raises(AccessDenied):
        client.deal_fields(School(server.url, KEY, "wrong", "keys"), "1001")
    with pytest.raises(AccessDenied):
        client.begin_export(School(server.url, "wrong"), since="2020-01-01")
    with pytest.raises(Unavailable, match="не найден"):
        client.deal_fields(school, "5")
    with pytest.raises(Unavailable):
        client.add_deal(School("http://127.0.0.1:9", KEY), PARAMS)
    with pytest.raises(ProviderError):
        client.add_deal(School("http://[", KEY), PARAMS)


@pytest.mark.parametrize(("value", "read"), [("true", True), ("True ", True), ("1", True), (1, True), (True, True)])
def test_what_is_true_is_read_as_true(value: object, read: bool) -> None:
    assert is_true(value) is read


@pytest.mark.parametrize("value", ["false", "0", "", None, False, 0, 2, "ok", [], {"a": 1}])
def test_whatever_else_is_not_true(value: object) -> None:
    assert is_true(value) is False
