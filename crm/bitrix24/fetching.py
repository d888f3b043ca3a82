"""The fetch loop of the open-line bot: ask, store, then remember the offset, in this order.

The offset confirms everything below it, so it is kept only in the transaction that stored the events: a worker that dies in
between asks again, and the inbox knows each event by its id. Two fetchers at once are harmless for the same reason.
https://apidocs.bitrix24.com/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/event-get.html
"""

import logging
from collections.abc import Iterable

from django.db import transaction

from bot.errors import BadPayload
from bot.inbox import Arrival, store
from bot.messages import Envelope, EventKind
from bot.models import Channel, Chat
from bot.outbox import take_over
from crm.bitrix24 import errors
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.limiter import Priority
from crm.bitrix24.lineevents import bound_text, envelopes_of
from crm.bitrix24.linking import bound_item, bound_parts, follow_chat
from crm.bitrix24.methods import lines
from crm.bitrix24.methods.bots import BotEvent, get_events
from crm.bitrix24.noticing import notice
from crm.bitrix24.portals import bot_of, client_for
from crm.bitrix24.routes import own_ids
from crm.bitrix24.webhook import BadWebhookUrl
from crm.models import Lead, Portal
from crm.reports import report_return

log = logging.getLogger(__name__)


def fetch_portals() -> bool:
    """Fetch every portal's bot events once; return whether somebody is talking, so that the next look should be soon."""
    is_busy = False
    for portal in Portal.objects.filter(is_active=True, channel__is_active=True).select_related("channel"):
        try:
            client = client_for(portal, priority=Priority.BACKGROUND, patience=2.0)
            is_busy |= fetch(client, portal)
        except (errors.Bitrix24Error, BadWebhookUrl) as error:
            log.warning("bitrix24.fetch_failed", extra={"portal": portal.pk, "reason": str(error)})
    return is_busy


def fetch(client: Bitrix24, portal: Portal) -> bool:
    """Take one page of events in; return whether there were any. Raises `Bitrix24Error`."""
    bot, channel = bot_of(portal), portal.channel
    if bot is None or channel is None:
        return False
    offset = int(channel.cursor) if channel.cursor else None
    page = get_events(client, bot, offset=offset)
    envelopes = list(_envelopes(page.events, sorted(own_ids(client, portal))))
    unbound = _store(portal, channel, envelopes, next_offset=page.next_offset)
    for chat in unbound:
        _bind_by_asking(client, portal, chat)
    return bool(page.events)


def _envelopes(events: Iterable[BotEvent], own: list[int]) -> Iterable[Envelope]:
    for event in events:
        try:
            yield from envelopes_of({"eventId": event.id, "type": event.type, "data": event.data, "own_ids": own})
        except BadPayload as error:
            log.warning("bitrix24.event_unreadable", extra={"event": event.id, "reason": str(error)})


def _store(portal: Portal, channel: Channel, envelopes: list[Envelope], *, next_offset: int) -> list[Chat]:
    """Store events, takeovers, CRM links and the offset at once; return the chats that are bound to nothing yet."""
    with transaction.atomic(durable=True):
        store([Arrival(channel.pk, envelope) for envelope in envelopes])
        names = {envelope.chat_external_id for envelope in envelopes}
        chats = {chat.external_id: chat for chat in Chat.objects.filter(channel=channel, external_id__in=names)}
        for envelope in envelopes:
            chats[envelope.chat_external_id] = _pass_word(chats[envelope.chat_external_id], envelope)
        for envelope in envelopes:
            _bind(portal, chats[envelope.chat_external_id], bound_parts(bound_text(envelope.payload)))
        Channel.objects.filter(pk=channel.pk, cursor=channel.cursor).update(cursor=str(next_offset))
    return [chat for chat in chats.values() if "remote_id" not in chat.extras]


def _pass_word(chat: Chat, envelope: Envelope) -> Chat:
    """Let the one speak whom the portal lets speak: an employee who wrote, or the bot that was called into a new dialogue.

    A manager's customer who comes back is not the bot's to talk to: the dialogue goes on to the manager.
    """
    if envelope.kind is EventKind.OPERATOR and chat.speaker == Chat.Speaker.BOT:
        return take_over(chat.pk)
    if envelope.kind is EventKind.JOINED and chat.speaker == Chat.Speaker.MANAGER:
        taken = Lead.objects.filter(chat=chat, status=Lead.Status.TAKEN).select_related("manager", "chat__channel")
        lead = taken.order_by("-pk").first()
        key = f"joined:{chat.channel_id}:{envelope.external_id}"
        if lead is None or not report_return(lead, key=key):
            return take_over(chat.pk, speaker=Chat.Speaker.BOT)
    return chat


def _bind(portal: Portal, chat: Chat, bound: tuple[str, int] | None) -> None:
    """Keep what a chat is bound to in the CRM, and have a lead that is new to us looked at."""
    if bound is None or (chat.extras.get("entity"), chat.extras.get("remote_id")) == bound:
        return
    entity, remote_id = bound
    chat.extras = {**chat.extras, "entity": entity, "remote_id": remote_id}
    chat.save(update_fields=["extras"])
    follow_chat(portal, chat, entity, remote_id)
    if entity in portal.watched:
        notice(portal, entity, remote_id)


def _bind_by_asking(client: Bitrix24, portal: Portal, chat: Chat) -> None:
    """Ask for the link that an event did not carry; a lead that is still to be made is found with its next event."""
    try:
        bound = bound_item(lines.get_dialog(client, int(chat.external_id)))
    except errors.Bitrix24Error as error:
        log.info("bitrix24.chat_not_bound", extra={"chat": chat.pk, "reason": str(error)})
        return
    with transaction.atomic():
        _bind(portal, chat, bound)
