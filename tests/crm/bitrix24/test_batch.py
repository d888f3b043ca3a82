"""Many calls in one request, each with its own fate."""

import pytest

from crm.bitrix24 import errors
from crm.bitrix24.batch import Command, run_batch
from crm.bitrix24.client import Bitrix24
from tests.crm.bitrix24.moments import START
from tests.crm.bitrix24.stub import Stub


def test_results_come_back_by_name(client: Bitrix24, stub: Stub) -> None:
    inner = {"result": {"a": [{"ID": "1"}], "b": True}, "result_error": [], "result_total": []}
    stub.script("batch", {"result": inner})

    commands = {"a": Command("user.get", {"ID": 1}), "b": Command("profile")}
    assert run_batch(client, commands, is_write=False).require() == {"a": [{"ID": "1"}], "b": True}
    assert stub.calls_of("batch") == [{"halt": 0, "cmd": {"a": "user.get?ID=1", "b": "profile?"}}]


def test_a_failed_command_does_not_pass_in_silence(
    client: Bitrix24, stub: Stub, counted: list[tuple[str, str]]
) -> None:
    refused = {"b": {"error": "", "error_description": "User not found"}}
    stub.script("batch", {"result": {"result": {"a": 1}, "result_error": refused}})

    commands = {"a": Command("timeman.status"), "b": Command("timeman.status"), "c": Command("timeman.status")}
    outcome = run_batch(client, commands, is_write=False)

    assert outcome.results == {"a": 1}
    assert {name: type(error) for name, error in outcome.failures.items()} == {
        "b": errors.NotFound,
        "c": errors.Unavailable,
    }
    with pytest.raises(errors.NotFound):
        outcome.require()
    assert counted == [("batch", "ok"), ("timeman.status", "not_found"), ("timeman.status", "unavailable")]


def test_a_write_without_an_answer_of_its_own_is_unknown(client: Bitrix24, stub: Stub) -> None:
    stub.script("batch", {"result": {"result": [], "result_error": []}})

    outcome = run_batch(client, {"a": Command("crm.item.add")}, is_write=True)
    assert isinstance(outcome.failures["a"], errors.OutcomeUnknown)


def test_an_inner_method_out_of_time_is_paused_inside_and_outside_batches(client: Bitrix24, stub: Stub) -> None:
    refused = {"a": {"error": "OPERATION_TIME_LIMIT", "error_description": ""}}
    stub.script("batch", {"result": {"result": [], "result_error": refused}})

    run_batch(client, {"a": Command("crm.item.list")}, is_write=False)

    for call in (lambda: run_batch(client, {"a": Command("crm.item.list")}, is_write=False),
                 lambda: client.read("crm.item.list")):  # fmt: skip
        with pytest.raises(errors.MethodPaused) as caught:
            call()
        assert caught.value.until == START + 60


def test_more_than_fifty_commands_are_several_requests(client: Bitrix24, stub: Stub) -> None:
    names = [f"n{number}" for number in range(51)]
    stub.script(
        "batch",
        {"result": {"result": dict.fromkeys(names[:50], 1), "result_error": []}},
        {"result": {"result": {"n50": 2}, "result_error": []}},
    )
    results = run_batch(client, {name: Command("profile") for name in names}, is_write=False).require()
    assert list(results) == names
    assert [len(call["cmd"]) for call in stub.calls_of("batch")] == [50, 1]


def test_numbers_as_names_are_refused(client: Bitrix24) -> None:
    with pytest.raises(ValueError, match="'7'"):
        run_batch(client, {"7": Command("profile")}, is_write=False)
