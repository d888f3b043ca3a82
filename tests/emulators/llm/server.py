"""`ModelServer`: POST /v1/chat/completions as OpenAI answers it, with latency, wrong moods, and a memory of what was asked.

https://platform.openai.com/docs/api-reference/chat/create
"""

import asyncio
import itertools
import json
import math
import time
from collections import deque
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from ..server import Emulator, Faults, fault_middleware
from . import sensible
from .moods import Mood, Moods

REMEMBERED = 10_000


class ModelServer(Emulator):
    """One model; any key that begins with `sk-` is good. Verbs may be called from any thread."""

    def __init__(self, *, port: int = 0, latency: float = 0.0, chaos: float = 0.0, seed: int = 1) -> None:
        self.latency = latency
        self.slow_seconds = 60.0
        self.retry_after = 1.0
        self.knows_schema = True  # off: a server that refuses response_format json_schema, as many compatible ones do
        self.knows_json = True
        self.limit_name = "max_completion_tokens"  # the one it knows
        self.moods = Moods(chaos, seed)
        self.faults = Faults()
        self.requests: deque[Mapping[str, Any]] = deque(maxlen=REMEMBERED)
        self.in_flight = 0
        self.most_in_flight = 0
        self._numbers = itertools.count(1)
        super().__init__(self._application(), port=port)

    @property
    def base_url(self) -> str:
        """Return what OPENAI_BASE_URL should be."""
        return f"{self.url}/v1"

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[fault_middleware(self.faults)], client_max_size=4_000_000)
        app.add_routes(
            [
                web.post("/v1/chat/completions", self._complete),
                web.get("/v1/models", self._models),
                web.post("/_mood", self._order),
                web.get("/_stats", self._stats),
                web.get("/", _page),
            ]
        )
        return app

    # --- the API

    async def _models(self, request: web.Request) -> web.Response:
        return web.json_response(
            {"object": "list", "data": [{"id": "emulated", "object": "model", "owned_by": "tests"}]}
        )

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        if not request.headers.get("Authorization", "").startswith("Bearer sk-"):
            return _error(401, "Incorrect API key provided.", code="invalid_api_key")
        body = await request.json()
        if refusal := self._refusal(body):
            return refusal
        self.requests.append(body)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._answer(request, body, self.moods.take())
        finally:
            self.in_flight -= 1

    def _refusal(self, body: Mapping[str, Any]) -> web.Response | None:
        """Return the 400 of a server that does not know something it was asked for."""
        wanted = (body.get("response_format") or {}).get("type", "")
        if (wanted == "json_schema" and not self.knows_schema) or (wanted == "json_object" and not self.knows_json):
            return _error(400, f"Invalid parameter: 'response_format' of type '{wanted}' is not supported.")
        for name in ("max_completion_tokens", "max_tokens"):
            if name in body and name != self.limit_name:
                return _error(400, f"Unsupported parameter: '{name}'. Use '{self.limit_name}' instead.")
        if not isinstance(body.get("messages"), list) or not body.get("model"):
            return _error(400, "Missing required parameter.")
        return None

    async def _answer(self, request: web.Request, body: Mapping[str, Any], mood: Mood) -> web.StreamResponse:
        await asyncio.sleep(self.slow_seconds if mood is Mood.SLOW else self.latency)
        match mood:
            case Mood.TOO_MANY:
                headers = {
                    "Retry-After": str(math.ceil(self.retry_after)),
                    "retry-after-ms": str(self.retry_after * 1000),
                }
                return _error(429, "Rate limit reached.", code="rate_limit_exceeded", headers=headers)
            case Mood.BROKEN:
                return _error(500, "The server had an error while processing your request.")
            case Mood.NO_SUCH_KEY:
                return _error(401, "Incorrect API key provided.", code="invalid_api_key")
            case Mood.HTML:
                return web.Response(text="<html><h1>502 Bad Gateway</h1></html>", status=502, content_type="text/html")
            case Mood.DROPS:
                if request.transport is not None:
                    request.transport.abort()
                return web.Response()
            case Mood.ENDLESS:
                return await _endless(request)
        return web.json_response(self._completion(body, mood))

    def _completion(self, body: Mapping[str, Any], mood: Mood) -> dict[str, Any]:
        content = _content(mood, body["messages"])
        message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None}
        if mood is Mood.REFUSAL:
            message |= {"content": None, "refusal": "I'm sorry, I can't help with that."}
        asked = sum(len(str(item.get("content"))) for item in body["messages"])
        usage = {"prompt_tokens": asked // 3, "completion_tokens": len(content) // 3}
        return {
            "id": f"chatcmpl-{next(self._numbers)}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
            "usage": {**usage, "total_tokens": sum(usage.values())},
        }

    async def _stats(self, request: web.Request) -> web.Response:
        return web.json_response({"requests": len(self.requests), "most_in_flight": self.most_in_flight})

    async def _order(self, request: web.Request) -> web.Response:
        """Order a mood from outside: `{"mood": "slow", "times": 3}`, or `{"latency": 2}`."""
        data = await request.json()
        if "mood" in data:
            self.moods.order(Mood(data["mood"]), int(data.get("times", 1)))
        self.latency = float(data.get("latency", self.latency))
        return web.json_response({"ok": True})


def _content(mood: Mood, messages: list[dict[str, str]]) -> str:
    good = sensible.answer(messages)
    match mood:
        case Mood.INVALID_JSON:
            return json.dumps(good, ensure_ascii=False)[:-20]
        case Mood.FENCED:
            return f"```json\n{json.dumps(good, ensure_ascii=False)}\n```"
        case Mood.EMPTY:
            return ""
        case Mood.LONG:
            good = {**good, "reply_text": "Очень длинный ответ. " * 400}
        case Mood.INJECTED:
            good = sensible.INJECTED
        case Mood.WRONG_SCHEMA:
            good = sensible.WRONG_SCHEMA
        case Mood.UNSURE:
            good = {**good, "confidence": 0.2}
    return json.dumps(good, ensure_ascii=False)


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    try:
        await response.write(b'{"choices": [{"message": {"content": "')
        while True:
            await response.write(b"\\u0430" * 2000)
            await asyncio.sleep(0.001)
    except (ConnectionError, asyncio.CancelledError):
        return response


def _error(
    status: int, text: str, *, code: str | None = None, headers: Mapping[str, str] | None = None
) -> web.Response:
    body = {"error": {"message": text, "type": "invalid_request_error", "param": None, "code": code}}
    return web.json_response(body, status=status, headers=headers)


async def _page(request: web.Request) -> web.Response:
    return web.Response(text="A language model (emulator). OPENAI_BASE_URL is this address with /v1.\n")
