"""Which chat reaches a manager, and whether the bot may write there: Telegram lets nobody be written to who has not begun."""

from django.db.models import Exists, OuterRef

from bot.channels.registry import adapter_for
from bot.models import Channel, Chat, Message
from crm.models import Lead, Manager, ManagersChat

TELEGRAM = "telegram"


def notifying_channel() -> Channel | None:
    """Return the Telegram bot our people are told through: the one marked so, else the first."""
    bots = Channel.objects.filter(kind=TELEGRAM, is_active=True)
    return bots.filter(options__notifies=True).first() or bots.order_by("pk").first()


def channels_for(lead: Lead | None) -> list[Channel]:
    """Return the bots that may tell a manager about a lead, best first: only the customer's own bot can pass on their files."""
    own = lead.chat.channel if lead is not None and lead.chat is not None else None
    room = room_for(lead) if lead is not None else None
    wanted = [own if own is not None and own.kind == TELEGRAM else None, room.channel if room else None]
    found = [channel for channel in (*wanted, notifying_channel()) if channel is not None and channel.is_active]
    return list({channel.pk: channel for channel in found}.values())


def way_to(manager: Manager, lead: Lead | None = None) -> Chat | None:
    """Return the manager's chat with the best bot they have begun to talk to; else with the best bot at all."""
    if manager.telegram_id is None:
        return None
    channels = channels_for(lead)
    chats = {chat.channel_id: chat for chat in _chats_of(manager, channels)}
    for channel in channels:
        if channel.pk in chats and chats[channel.pk].blocked_at is None:
            return chats[channel.pk]
    return _chat_with(manager, channels[0]) if channels else None


def is_open(manager: Manager, lead: Lead | None = None) -> bool:
    """Tell whether a bot may write to this manager."""
    return any(chat.blocked_at is None for chat in _chats_of(manager, channels_for(lead)))


def _chats_of(manager: Manager, channels: list[Channel]) -> list[Chat]:
    """Return the manager's chats in which they have said anything at all."""
    said = Message.objects.filter(chat=OuterRef("pk"), role=Message.Role.USER)
    rows = Chat.objects.filter(channel__in=channels, external_id=str(manager.telegram_id or 0))
    return list(rows.filter(Exists(said)).select_related("channel"))


def _chat_with(manager: Manager, channel: Channel) -> Chat:
    found, _made = Chat.objects.select_related("channel").get_or_create(
        channel=channel, external_id=str(manager.telegram_id), defaults={"name": manager.name}
    )
    return found


def room_for(lead: Lead) -> ManagersChat | None:
    """Return the managers' chat a lead is offered in: of the bot it came through, else the first there is."""
    rooms = list(ManagersChat.objects.filter(is_active=True).select_related("channel", "chat__channel").order_by("pk"))
    own = lead.chat.channel_id if lead.chat is not None else 0
    return next((room for room in rooms if room.channel_id == own), rooms[0] if rooms else None)


def link_for(manager: Manager, lead: Lead | None, payload: str = "staff") -> str:
    """Return the address by which the manager begins to talk to the bot; "" where it is not known."""
    channels = channels_for(lead)
    return adapter_for(channels[0].kind).link_to(channels[0], payload) if channels else ""
