"""Signs of attention: the spinner on a pressed button stops, "typing…" shows. Best effort: never durable, never waited for."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from concurrent.futures import Future
from typing import Any

from bot.channels.base import Address
from bot.channels.registry import adapter_for
from bot.messages import Incoming
from bot.models import Chat
from bot.sender import submit

logger = logging.getLogger(__name__)


def address_of(chat: Chat) -> Address:
    """Return where a chat is reached; reads the chat's channel."""
    channel = chat.channel
    return Address(
        channel_id=channel.pk,
        chat_id=chat.pk,
        external_id=chat.external_id,
        api_url=channel.api_url,
        credentials=channel.credentials,
        options=channel.options,
        extras=chat.extras,
    )


def acknowledge(chat: Chat, incoming: Incoming, *, text: str = "", alert: bool = False) -> None:
    """Tell the channel that a press was taken; `text` is for the presser's eyes only, in a window when it is an `alert`."""
    _quietly(adapter_for(chat.channel.kind).acknowledge(address_of(chat), incoming, text=text, alert=alert))


def acknowledge_all(presses: Iterable[tuple[Chat, Incoming]]) -> None:
    """Tell the channels of many presses, with one word to the sending loop for all of them."""
    jobs = [adapter_for(chat.channel.kind).acknowledge(address_of(chat), incoming) for chat, incoming in presses]
    if jobs:
        _quietly(_all(jobs))


async def _all(jobs: Iterable[Coroutine[Any, Any, None]]) -> None:
    for result in await asyncio.gather(*jobs, return_exceptions=True):
        if isinstance(result, Exception):
            raise result


def show_typing(chat: Chat) -> None:
    """Show that an answer is on its way."""
    adapter = adapter_for(chat.channel.kind)
    if adapter.abilities.typing:
        _quietly(adapter.show_typing(address_of(chat)))


def _quietly(job: Coroutine[Any, Any, None]) -> None:
    submit(job).add_done_callback(_note)


def _note(future: "Future[None]") -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        logger.info("a courtesy was not delivered", extra={"reason": type(error).__name__})
