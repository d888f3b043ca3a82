"""The official b24pysdk, unpatched and over TLS, works against the emulator: what it understands, a portal says."""

from collections.abc import Iterator
from typing import Any

import pytest
from b24pysdk import errors
from b24pysdk.credentials import BitrixWebhook

from tests.emulators.bitrix24 import PortalServer, orders


@pytest.fixture(scope="module")
def _served() -> Iterator[PortalServer]:
    with PortalServer(tls=True, require_https=True) as portal:
        yield portal


@pytest.fixture
def portal(_served: PortalServer, monkeypatch: pytest.MonkeyPatch) -> PortalServer:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(_served.ca_path))
    _served.limits.clear()
    _served.faults.clear()
    _served.calls.clear()
    return _served


@pytest.fixture
def sdk(portal: PortalServer) -> Any:
    return _token(portal)


def _token(portal: PortalServer, code: str = "") -> Any:
    domain = portal.url.removeprefix("https://")
    return BitrixWebhook(domain=domain, webhook_token=f"{portal.user_id}/{code or portal.webhook_code}")


def test_a_lead_is_added_read_and_its_phone_changed(sdk: Any, portal: PortalServer) -> None:
    fields = {"title": "С сайта", "fm": [{"typeId": "PHONE", "valueType": "WORK", "value": "+79991234567"}]}
    item = sdk.call_method("crm.item.add", {"entityTypeId": 1, "fields": fields})["result"]["item"]
    change = {"fm": {str(item["fm"][0]["id"]): {"typeId": "PHONE", "value": "+79990000000"}}}
    sdk.call_method("crm.item.update", {"entityTypeId": 1, "id": item["id"], "fields": change})
    read = sdk.call_method("crm.lead.get", {"ID": item["id"]})["result"]
    assert [entry["VALUE"] for entry in read["PHONE"]] == ["+79990000000"]
    assert read["ID"] == str(item["id"])


def test_an_old_style_lead_gets_its_id_back_and_its_phones_twice(sdk: Any, portal: PortalServer) -> None:
    phone = [{"VALUE": "+79991112233", "VALUE_TYPE": "WORK"}]
    number = sdk.call_method("crm.lead.add", {"fields": {"TITLE": "Старый", "PHONE": phone}})["result"]
    sdk.call_method("crm.lead.update", {"id": number, "fields": {"PHONE": phone}})
    assert portal.lead(number)["phones"] == ["+79991112233", "+79991112233"]


def test_a_batch_uses_the_results_before_it(sdk: Any, portal: PortalServer) -> None:
    number = portal.add_lead(title="Первый")
    methods = {
        "a": ("crm.lead.get", {"ID": number}),
        "b": (
            "crm.timeline.comment.add",
            {"fields": {"ENTITY_ID": "$result[a][ID]", "ENTITY_TYPE": "lead", "COMMENT": "!"}},
        ),
        "c": ("crm.item.get", {"entityTypeId": 1, "id": 1}),
    }
    result = sdk.call_batch(methods)["result"]
    assert portal.timeline(number) == ["!"]
    assert set(result["result"]) == {"a", "b"}
    assert result["result_error"]["c"]["error"] == "NOT_FOUND"


@pytest.mark.parametrize(("method", "params"), [("crm.item.list", {"entityTypeId": 1}), ("crm.lead.list", {})])
def test_the_fast_list_brings_every_row_in_order(method: str, params: dict[str, Any]) -> None:
    with PortalServer(tls=True) as portal:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("REQUESTS_CA_BUNDLE", str(portal.ca_path))
            made = [portal.add_lead(title=f"Лид {index}") for index in range(180)]
            found = _token(portal).call_list_fast(method, params)["result"]
            assert [int(next(row[key] for key in ("id", "ID") if key in row)) for row in found] == made
        # the first page, one batch, and its commands of which only four found rows
        assert [seen.method for seen in portal.calls if not seen.in_batch] == [method, "batch"]


@pytest.mark.parametrize(
    ("method", "params", "error"),
    [
        ("crm.item.get", {"entityTypeId": 1, "id": 999999}, errors.BitrixAPINotFound),
        ("crm.lead.get", {"ID": 999999}, errors.BitrixAPIBadRequest),
        ("crm.item.list", {"entityTypeId": 1, "filter": {"x": 1}}, errors.BitrixAPIInvalidArgValue),
        ("event.bind", {"event": "ONCRMLEADADD"}, errors.BitrixAPIWrongAuthType),
        ("voximplant.line.get", {}, errors.BitrixAPINotFound),
    ],
)
def test_errors_arrive_as_the_sdk_knows_them(sdk: Any, method: str, params: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        sdk.call_method(method, params)


def test_a_wrong_code_and_a_missing_scope_are_told_apart(portal: PortalServer, sdk: Any) -> None:
    with pytest.raises(errors.BitrixAPIInvalidCredentials) as wrong:
        _token(portal, "wrong").call_method("profile")
    assert wrong.value.status_code == 401
    portal.scopes = portal.scopes - {"im"}
    with pytest.raises(errors.BitrixAPIInsufficientScope):
        sdk.call_method("im.notify.system.add", {"USER_ID": 1, "MESSAGE": "x"})


def test_limits_and_breakdowns_are_typed(portal: PortalServer, sdk: Any) -> None:
    portal.limits.cost["crm.status.list"] = 500.0
    sdk.call_method("crm.status.list")
    with pytest.raises(errors.BitrixAPIOperationTimeLimit):
        sdk.call_method("crm.status.list")
    portal.faults.order(orders.overload(times=1))
    with pytest.raises(errors.BitrixAPIOverloadLimit):
        sdk.call_method("profile", max_retries=1)
    portal.faults.order(orders.bad_gateway())
    with pytest.raises(errors.BitrixResponseJSONDecodeError):
        sdk.call_method("profile")
    portal.faults.order(orders.act_then_drop(match="crm.lead.add"))
    before = len(portal.leads())
    with pytest.raises(errors.BitrixRequestError):
        sdk.call_method("crm.lead.add", {"fields": {"TITLE": "Один"}})
    assert len(portal.leads()) == before + 1


def test_the_fifty_first_request_of_a_moment_is_refused(portal: PortalServer, sdk: Any) -> None:
    portal.clock.freeze()
    for _ in range(50):
        sdk.call_method("profile")
    with pytest.raises(errors.BitrixAPIQueryLimitExceeded):
        sdk.call_method("profile", max_retries=1)
    portal.clock.advance(1)
    sdk.call_method("profile")
    portal.clock.thaw()
