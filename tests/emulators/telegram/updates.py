"""From something that happened to an `Update` in the bot's queue.

Messages queue by chat, button presses and payments by person, membership by itself: the queues move in parallel, so a
press may overtake a message. See `telegram-bot-api/WebhookActor.cpp` of the public server.
"""

from collections import deque

from .world import Bot, Json, Update

DAY = 24 * 3600.0
LIFETIMES = {"callback_query": 150.0, "shipping_query": 150.0, "pre_checkout_query": 150.0, "inline_query": 30.0}
OFF_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
BY_PERSON = set(LIFETIMES)


def queue_update(bot: Bot, kind: str, body: Json, *, now: float) -> Update | None:
    """Number the event and queue it; None when the bot has not asked for this kind."""
    if not wants(bot, kind):
        return None
    update = Update(bot.next_update_id, kind, _queue_of(kind, body), body, now, now + LIFETIMES.get(kind, DAY))
    bot.next_update_id += 1
    bot.updates.setdefault(update.queue, deque()).append(update)
    return update


def wants(bot: Bot, kind: str) -> bool:
    """Say whether `allowed_updates` lets this kind through."""
    return kind in bot.allowed_updates if bot.allowed_updates else kind not in OFF_BY_DEFAULT


def _queue_of(kind: str, body: Json) -> str:
    if kind in BY_PERSON:
        return f"person:{body['from']['id']}"
    if kind == "my_chat_member":
        return f"membership:{body['chat']['id']}"
    return f"chat:{body['chat']['id']}"


def forget(bot: Bot, update: Update) -> None:
    """Take a delivered or expired update out of its queue."""
    queue = bot.updates.get(update.queue)
    if queue and update in queue:
        queue.remove(update)
    if queue is not None and not queue:
        bot.updates.pop(update.queue, None)


def drop_expired(bot: Bot, now: float) -> None:
    """Forget every update nobody fetched in time."""
    for update in bot.pending():
        if update.expires_at <= now:
            forget(bot, update)
