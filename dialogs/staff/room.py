"""The managers' chat: the bot learns that it is one, and the first press has the lead."""

import datetime as dt

from bot.messages import EventKind
from crm import offers, ways
from crm.models import Lead, Manager, ManagersChat
from crm.offers import Press, Result
from crm.rooms import connect_room
from dialogs.staff import words
from dialogs.staff.desk import Desk
from dialogs.staff.people import manager_by

HERE = "/here"
MAY_MOVE = "bot.change_channel"  # leads carry phones: who moves them elsewhere must have the right to


def hear(desk: Desk, _now: dt.datetime) -> None:
    """Hear a group: being put in, /here, a pressed button. Everything else is people talking among themselves."""
    match desk.incoming.kind:
        case EventKind.UNBLOCKED:
            _put_in(desk)
        case EventKind.TEXT if desk.incoming.text.split("@")[0].split()[0] == HERE:
            _here(desk)
        case EventKind.PRESS:
            _pressed(desk)


def _put_in(desk: Desk) -> None:
    """A manager has put the bot into a group: it is the managers' chat, unless there is one already."""
    manager = manager_by(desk.sender_id)
    if manager is None:
        return
    known = ManagersChat.objects.filter(channel=desk.chat.channel, is_active=True).first()
    if known is None:
        connect_room(desk.chat.channel, desk.chat.external_id, title=desk.chat.name, by=manager.name)
    elif known.chat_id != desk.chat.pk:
        desk.say(words.ALREADY_CONNECTED)


def _here(desk: Desk) -> None:
    """Somebody says that this is the place. Strangers are not answered: the group may be anybody's."""
    manager = manager_by(desk.sender_id)
    if manager is None:
        return
    known = ManagersChat.objects.filter(channel=desk.chat.channel, is_active=True).first()
    if known is not None and known.chat_id != desk.chat.pk and not _may_move(manager):
        desk.say(words.MAY_NOT_MOVE)
        return
    connect_room(desk.chat.channel, desk.chat.external_id, title=desk.chat.name, by=manager.name)


def _may_move(manager: Manager) -> bool:
    return manager.user is not None and manager.user.has_perm(MAY_MOVE)


def _pressed(desk: Desk) -> None:
    lead_id = lead_in(desk.incoming.data, "take")
    if lead_id is None:
        return
    manager = manager_by(desk.sender_id)
    if manager is None:
        offers.refuse_stranger(lead_id, telegram_id=desk.sender_id, name=desk.incoming.person.name)
        desk.tell(words.NOT_A_MANAGER, is_alert=True)
        return
    take(desk, lead_id, manager)


def take(desk: Desk, lead_id: int, manager: Manager) -> None:
    """Take a lead, and tell the manager how it went: a press is answered where it was made."""
    press = offers.take(lead_id, manager, key=desk.key)
    desk.tell(_answer(press, manager), is_alert=press.result is not Result.WON or not _can_write(manager, press.lead))


def _can_write(manager: Manager, lead: Lead | None) -> bool:
    return ways.is_open(manager, lead)


def _answer(press: Press, manager: Manager) -> str:
    match press.result:
        case Result.WON if press.lead is not None and _can_write(manager, press.lead):
            return words.WON.format(number=press.lead.pk)
        case Result.WON if press.lead is not None:
            link = ways.link_for(manager, press.lead) or "бота"
            return words.WON_UNHEARD.format(number=press.lead.pk, link=link)
        case Result.YOURS:
            return words.YOURS
        case Result.LOST if press.holder is not None:
            return words.LOST.format(holder=press.holder.name)
        case Result.MISSING:
            return words.GONE
    return words.CLOSED


def lead_in(data: str, verb: str) -> int | None:
    """Return the lead named by `lead:<verb>:<id>`; None for anything else, forged numbers included."""
    prefix = f"lead:{verb}:"
    number = data.removeprefix(prefix)
    is_id = data.startswith(prefix) and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if is_id else None
