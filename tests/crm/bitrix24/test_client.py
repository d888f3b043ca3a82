"""A call from our side to the portal and back, over real HTTP."""

import logging
import traceback
from typing import Any

import pytest

from crm.bitrix24 import errors
from crm.bitrix24.client import Bitrix24
from tests.crm.bitrix24.moments import START, Time
from tests.crm.bitrix24.stub import Stub
from tests.emulators.server import Fault, FaultKind

LIMIT = {"error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"}
BLOCKED = {"error": "OPERATION_TIME_LIMIT", "error_description": "Method is blocked due to operation time limit."}


def refuse(stub: Stub, body: dict[str, Any], status: int, times: int = 1) -> None:
    stub.faults.order(Fault(FaultKind.STATUS, status=status, body=body, times=times))


def test_a_read_returns_the_result_and_is_counted(client: Bitrix24, stub: Stub, counted: list[tuple[str, str]]) -> None:
    stub.script("crm.item.get", {"result": {"item": {"id": 7}}, "time": {"start": 1.5}})

    assert client.read("crm.item.get", {"entityTypeId": 1, "id": 7}) == {"item": {"id": 7}}
    assert stub.calls_of("crm.item.get") == [{"entityTypeId": 1, "id": 7}]
    assert counted == [("crm.item.get", "ok")]


@pytest.mark.parametrize("is_write", [False, True])
def test_throttling_is_waited_out_for_reads_and_writes(
    client: Bitrix24, stub: Stub, moment: Time, counted: list[tuple[str, str]], is_write: bool
) -> None:
    refuse(stub, LIMIT, 503, times=2)

    assert client.call("crm.item.add", {}, is_write=is_write).result is True
    assert len(stub.calls) == 3
    assert moment.slept == [2.0, 2.0]
    assert [outcome for _, outcome in counted] == ["throttled", "throttled", "ok"]


def test_endless_throttling_ends_with_the_time_to_come_back(client: Bitrix24, stub: Stub) -> None:
    refuse(stub, LIMIT, 503, times=-1)

    with pytest.raises(errors.Throttled) as caught:
        client.write("crm.item.add")
    assert caught.value.retry_after == 2.0
    assert len(stub.calls) == 4


def test_a_caller_without_patience_is_told_at_once(client: Bitrix24, stub: Stub, moment: Time) -> None:
    client.patience = 0.0
    refuse(stub, LIMIT, 503)

    with pytest.raises(errors.Throttled):
        client.read("crm.item.get")
    assert moment.slept == []


def test_a_bot_answer_429_means_the_same_as_503(client: Bitrix24, stub: Stub) -> None:
    refuse(stub, {"error": "TOO_MANY", "error_description": ""}, 429)

    assert client.write("imbot.v2.Chat.Message.send") is True


def test_a_method_out_of_execution_time_is_paused_for_every_process(
    client: Bitrix24, stub: Stub, moment: Time, counted: list[tuple[str, str]]
) -> None:
    refuse(stub, {**BLOCKED, "time": {"operating_reset_at": START + 90}}, 429)

    with pytest.raises(errors.MethodPaused) as caught:
        client.read("crm.item.list")
    assert caught.value.until == START + 90
    with pytest.raises(errors.MethodPaused):
        client.in_background().read("crm.item.list")
    assert len(stub.calls) == 1, "the second call must not reach the portal"
    assert client.read("crm.item.get") is True, "other methods go on"
    moment.now = START + 91
    assert client.read("crm.item.list") is True
    assert [outcome for _, outcome in counted] == ["paused", "paused", "ok", "ok"]


def test_without_a_reset_time_in_the_error_the_last_known_one_counts(client: Bitrix24, stub: Stub) -> None:
    stub.script("crm.item.list", {"result": [], "time": {"operating_reset_at": START + 300}}, BLOCKED)

    client.read("crm.item.list")
    with pytest.raises(errors.MethodPaused) as caught:
        client.read("crm.item.list")
    assert caught.value.until == START + 300


def test_an_overload_block_stops_the_whole_portal(client: Bitrix24, stub: Stub) -> None:
    refuse(stub, {"error": "OVERLOAD_LIMIT", "error_description": "REST API is blocked due to overload."}, 503)

    with pytest.raises(errors.Overloaded):
        client.read("crm.item.list")
    with pytest.raises(errors.Overloaded) as caught:
        client.read("user.get")
    assert caught.value.retry_after == 600
    assert len(stub.calls) == 1


@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.ACT_THEN_DROP])
def test_a_write_whose_connection_drops_is_never_repeated(client: Bitrix24, stub: Stub, kind: FaultKind) -> None:
    stub.faults.order(Fault(kind))

    with pytest.raises(errors.OutcomeUnknown):
        client.write("crm.item.add")
    assert len(stub.calls) == 1


def test_a_read_whose_connection_drops_is_repeated(client: Bitrix24, stub: Stub, moment: Time) -> None:
    stub.faults.order(Fault(FaultKind.DROP, times=2))

    assert client.read("crm.item.get") is True
    assert moment.slept == [0.5, 1.0]


def test_silence_after_a_write_leaves_its_outcome_unknown(client: Bitrix24, stub: Stub) -> None:
    client.http.timeout = 0.2
    stub.faults.order(Fault(FaultKind.DELAY, seconds=1.0))

    with pytest.raises(errors.OutcomeUnknown):
        client.write("crm.item.add")
    assert len(stub.calls) == 1


def test_a_portal_that_cannot_be_reached_has_done_nothing(client: Bitrix24, moment: Time) -> None:
    client.webhook = type(client.webhook)("http://127.0.0.1:1", 1, "s3cretc0de")

    with pytest.raises(errors.Unavailable):
        client.write("crm.item.add")
    assert moment.slept == [], "writes wait in their queue, not here"


@pytest.mark.parametrize(
    ("fault", "for_reads", "for_writes"),
    [
        (Fault(FaultKind.HTML, status=502, times=-1), errors.Unavailable, errors.OutcomeUnknown),
        (Fault(FaultKind.HTML, status=503, times=-1), errors.Unavailable, errors.OutcomeUnknown),
        (Fault(FaultKind.HTML, status=200, times=-1), errors.Unavailable, errors.OutcomeUnknown),
        (Fault(FaultKind.HTML, status=403, times=-1), errors.Denied, errors.Denied),
        (Fault(FaultKind.HTML, status=404, times=-1), errors.MethodMissing, errors.MethodMissing),
        (Fault(FaultKind.STATUS, status=500, times=-1, body={"error": "INTERNAL_SERVER_ERROR"}),
         errors.Unavailable, errors.OutcomeUnknown),
        (Fault(FaultKind.STATUS, status=500, times=-1, body={}), errors.Unavailable, errors.OutcomeUnknown),
    ],
)  # fmt: skip
def test_pages_and_failures_mean_what_can_be_known(
    client: Bitrix24, stub: Stub, fault: Fault, for_reads: type[Exception], for_writes: type[Exception]
) -> None:
    stub.faults.order(fault)

    with pytest.raises(for_reads):
        client.read("crm.item.get")
    before = len(stub.calls)
    with pytest.raises(for_writes):
        client.write("crm.item.add")
    assert len(stub.calls) == before + 1


def test_a_renamed_portal_is_named_and_not_followed(client: Bitrix24, stub: Stub) -> None:
    new = "https://new.bitrix24.ru/rest/1/s3cretc0de/crm.item.add.json"
    stub.faults.order(Fault(FaultKind.REDIRECT, location=new))

    with pytest.raises(errors.PortalMoved) as caught:
        client.write("crm.item.add")
    assert caught.value.location == "https://new.bitrix24.ru"
    assert len(stub.calls) == 1


def test_the_webhook_address_is_in_no_log_and_no_error(
    client: Bitrix24, stub: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.DEBUG)
    stub.faults.order(Fault(FaultKind.DROP, times=-1))

    texts = [repr(client)]
    try:
        client.read("crm.item.get")
    except errors.Unavailable as error:
        texts.append("".join(traceback.format_exception(error)))
    stub.faults.clear()
    client.read("crm.item.get")
    assert "HTTP Request" in caplog.text, "httpx did log; otherwise this test proves nothing"
    assert "s3cretc0de" not in caplog.text + "".join(texts)


def test_a_long_list_is_read_by_keyset_to_the_end(client: Bitrix24, stub: Stub) -> None:
    pages = [{"result": {"items": [{"id": number} for number in numbers]}, "total": 0}
             for numbers in (range(1, 51), range(51, 101), range(101, 104))]  # fmt: skip
    stub.script("crm.item.list", *pages)

    rows = list(client.read_all("crm.item.list", {"filter": {"@stageId": ["NEW"]}}, rows="items"))

    assert [row["id"] for row in rows] == list(range(1, 104))
    assert [call["filter"] for call in stub.calls_of("crm.item.list")] == [
        {"@stageId": ["NEW"], ">id": 0},
        {"@stageId": ["NEW"], ">id": 50},
        {"@stageId": ["NEW"], ">id": 100},
    ]
    assert all(call["start"] == -1 for call in stub.calls_of("crm.item.list"))


def test_a_list_that_ignores_the_filter_does_not_run_for_ever(client: Bitrix24, stub: Stub) -> None:
    stub.script("user.get", {"result": [{"ID": str(number)} for number in range(1, 51)]})

    with pytest.raises(errors.Rejected):
        list(client.read_all("user.get", {}, id_field="ID"))
    assert len(stub.calls) == 2
