"""The channel adapter for Bitrix24 open lines: whatever messenger the customer uses, we speak through the portal's bot.

Events are fetched, not posted (see `crm.bitrix24.fetching`). As soon as a human owns the chat the bot is silent: the owner is
asked for before each message, because a takeover by a button press is told by no event.
https://apidocs.bitrix24.com/api-reference/chat-bots/chat-bots-v2/index.html
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bot import errors as sending
from bot.channels.base import Abilities, Adapter, Address, CheckResult, Receipt
from bot.messages import Envelope, Incoming, Outgoing
from bot.models import Channel
from crm.bitrix24 import errors
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.connecting import check_portal, reconnect
from crm.bitrix24.lineevents import envelopes_of, incoming_of
from crm.bitrix24.methods import bots, lines
from crm.bitrix24.methods.bots import Bot
from crm.bitrix24.portals import budget_in, client_at
from crm.bitrix24.webhook import BadWebhookUrl
from crm.models import Portal


class OpenLineAdapter(Adapter):
    """Speaks `imbot.v2` in fetch mode. `Address.external_id` is the portal's chat id."""

    kind: ClassVar[str] = "openline"
    title: ClassVar[str] = gettext_noop("Bitrix24 open line")
    # Keyboards do not reach outside messengers, so choices become numbered text. Two requests a message, two a second.
    abilities: ClassVar[Abilities] = Abilities(
        buttons=False, contact_button=False, media=False, typing=True, max_text=20_000, per_second=2.0
    )

    def open(self, body: Mapping[str, Any]) -> Sequence[Envelope]:
        """Return what to store of one fetched event: `{"eventId", "type", "data", "own_ids"}`."""
        return envelopes_of(body)

    def parse(self, kind: str, payload: Mapping[str, Any]) -> Incoming:
        """Return the event of one stored payload."""
        return incoming_of(kind, payload)

    async def send(self, address: Address, message: Outgoing, *, key: str) -> Receipt:
        """Say one message; raises `TakenOver` instead when a human has the chat."""
        return await asyncio.to_thread(_send, address, message)

    async def show_typing(self, address: Address) -> None:
        """Show the bot as typing, if the budget has room right now."""
        await asyncio.to_thread(_show_typing, address)

    def connect(self, channel: Channel, *, public_url: str) -> CheckResult:
        """Register the bot and attach it to the lines again."""
        portal = Portal.objects.filter(channel=channel).first()
        if portal is None:
            return CheckResult(ok=False, note=_("Connect the portal first: on its own page."))
        return reconnect(portal)

    def check(self, channel: Channel) -> CheckResult:
        """Ask the portal whether the bot may still work there."""
        portal = Portal.objects.filter(channel=channel).first()
        if portal is None:
            return CheckResult(ok=False, note=_("The portal of this channel is not found."))
        return check_portal(portal)


def _send(address: Address, message: Outgoing) -> Receipt:
    bot, chat_id = _bot_of(address), int(address.external_id)
    try:
        client = _client_of(address)
        owner = lines.get_dialog(client, chat_id).owner_id
        if owner not in (0, bot.id, client.webhook.user_id):
            raise sending.TakenOver("an employee answers in this chat")
        message_id = bots.send_message(client, bot, chat_id=chat_id, text=text_of(message))
    except BadWebhookUrl as error:
        raise sending.ChannelDown(str(error)) from None
    except errors.Bitrix24Error as error:
        raise as_send_error(error, now=client.clock()) from None
    return Receipt(str(message_id))


def _show_typing(address: Address) -> None:
    try:
        bots.show_typing(_client_of(address), _bot_of(address), chat_id=int(address.external_id))
    except (errors.Bitrix24Error, BadWebhookUrl):
        return  # a courtesy only


def text_of(message: Outgoing) -> str:
    """Return the words with the choices as a numbered list under them."""
    buttons = [button for row in message.buttons for button in row if not button.ask]
    lines_ = [f"{number}. {_label(button.text, button.page)}" for number, button in enumerate(buttons, start=1)]
    return "\n".join([message.text, *lines_]).strip()


def _label(text: str, url: str) -> str:
    return f"{text}: {url}" if url else text


def as_send_error(error: errors.Bitrix24Error, *, now: float) -> sending.SendError:
    """Return what the outbox should do about an error of the portal."""
    words = str(error)
    match error:
        case errors.Throttled(retry_after=seconds):
            return sending.RateLimited(seconds)
        case errors.MethodPaused(until=until):
            return sending.RateLimited(max(1.0, until - now))
        case errors.TryLater():
            return sending.NotSent(words)
        case errors.OutcomeUnknown():
            return sending.OutcomeUnknown(words)
        case errors.Denied(code="ACCESS_DENIED") if error.method.startswith("imbot.v2.Chat"):
            return sending.TakenOver("the bot is no longer in this chat")
        case errors.NeedsOwner():
            return sending.ChannelDown(words)
    return sending.MessageRejected(words)


def _bot_of(address: Address) -> Bot:
    return Bot(int(address.credentials.get("bot_id") or 0), str(address.credentials.get("bot_token") or ""))


def _client_of(address: Address) -> Bitrix24:
    """Return a client without patience: the outbox waits better than a thread."""
    budget = budget_in(address.options.get("portal_budget", {}))
    return client_at(str(address.credentials.get("webhook_url") or ""), budget=budget, patience=0.0)
