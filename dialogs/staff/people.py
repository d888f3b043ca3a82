"""Whose chat it is: a manager's, a room of ours, or a customer's. One query for a batch of chats, whoever they are."""

from collections.abc import Sequence

from bot.channels.registry import adapter_for
from bot.messages import EventKind
from bot.models import Chat
from crm.models import Manager
from crm.ways import TELEGRAM
from dialogs.mailbox import Mail

INVITED = "staff-"  # begins the payload of the link by which a manager shows who they are


def ours(mails: Sequence[Mail]) -> set[int]:
    """Return the ids of the chats that are no customers' dialogues."""
    rooms = {mail.chat.pk for mail in mails if is_room(mail.chat)}
    invited = {mail.chat.pk for mail in mails if mail.has(EventKind.START) and _is_invited(mail)}
    return rooms | invited | _managers_chats([mail.chat for mail in mails])


def is_room(chat: Chat) -> bool:
    """Tell whether several people speak in this chat."""
    return adapter_for(chat.channel.kind).is_room(chat.external_id)


def _is_invited(mail: Mail) -> bool:
    adapter = adapter_for(mail.chat.channel.kind)
    starts = [event for event in mail.events if event.kind == EventKind.START]
    return any(adapter.parse(event.kind, event.payload).data.startswith(INVITED) for event in starts)


def _managers_chats(chats: Sequence[Chat]) -> set[int]:
    """A manager's own chat with a bot is where notices go, not a customer's dialogue."""
    known: dict[int, list[int]] = {}
    for chat in chats:
        if chat.channel.kind == TELEGRAM and chat.external_id.isdigit():
            known.setdefault(int(chat.external_id), []).append(chat.pk)
    found = Manager.objects.filter(telegram_id__in=known, is_active=True).values_list("telegram_id", flat=True)
    return {pk for telegram_id in found if telegram_id is not None for pk in known[telegram_id]}


def manager_by(telegram_id: int) -> Manager | None:
    """Return the manager with this account, if they still work here."""
    return Manager.objects.filter(telegram_id=telegram_id, is_active=True).first() if telegram_id else None
