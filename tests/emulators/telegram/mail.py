"""Delivery on command: hold updates back, let them go in another order, twice, or again after they were accepted."""

import random
from collections.abc import Sequence
from enum import StrEnum

from .stage import Stage
from .world import Json, Update


class Order(StrEnum):
    """In which order held updates are let go."""

    AS_HAPPENED = "as_happened"
    REVERSED = "reversed"
    SHUFFLED = "shuffled"


class Mail(Stage):
    """What a test may do to the deliveries of one bot."""

    def holds_updates(self, token: str) -> None:
        """Keep updates from being posted until they are released."""
        with self.world.lock:
            self.deliveries.held.add(self.bot(token).id)

    def releases_updates(
        self, token: str, *, order: Order = Order.AS_HAPPENED, copies: int = 1, seed: int = 0
    ) -> list[int]:
        """Post what was held, each `copies` times, in this order, one after another; return the statuses.

        Whatever was refused stays in its queue and is delivered in the ordinary way afterwards.
        """
        bot = self.bot(token)
        with self.world.lock:
            updates = arranged(bot.pending() * copies, order, seed)
        try:
            return self.in_loop(self.deliveries.send_in_order(bot, updates))
        finally:
            with self.world.lock:
                self.deliveries.held.discard(bot.id)
                self.world.changed()

    def redelivers(self, token: str, *, order: Order = Order.AS_HAPPENED, seed: int = 0) -> list[int]:
        """Post again everything this bot's webhook has accepted; return the statuses."""
        bot = self.bot(token)
        with self.world.lock:
            updates = [update for bot_id, update in self.deliveries.accepted if bot_id == bot.id]
        return self.in_loop(self.deliveries.send_in_order(bot, arranged(updates, order, seed)))

    def posts(self, token: str, body: Json, *, secret: str | None) -> int:
        """Post anything to the bot's webhook under any secret (None: no header) and return the status."""
        return self.in_loop(self.deliveries.post_raw(self.bot(token), body, secret=secret))

    def pending(self, token: str) -> list[Json]:
        """Return the updates not yet accepted, oldest first."""
        with self.world.lock:
            return [update.as_json() for update in self.bot(token).pending()]


def arranged(updates: Sequence[Update], order: Order, seed: int) -> list[Update]:
    """Return the updates in the asked order; the same seed shuffles the same way."""
    ordered = sorted(updates, key=lambda update: update.id, reverse=order is Order.REVERSED)
    if order is Order.SHUFFLED:
        random.Random(seed).shuffle(ordered)
    return ordered
