"""getUpdates: long polling, refused while a webhook is set and when two clients poll one bot."""

import asyncio
from typing import Any

from .clock import Clock
from .params import Params
from .refusals import ApiError, bad_request
from .updates import drop_expired, forget
from .world import Bot, Json, World

MAX_WAIT_SECONDS = 50
LOOK_SECONDS = 0.05
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_CLIENT = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Polling:
    """Remembers who polls which bot: the newer request ends the older one."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock
        self._turns: dict[int, int] = {}

    async def get_updates(self, bot: Bot, params: Params) -> list[Json]:
        """https://core.telegram.org/bots/api#getupdates"""
        turn = self._turns[bot.id] = self._turns.get(bot.id, 0) + 1
        with self._world.lock:
            self._prepare(bot, params)
        deadline = self._clock.now() + min(max(params.integer("timeout"), 0), MAX_WAIT_SECONDS)
        while True:
            if self._turns[bot.id] != turn:
                raise ApiError(409, OTHER_CLIENT)
            if bot.webhook is not None:
                raise ApiError(409, WEBHOOK_ACTIVE)
            found = self._look(bot, params)
            if found or self._clock.now() >= deadline:
                return found
            await asyncio.sleep(LOOK_SECONDS)

    def polls(self, bot_id: int) -> int:
        """Return how many requests for this bot's updates have come."""
        return self._turns.get(bot_id, 0)

    def _prepare(self, bot: Bot, params: Params) -> None:
        if bot.webhook is not None:
            raise ApiError(409, WEBHOOK_ACTIVE)
        if params.has("allowed_updates"):
            allowed: Any = params.nested("allowed_updates") or []
            if not isinstance(allowed, list):
                raise bad_request("can't parse allowed updates: expected an Array of String")
            bot.allowed_updates = [str(kind) for kind in allowed]
        self._confirm(bot, params.integer("offset"))

    def _confirm(self, bot: Bot, offset: int) -> None:
        pending = bot.pending()
        done = pending[:offset] if offset < 0 else [update for update in pending if update.id < offset]
        for update in done:
            forget(bot, update)

    def _look(self, bot: Bot, params: Params) -> list[Json]:
        with self._world.lock:
            drop_expired(bot, self._clock.now())
            limit = min(max(params.integer("limit", 100), 1), 100)
            return [update.as_json() for update in bot.pending()[:limit]]
