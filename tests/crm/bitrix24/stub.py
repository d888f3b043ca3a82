"""A portal with scripted answers: for the exact bytes that the full emulator has no reason to send."""

import threading
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.emulators.server import Faults, fault_middleware

PATH = "/rest/1/s3cretc0de/"


@dataclass
class Call:
    """One request as it arrived."""

    method: str
    params: dict[str, Any]


@dataclass
class Stub:
    """Answers each method with the next of its scripted results; the last one stays."""

    calls: list[Call] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    _scripts: dict[str, list[Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def script(self, method: str, *bodies: Any) -> None:
        """Set the whole JSON bodies that `method` answers with, in order."""
        self._scripts[method] = list(bodies)

    def calls_of(self, method: str) -> list[dict[str, Any]]:
        """Return the parameters of each call of `method`."""
        return [call.params for call in self.calls if call.method == method]

    def application(self) -> web.Application:
        """Return the portal as an aiohttp application."""
        app = web.Application(middlewares=[self._remember, fault_middleware(self.faults)])
        app.router.add_post(PATH + "{method}.json", self._answer)
        return app

    @web.middleware
    async def _remember(self, request: web.Request, handler: Any) -> web.StreamResponse:
        method = request.path.rpartition("/")[2].removesuffix(".json")
        with self._lock:
            self.calls.append(Call(method, await request.json()))
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _answer(self, request: web.Request) -> web.Response:
        bodies = self._scripts.get(request.match_info["method"], [{"result": True}])
        body = bodies.pop(0) if len(bodies) > 1 else bodies[0]
        return web.json_response(body, status=400 if "error" in body else 200)
