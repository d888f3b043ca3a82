"""What every part of the server stands on: the world, its clock, the API and the deliveries."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from .api import Api
from .clock import Clock
from .delivery import Deliveries
from .updates import queue_update
from .world import Bot, Chat, Json, World

T = TypeVar("T")
ANSWER_SECONDS = 70  # longer than a webhook may take


class Stage:
    """Shared by the mixins that make up `TelegramServer`."""

    world: World
    clock: Clock
    api: Api
    deliveries: Deliveries
    loop: asyncio.AbstractEventLoop

    def bot(self, token: str) -> Bot:
        """Return what is remembered about a bot."""
        return self.api.bot(token)

    def chat(self, token: str, chat_id: int) -> tuple[Bot, Chat]:
        """Return the bot and its chat with a person (positive id) or a group, made when first named."""
        bot = self.api.bot(token)
        kind = "private" if chat_id > 0 else "group"
        return bot, bot.chats.setdefault(chat_id, Chat(chat_id, kind, "" if chat_id > 0 else "Группа"))

    def tell(self, bot: Bot, kind: str, body: Json) -> Json:
        """Queue an update and return it; `update_id` is 0 when the bot has not asked for this kind."""
        update = queue_update(bot, kind, body, now=self.clock.now())
        self.world.changed()
        return update.as_json() if update else {"update_id": 0, kind: body}

    def in_loop(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in the server's loop from another thread and return its result."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(ANSWER_SECONDS)
