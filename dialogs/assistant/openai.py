"""The provider behind the OpenAI API, or behind anything that speaks it (OPENAI_BASE_URL).

The SDK repeats nothing by itself: how often and how long is decided here, within the customer's patience. The answer is read
as it comes, so that one without an end is cut off. https://platform.openai.com/docs/api-reference/chat/create
"""

import asyncio
import logging
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from openai import APIConnectionError, APIStatusError, AsyncOpenAI, DefaultAioHttpClient, OpenAIError

from dialogs.assistant.parsing import SCHEMA, proposal_of
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
    Usage,
)
from dialogs.assistant.wording import messages_for

logger = logging.getLogger(__name__)
FORMATS = (
    "json_schema",
    "json_object",
    "text",
)  # from the strictest; a server that does not know one is asked the next
BIGGEST_ANSWER = 200_000  # bytes of a response, with all that stands around the words
FIRST_PAUSE = 0.5  # seconds before the second attempt, doubled each time
MOST_TONGUES = 5  # how often one request may be put in other words


@dataclass(frozen=True, slots=True)
class Dialect:
    """What of the API this server knows; learned from its refusals."""

    format: str = FORMATS[0]
    limit: str = "max_completion_tokens"  # older servers: max_tokens
    temperature: bool = True

    def parameters(self, *, temperature: float, tokens: int) -> dict[str, Any]:
        """Return the request's optional parameters."""
        formats: dict[str, Any] = {
            "json_schema": {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": SCHEMA}},
            "json_object": {"type": "json_object"},
        }
        asked: dict[str, Any] = {self.limit: tokens}
        if self.format in formats:
            asked["response_format"] = formats[self.format]
        if self.temperature:
            asked["temperature"] = temperature
        return asked

    def after(self, refusal: str) -> "Dialect | None":
        """Return another way to ask, given why this one was refused; None when that has other reasons."""
        words = refusal.casefold()
        if "temperature" in words and self.temperature:
            return replace(self, temperature=False)
        if self.limit in words and self.limit == "max_completion_tokens":
            return replace(self, limit="max_tokens")
        if "max_tokens" in words and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        known = ("response_format", "json_schema", "json_object", "schema", "structured")
        if any(word in words for word in known) and self.format != FORMATS[-1]:
            return replace(self, format=FORMATS[FORMATS.index(self.format) + 1])
        return None


class OpenAIProvider:
    """One server, one model, one client: it belongs to the loop that first used it."""

    name = "openai"

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str = "",
        model: str,
        call_seconds: float = 15.0,
        attempts: int = 3,
        answer_tokens: int = 700,
        temperature: float = 0.4,
    ) -> None:
        self._client = AsyncOpenAI(
            api_key=api_key,
            base_url=base_url or "https://api.openai.com/v1",
            max_retries=0,
            timeout=call_seconds + 5.0,
            http_client=DefaultAioHttpClient(),
        )
        self.model = model
        self._call_seconds = call_seconds
        self._attempts = attempts
        self._answer_tokens = answer_tokens
        self._temperature = temperature
        self._dialect = Dialect()

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def answer(self, request: Request, *, seconds: float) -> Answer:
        """Return a proposal within `seconds`, however many attempts that takes; raises a `ProviderError`."""
        deadline, spent = time.monotonic() + seconds, Usage()
        for attempt in range(1, self._attempts + 1):
            try:
                answer = await self._once(request, deadline)
                return replace(answer, usage=spent + answer.usage)
            except ProviderError as error:
                spent += error.usage
                error.usage = spent
                pause = max(error.wait, FIRST_PAUSE * 2 ** (attempt - 1) * random.uniform(0.75, 1.25))  # noqa: S311  # no secret
                is_last = attempt == self._attempts or not error.worth_repeating
                if is_last or time.monotonic() + pause >= deadline:
                    raise
                logger.info("the assistant is asked again", extra={"reason": error.code, "attempt": attempt})
                await asyncio.sleep(pause)
        raise Unreachable("no attempt was made")

    async def _once(self, request: Request, deadline: float) -> Answer:
        for _ in range(MOST_TONGUES):
            dialect = self._dialect
            try:
                async with asyncio.timeout(min(self._call_seconds, max(0.0, deadline - time.monotonic()))):
                    return self._read(await self._call(request, dialect))
            except TimeoutError as error:
                raise TooSlow("no answer in time") from error
            except OpenAIError as error:
                other = dialect.after(str(error)) if isinstance(error, APIStatusError) and _is_refused(error) else None
                if other is None:
                    raise _translated(error) from None  # its text may quote the request
                self._dialect = other
        raise Misconfigured("the server understands none of our ways to ask")

    async def _call(self, request: Request, dialect: Dialect) -> bytes:
        parameters = dialect.parameters(temperature=self._temperature, tokens=self._answer_tokens)
        messages: Any = messages_for(request, spell_out_schema=dialect.format != FORMATS[0])
        body = bytearray()
        async with self._client.chat.completions.with_streaming_response.create(
            model=self.model, messages=messages, **parameters
        ) as response:
            async for chunk in response.iter_bytes():
                body += chunk
                if len(body) > BIGGEST_ANSWER:
                    raise Unusable("an answer without an end", raw=bytes(body[:500]).decode(errors="replace"))
        return bytes(body)

    def _read(self, body: bytes) -> Answer:
        try:
            data = orjson.loads(body)
            usage = _usage(data.get("usage") or {})
            choice = data["choices"][0]
            message = choice["message"]
        except (orjson.JSONDecodeError, AttributeError, KeyError, IndexError, TypeError) as error:
            raise Unusable("no chat completion", raw=body[:500].decode(errors="replace")) from error
        raw = str(message.get("content") or "")
        if message.get("refusal") or choice.get("finish_reason") == "content_filter":
            raise Declined("it would not answer", raw=str(message.get("refusal") or raw)[:2000], usage=usage)
        try:
            proposal = proposal_of(raw)
        except Unusable as error:
            error.usage = usage
            raise
        return Answer(raw, proposal, str(data.get("model") or self.model), usage)


def _usage(data: Mapping[str, Any]) -> Usage:
    return Usage(int(data.get("prompt_tokens") or 0), int(data.get("completion_tokens") or 0))


def _is_refused(error: APIStatusError) -> bool:
    return error.status_code in (400, 422)


def _translated(error: OpenAIError) -> ProviderError:
    """Return what the caller should do about an error of the SDK."""
    if isinstance(error, APIConnectionError):  # a time-out among them: ours is shorter than the SDK's
        return Unreachable("the connection broke")
    if not isinstance(error, APIStatusError):
        return Unreachable(type(error).__name__)
    status, wait = error.status_code, _retry_after(error)
    if status == 429 and "insufficient_quota" not in str(error.code or ""):
        return TooMany("too many requests", wait=wait)
    if status in (408, 409, 425) or status >= 500:
        return Unreachable(f"HTTP {status}", wait=wait)
    return Misconfigured(f"HTTP {status} {error.code or ''}".strip())


def _retry_after(error: APIStatusError) -> float:
    """Return the seconds the server asked for; https://platform.openai.com/docs/guides/rate-limits."""
    headers = error.response.headers
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers.get(name, "")) * unit)
        except ValueError:
            continue
    return 0.0
