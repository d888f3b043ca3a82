"""The provider against a real server: what each of its moods becomes, how often it is asked, and what it is never told."""

import asyncio
import json
import logging
import time
from collections.abc import Iterator

import pytest

from dialogs.assistant.context import Context, Line
from dialogs.assistant.openai import OpenAIProvider
from dialogs.assistant.provider import (
    Answer,
    Declined,
    Misconfigured,
    ProviderError,
    Request,
    TooMany,
    TooSlow,
    Unreachable,
    Unusable,
)
from dialogs.engine.proposals import NextAction
from tests.emulators.llm import ModelServer, Mood
from tests.emulators.server import Fault, FaultKind

KEY = "sk-only-for-tests-0123456789abcdef"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


def ask(server: ModelServer, *, seconds: float = 5.0, calls: int = 1, **settings: object) -> list[Answer]:
    """Ask `calls` questions one after another, of one provider."""

    async def run() -> list[Answer]:
        provider = OpenAIProvider(
            **{"api_key": KEY, "base_url": server.base_url, "model": "emulated", "attempts": 2, **settings}  # type: ignore[arg-type]
        )
        try:
            request = Request(Context(said="Здравствуйте!", lines=(Line("user", "Здравствуйте!"),)), "Ты — менеджер.")
            return [await provider.answer(request, seconds=seconds) for _ in range(calls)]
        finally:
            await provider.close()

    return asyncio.run(run())


def test_a_good_answer_is_a_proposal_with_what_it_took(server: ModelServer) -> None:
    (answer,) = ask(server)
    assert answer.proposal.next_action is NextAction.ASK
    assert answer.proposal.confidence == pytest.approx(0.86)
    assert answer.model == "emulated"
    assert answer.usage.tokens_in > 0
    assert json.loads(answer.raw)["reply_text"] == answer.proposal.reply_text
    (request,) = server.requests
    assert request["response_format"]["json_schema"]["strict"] is True
    assert [item["role"] for item in request["messages"]] == ["system", "system", "user"]


@pytest.mark.parametrize(
    ("mood", "error", "requests"),
    [
        (Mood.INVALID_JSON, Unusable, 2),
        (Mood.EMPTY, Unusable, 2),
        (Mood.WRONG_SCHEMA, Unusable, 2),
        (Mood.ENDLESS, Unusable, 2),
        (Mood.REFUSAL, Declined, 1),
        (Mood.TOO_MANY, TooMany, 2),
        (Mood.BROKEN, Unreachable, 2),
        (Mood.HTML, Unreachable, 2),
        (Mood.DROPS, Unreachable, 2),
        (Mood.NO_SUCH_KEY, Misconfigured, 1),
    ],
)
def test_every_wrong_mood_is_an_error_that_says_what_to_do(
    server: ModelServer, mood: Mood, error: type[ProviderError], requests: int
) -> None:
    server.moods.always(mood)
    server.retry_after = 0.05
    with pytest.raises(error) as raised:
        ask(server)
    assert len(server.requests) == requests
    assert KEY not in str(raised.value)


@pytest.mark.parametrize("mood", [Mood.INVALID_JSON, Mood.EMPTY, Mood.BROKEN, Mood.DROPS, Mood.TOO_MANY])
def test_what_passes_is_asked_again_and_both_are_paid_for(server: ModelServer, mood: Mood) -> None:
    server.moods.order(mood)
    server.retry_after = 0.05
    (answer,) = ask(server)
    assert len(server.requests) == 2
    if mood is Mood.INVALID_JSON:
        assert answer.usage.tokens_in > len(str(server.requests[0]["messages"])) // 3


def test_good_json_in_a_fence_is_taken(server: ModelServer) -> None:
    server.moods.order(Mood.FENCED)
    assert ask(server)[0].proposal.reply_text


def test_it_waits_as_long_as_it_was_asked_to_and_no_longer_than_the_customer(server: ModelServer) -> None:
    server.retry_after = 0.9
    server.moods.order(Mood.TOO_MANY)
    begun = time.monotonic()
    ask(server)
    assert time.monotonic() - begun >= 0.9
    server.moods.order(Mood.TOO_MANY)
    server.retry_after = 30
    begun = time.monotonic()
    with pytest.raises(TooMany) as raised:
        ask(server)
    assert raised.value.wait == 30
    assert time.monotonic() - begun < 2


def test_a_slow_model_is_not_waited_for(server: ModelServer) -> None:
    server.moods.order(Mood.SLOW)
    begun = time.monotonic()
    with pytest.raises(TooSlow):
        ask(server, call_seconds=0.3)
    assert time.monotonic() - begun < 2
    server.moods.order(Mood.SLOW)
    with pytest.raises(TooSlow):
        ask(server, seconds=0.3)


def test_a_server_that_knows_less_is_asked_in_its_own_way_and_that_is_remembered(server: ModelServer) -> None:
    server.knows_schema = server.knows_json = False
    server.limit_name = "max_tokens"
    assert len(ask(server, calls=2)) == 2
    first, second = server.requests
    assert "response_format" not in first
    assert "max_tokens" in second
    assert '"reply_text"' in first["messages"][0]["content"], "the schema is spelt out where it cannot be asked for"


def test_a_server_that_refuses_for_another_reason_is_misconfigured(server: ModelServer) -> None:
    body = {"error": {"message": "The model does not exist", "code": "model_not_found"}}
    server.faults.order(Fault(FaultKind.STATUS, times=-1, status=400, body=body))
    with pytest.raises(Misconfigured):
        ask(server)
    server.faults.clear()
    quota = {"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}
    server.faults.order(Fault(FaultKind.STATUS, times=-1, status=429, body=quota))
    with pytest.raises(Misconfigured):
        ask(server)


def test_nothing_listens(server: ModelServer) -> None:
    with pytest.raises(Unreachable):
        ask(server, base_url="http://127.0.0.1:9/v1", attempts=1)


def test_the_key_reaches_no_log(server: ModelServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        server.moods.order(Mood.BROKEN)
        ask(server)
        with pytest.raises(Misconfigured):
            ask(server, api_key=KEY.replace("sk-", "xx-"))
    assert KEY.removeprefix("sk-") not in caplog.text


def test_two_hundred_questions_are_under_way_at_once(server: ModelServer) -> None:
    server.latency = 1.0

    async def run() -> list[Answer]:
        provider = OpenAIProvider(api_key=KEY, base_url=server.base_url, model="emulated")
        request = Request(Context(lines=(Line("user", "Здравствуйте!"),)))
        try:
            return await asyncio.gather(*(provider.answer(request, seconds=20) for _ in range(200)))
        finally:
            await provider.close()

    assert len(asyncio.run(run())) == 200
    assert server.most_in_flight > 100
