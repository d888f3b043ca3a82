"""The managers' chat: how the bot learns which group it is, and what is said there beside the cards."""

from django.db import transaction

from bot.messages import Outgoing
from bot.models import Channel, Chat
from bot.outbox import say
from crm import cards, ways
from crm.models import Lead, ManagersChat

WELCOME = (
    "Готово: сюда будут приходить заявки. Кто первым нажмёт «✅ Взять заявку», того и заявка: "
    "карточка придёт ему в личный чат с ботом."
)


def connect_room(channel: Channel, external_id: str, *, title: str = "", by: str = "") -> ManagersChat:
    """Make a group the managers' chat of a bot, whatever it was before; leads on offer there go on waiting here."""
    with transaction.atomic():
        chat, _made = Chat.objects.get_or_create(
            channel=channel, external_id=external_id, defaults={"name": title or external_id}
        )
        room, made = ManagersChat.objects.get_or_create(channel=channel, defaults={"chat": chat, "connected_by": by})
        if room.chat_id != chat.pk:
            room.chat, room.connected_by, room.is_active, made = chat, by, True, True
            room.save(update_fields=["chat", "connected_by", "is_active"])
        elif not room.is_active:
            made = room.is_active = True
            room.save(update_fields=["is_active"])
        if chat.blocked_at is not None:
            Chat.objects.filter(pk=chat.pk).update(blocked_at=None)
        if made:
            greet(room)
    return room


def greet(room: ManagersChat) -> None:
    """Say in the group what it is from now on."""
    say(room.chat, Outgoing(WELCOME))


def tell_room(lead: Lead, text: str, *, key: str) -> bool:
    """Say a line about a lead in the managers' chat it belongs to; False where there is none or it was said before.

    A lead that managers never saw there is not spoken of there: it came through another bot, its people are other people.
    """
    room = ways.room_for(lead)
    own = lead.chat.channel_id if lead.chat is not None else 0
    if room is None or (room.channel_id != own and not lead.offers.exists()):
        return False
    return say(room.chat, Outgoing(text, about=cards.about(lead)), dedupe_key=key) is not None
