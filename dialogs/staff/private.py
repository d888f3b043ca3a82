"""A manager's private chat with the bot: who they are, their leads, and their customers' dialogues."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial

from bot.errors import Refused
from bot.messages import EventKind
from crm import cards, invitations, mirror, takeovers
from crm import desk as verbs
from crm.models import Lead, Manager
from dialogs.staff import listing, selling, speaking, words
from dialogs.staff.desk import Desk
from dialogs.staff.people import INVITED, manager_by
from dialogs.staff.room import lead_in, take

SPOKEN = (EventKind.TEXT, EventKind.MEDIA, EventKind.CONTACT)


def hear(desk: Desk, _now: dt.datetime) -> None:
    """Hear one of our managers, or somebody who comes by a link for one."""
    kind, manager = desk.incoming.kind, manager_by(desk.sender_id)
    if kind is EventKind.START and desk.incoming.data.startswith(INVITED):
        _link(desk)
    elif manager is None:
        return
    elif kind is EventKind.START:
        desk.say(words.GREETING.format(name=manager.name))
        listing.send_unseen_cards(desk, manager)
    elif kind is EventKind.PRESS:
        _press(desk, manager)
    elif kind in SPOKEN:
        command = desk.incoming.text.split("@")[0].split()[:1]
        COMMANDS.get(command[0] if command else "", speaking.speak)(desk, manager)
    elif kind is EventKind.EDITED and takeovers.led_by(manager):
        desk.say(words.EDIT_UNSEEN)


def _link(desk: Desk) -> None:
    try:
        manager = invitations.accept(desk.incoming.data, telegram_id=desk.sender_id)
    except invitations.NotInvited:
        desk.say(words.BAD_LINK)
    except invitations.TelegramTaken as other:
        desk.say(words.OTHER_LINKED.format(name=other))
    else:
        desk.say(words.LINKED.format(name=manager.name))
        listing.send_unseen_cards(desk, manager)


def _press(desk: Desk, manager: Manager) -> None:
    data = desk.incoming.data
    if (taken := lead_in(data, "take")) is not None:
        take(desk, taken, manager)
        return
    if (chosen := selling.chosen_in(data)) is not None:
        lead_id, product_id = chosen
        _act(desk, manager, lead_id, partial(selling.send, product_id=product_id))
        return
    for verb, act in ACTS.items():
        number = lead_in(data, verb)
        if number is not None:
            _act(desk, manager, number, act)


def _act(desk: Desk, manager: Manager, number: int, act: Callable[[Desk, Manager, Lead], None]) -> None:
    lead = Lead.objects.select_related("customer", "manager", "chat__channel").filter(pk=number).first()
    if lead is None:
        desk.tell(words.GONE, is_alert=True)
        return
    try:
        act(desk, manager, lead)
    except Refused as error:
        desk.tell(str(error), is_alert=True)


def _open(desk: Desk, manager: Manager, lead: Lead) -> None:
    speaking.check_theirs(manager, lead)
    verbs.take_over(lead, by=manager.name, manager=manager, is_mirrored=True)
    said = mirror.last_words(lead.chat) if lead.chat is not None else ""
    text = "\n\n".join(part for part in (words.OPENED.format(name=cards.name_of(lead)), said) if part)
    desk.say(text, buttons=cards.return_buttons(lead), about=cards.about(lead))


def _return(desk: Desk, manager: Manager, lead: Lead) -> None:
    speaking.check_theirs(manager, lead)
    verbs.give_back(lead, by=manager.name)
    desk.say(words.RETURNED.format(name=cards.name_of(lead)), about=cards.about(lead))


def _keep(desk: Desk, manager: Manager, lead: Lead) -> None:
    speaking.check_theirs(manager, lead)
    if lead.chat is not None:
        takeovers.spoke(lead.chat)
    desk.tell(words.KEPT)


ACTS: Mapping[str, Callable[[Desk, Manager, Lead], None]] = {
    "open": _open,
    "return": _return,
    "keep": _keep,
    "pay": selling.ask_what,
}


def _return_by_word(desk: Desk, manager: Manager) -> None:
    led = [row.lead for row in takeovers.led_by(manager) if row.lead is not None]
    match led:
        case []:
            desk.say(words.NOTHING_TO_RETURN)
        case [lead]:
            _return(desk, manager, lead)
        case _:
            desk.say(listing.WHICH_BACK, buttons=listing.returns(led))


COMMANDS: Mapping[str, Callable[[Desk, Manager], None]] = {
    "/leads": listing.show,
    "/return": _return_by_word,
    "/help": lambda desk, _manager: desk.say(words.HELP),
}
