"""The HTTP side of the Bot API: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .clock import Clock
from .limits import Limits
from .methods import METHODS
from .methods.call import Call
from .params import Params, read_params
from .polling import Polling
from .refusals import ApiError
from .world import Bot, Json, World

TOKEN = re.compile(r"(\d{1,18}):[A-Za-z0-9_-]{1,128}")
QUIET_IN_WEBHOOK_REPLY = ("get", "setwebhook", "deletewebhook", "close", "logout")
MAX_UPLOAD = 60 * 1024 * 1024
MAX_RECORDS = 200_000  # a demo may run for weeks


@dataclass(frozen=True, slots=True)
class Record:
    """One call that came in, and what was answered."""

    at: float
    token: str
    method: str
    params: Json
    status: int
    answer: Json

    @property
    def ok(self) -> bool:
        """Say whether it did what it asked for."""
        return self.status == 200


@dataclass(slots=True)
class Api:
    """Answers calls and remembers them."""

    world: World
    clock: Clock
    limits: Limits
    polling: Polling
    lenient: bool
    calls: list[Record] = field(default_factory=list)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to mount."""
        return [
            web.get("/file/bot{token}/{path:.+}", self.download),
            web.route("*", "/bot{token}/{method}", self.answer),
        ]

    async def answer(self, request: web.Request) -> web.Response:
        """Carry out one call over HTTP."""
        token, name = request.match_info["token"], request.match_info["method"]
        try:
            params = await read_params(request)
        except ApiError as error:
            return web.json_response(error.as_json(), status=error.code)
        status, body = await self.perform(token, name, params)
        return web.json_response(body, status=status, dumps=_dumps)

    async def perform(self, token: str, name: str, params: Params) -> tuple[int, Json]:
        """Carry out one call and record it; return the HTTP status and the body."""
        try:
            status, body = 200, await self._result(token, name, params)
        except ApiError as error:
            status, body = error.code, error.as_json()
        shown = {**params.values, **{key: f"<{len(item.data)} bytes>" for key, item in params.uploads.items()}}
        if len(self.calls) >= MAX_RECORDS:
            del self.calls[: MAX_RECORDS // 2]
        self.calls.append(Record(self.clock.now(), token, name, shown, status, body))
        return status, body

    async def _result(self, token: str, name: str, params: Params) -> Json:
        bot = self.bot(token)
        if name.lower() == "getupdates":
            return {"ok": True, "result": await self.polling.get_updates(bot, params)}
        function = METHODS.get(name.lower())
        if function is None:
            raise ApiError(404, "method not found")
        call = Call(self.world, bot, params, self.clock.now(), self.limits, self.lenient)
        if self.limits.send_seconds and name.lower().startswith("send"):
            return await self._slowly(call, function)
        return self._act(call, function)

    async def _slowly(self, call: Call, function: Any) -> Json:
        place = {"bot_id": call.bot.id, "chat_id": call.params.integer("chat_id")}
        self.limits.enter(**place)
        try:
            await self.clock.sleep(self.limits.send_seconds)
            return self._act(call, function)
        finally:
            self.limits.leave(**place)

    def _act(self, call: Call, function: Any) -> Json:
        with self.world.lock:
            result = function(call)
            self.world.changed()
        body: Json = {"ok": True, "result": result}
        return {**body, "description": call.description} if call.description else body

    def bot(self, token: str) -> Bot:
        """Return the bot of a token, which is born when first named; raise 401 when malformed or revoked."""
        match = TOKEN.fullmatch(token)
        if match is None:
            raise ApiError(401, "invalid token specified")
        with self.world.lock:
            number = int(match.group(1))
            bot = self.world.bots.get(number)
            if bot is None:
                bot = Bot(number, token, f"Бот {number}", f"emulated_{number}_bot")
                self.world.bots[number] = bot
            if bot.is_revoked and bot.token != token:  # its owner asked BotFather for a new token
                bot.token, bot.is_revoked = token, False
            if bot.is_revoked or bot.token != token:
                raise ApiError(401)
            return bot

    async def download(self, request: web.Request) -> web.Response:
        """Give back the bytes of a file found by getFile."""
        try:
            self.bot(request.match_info["token"])
        except ApiError as error:
            return web.json_response(error.as_json(), status=error.code)
        for stored in self.world.files.values():
            if stored.path == request.match_info["path"]:
                return web.Response(body=stored.data, content_type="application/octet-stream")
        return web.json_response(ApiError(404).as_json(), status=404)

    async def execute_reply(self, bot: Bot, body: bytes) -> None:
        """Carry out a call that stood in the answer of a webhook; nobody ever learns how it ended."""
        try:
            asked = json.loads(body)
        except ValueError:
            return
        name = str(asked.pop("method", "")) if isinstance(asked, dict) else ""
        if name and not name.lower().startswith(QUIET_IN_WEBHOOK_REPLY):
            await self.perform(bot.token, name, Params(asked))


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
