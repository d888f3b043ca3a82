"""The API: Basic auth, a key on whatever changes something, the same key again is the same answer."""

import base64
import json
import uuid
from collections.abc import Callable
from typing import Any

from aiohttp import web

from .notices import Notices
from .validation import Invalid, check_payment, check_refund
from .world import PAID, Json, World, shown

RETRY_MILLISECONDS = 1800


class Api:
    """The handlers."""

    def __init__(self, world: World, notices: Notices) -> None:
        self.world = world
        self.notices = notices

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses."""
        return [
            web.get("/v3/me", self.me),
            web.post("/v3/payments", self.create_payment),
            web.get("/v3/payments/{id}", self.payment),
            web.post("/v3/refunds", self.create_refund),
            web.get("/v3/refunds/{id}", self.refund),
        ]

    async def me(self, request: web.Request) -> web.Response:
        """The shop's own settings."""
        if refusal := self._stranger(request):
            return refusal
        return web.json_response(
            {"account_id": self.world.shop_id, "test": self.world.is_test, "status": "enabled",
             "fiscalization_enabled": self.world.fiscal, "payment_methods": ["bank_card", "sbp"]}
        )  # fmt: skip

    async def create_payment(self, request: web.Request) -> web.Response:
        """Make a payment, once under one key."""

        def make(asked: Json) -> Json:
            check_payment(asked, self.world)
            return shown(self.world.add_payment(asked, page=f"{request.url.origin()}/pay"))

        return await self._once(request, make)

    async def create_refund(self, request: web.Request) -> web.Response:
        """Give money back, once under one key."""

        def make(asked: Json) -> Json:
            check_refund(asked, self.world)
            refund = self.world.add_refund(asked)
            if refund["status"] == PAID:
                self.notices.tell("refund.succeeded", shown(refund))
            return shown(refund)

        return await self._once(request, make)

    async def payment(self, request: web.Request) -> web.Response:
        """Tell one payment."""
        return self._told(request, self.world.payments, "Payment")

    async def refund(self, request: web.Request) -> web.Response:
        """Tell one refund, which takes its time."""
        if request.match_info["id"] in self.world.refunds and not self._stranger(request):
            before = self.world.refunds[request.match_info["id"]]["status"]
            refund = self.world.look_at(request.match_info["id"])
            if before != refund["status"]:
                self.notices.tell("refund.succeeded", shown(refund))
        return self._told(request, self.world.refunds, "Refund")

    def _told(self, request: web.Request, things: dict[str, Json], name: str) -> web.Response:
        if refusal := self._stranger(request):
            return refusal
        thing = things.get(request.match_info["id"])
        if thing is None:
            return _error(404, "not_found", f"{name} doesn't exist or access denied")
        return web.json_response(shown(thing))

    async def _once(self, request: web.Request, make: Callable[[Json], Json]) -> web.Response:
        if refusal := self._stranger(request):
            return refusal
        key = request.headers.get("Idempotence-Key", "")
        if not key or len(key) > 64:
            return _error(400, "invalid_request", "Idempotence key is missing or too long", "Idempotence-Key")
        try:
            asked = json.loads(await request.text())
        except ValueError:
            return _error(400, "invalid_request", "Invalid JSON")
        with self.world.lock:
            return self._answer(f"{request.path} {key}", asked, make)

    def _answer(self, key: str, asked: Json, make: Callable[[Json], Json]) -> web.Response:
        known = self.world.keys.get(key)
        if known is None:
            try:
                known = {"asked": asked, "answer": make(asked)}
            except Invalid as error:
                return _error(400, "invalid_request", str(error), error.parameter)
            self.world.keys[key] = known
            self.world.on_change()
        if known["asked"] != asked:
            return _error(400, "invalid_request", "Idempotence key duplicated with another request", "Idempotence-Key")
        if self.world.slow > 0:
            self.world.slow -= 1
            return web.json_response({"type": "processing", "retry_after": RETRY_MILLISECONDS}, status=202)
        return web.json_response(known["answer"])

    def _stranger(self, request: web.Request) -> web.Response | None:
        pair = base64.b64encode(f"{self.world.shop_id}:{self.world.secret_key}".encode()).decode()
        if request.headers.get("Authorization") == f"Basic {pair}":
            return None
        return _error(401, "invalid_credentials", "Basic authentication failed")


def _error(status: int, code: str, words: str, parameter: str = "") -> web.Response:
    body: dict[str, Any] = {"type": "error", "id": str(uuid.uuid4()), "code": code, "description": words}
    return web.json_response({**body, "parameter": parameter} if parameter else body, status=status)
