"""The world on disk: one JSON file, so that a demo goes on where it stopped."""

import asyncio
import json
from base64 import b64decode, b64encode
from collections import deque
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .world import Bot, Chat, Json, Message, Person, Query, StoredFile, Update, Webhook, World

SAVE_EVERY_SECONDS = 0.5


def dump_world(world: World) -> Json:
    """Return everything worth keeping as plain JSON."""
    with world.lock:
        files = [{**asdict(item), "data": b64encode(item.data).decode()} for item in world.files.values()]
        bots = [_dump_bot(bot) for bot in world.bots.values()]
        return {"people": [asdict(person) for person in world.people.values()], "files": files, "bots": bots}


def _dump_bot(bot: Bot) -> Json:
    plain: Json = asdict(bot)
    plain["updates"] = [asdict(update) for update in bot.pending()]
    plain["chats"] = [{**chat, "messages": list(chat["messages"].values())} for chat in plain["chats"].values()]
    plain["queries"] = list(plain["queries"].values())
    return plain


def load_world(world: World, saved: Json) -> None:
    """Fill an empty world from what `dump_world` returned."""
    with world.lock:
        world.people = {item["id"]: Person(**item) for item in saved["people"]}
        files = (StoredFile(**{**item, "data": b64decode(item["data"])}) for item in saved["files"])
        world.files = {item.id: item for item in files}
        world.bots = {item["id"]: _load_bot(item) for item in saved["bots"]}


def _load_bot(plain: Json) -> Bot:
    hook: Any = plain["webhook"]
    bot = Bot(**{**plain, "webhook": Webhook(**hook) if hook else None, "updates": {}, "chats": {}, "queries": {}})
    bot.invoices = {int(number): payload for number, payload in plain["invoices"].items()}
    for item in plain["updates"]:
        bot.updates.setdefault(item["queue"], deque()).append(Update(**item))
    for item in plain["chats"]:
        messages = {message["id"]: Message(**message) for message in item["messages"]}
        bot.chats[item["id"]] = Chat(**{**item, "messages": messages})
    bot.queries = {item["id"]: Query(**item) for item in plain["queries"]}
    return bot


class Keeper:
    """Writes the world down soon after it changes. Each write replaces the file whole."""

    def __init__(self, world: World, path: Path) -> None:
        self._world = world
        self._path = path
        self._written = -1
        self._task: asyncio.Task[None] | None = None

    def load(self) -> None:
        """Take up what an earlier process left."""
        if self._path.exists():
            load_world(self._world, json.loads(self._path.read_text()))

    async def start(self) -> None:
        """Begin to watch."""
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Write the last state."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self.save()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(SAVE_EVERY_SECONDS)
            self.save()

    def save(self) -> None:
        """Write now if anything changed since the last time."""
        version = self._world.version
        if version == self._written:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(dump_world(self._world), ensure_ascii=False))
        fresh.replace(self._path)
        self._written = version
