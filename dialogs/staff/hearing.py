"""One event of our own people: each in a transaction of its own, for what they do locks leads and other chats."""

import datetime as dt
from functools import partial

from django.db import transaction

from bot import courtesy
from bot.messages import EventKind
from bot.models import Chat
from dialogs import reception
from dialogs.mailbox import Mail
from dialogs.reception import Item
from dialogs.staff import private, room
from dialogs.staff.desk import Desk
from dialogs.staff.people import is_room


def hear(mail: Mail, now: dt.datetime) -> None:
    """Do what our people ask for, and keep their words."""
    for item in reception.parse(mail.chat, mail.events):
        _keep(mail.chat, item)
        desk = Desk(mail.chat, item.incoming, key=f"e{item.event.pk}")
        (room.hear if is_room(mail.chat) else private.hear)(desk, now)
        if item.kind is EventKind.PRESS:
            answer = partial(courtesy.acknowledge, mail.chat, item.incoming, text=desk.toast, alert=desk.is_alert)
            transaction.on_commit(answer)


def _keep(chat: Chat, item: Item) -> None:
    row = reception.transcript_row(chat, item, {})
    if row is not None:
        row.save(force_insert=True)
    blocked = {EventKind.BLOCKED: True, EventKind.UNBLOCKED: False, EventKind.START: False}.get(item.kind)
    if blocked is not None and blocked != (chat.blocked_at is not None):
        chat.blocked_at = item.event.received_at if blocked else None
        Chat.objects.filter(pk=chat.pk).update(blocked_at=chat.blocked_at)
