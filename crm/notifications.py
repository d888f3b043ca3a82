"""Telling our own people: in their Telegram chat with the bot and in Bitrix24. Through the outbox like everything else said.

A person who never opened the bot cannot be written to in Telegram; the message then fails visibly in the error page.
"""

from django.conf import settings

from bot.messages import Button, Outgoing
from bot.models import Message
from bot.outbox import say
from crm import cards, reports, rooms
from crm.cards import Buttons
from crm.models import Lead, Manager
from crm.ways import way_to


def tell_manager(manager: Manager, text: str, *, key: str, buttons: Buttons = (), lead: Lead | None = None) -> bool:
    """Write to one manager in Telegram; return False when there is no way to them or it was said before."""
    chat = way_to(manager, lead)
    if chat is None:
        return False
    message = Outgoing(text, buttons, about=cards.about(lead) if lead is not None else "")
    return say(chat, message, role=Message.Role.BOT, dedupe_key=f"{key}:m{manager.pk}") is not None


def tell_of_lead(manager: Manager, lead: Lead, *, key: str = "") -> bool:
    """Send the card of a lead just given; Bitrix24 is told by the lead's own report."""
    occasion = key or f"lead:{lead.pk}:{lead.updated_at:%Y%m%d%H%M%S%f}"
    return tell_manager(manager, cards.card_of(lead), key=occasion, buttons=card_buttons(lead), lead=lead)


def card_buttons(lead: Lead) -> Buttons:
    """Return what a manager may press under a card of theirs."""
    # The dialogue of an open line is led in the portal; every other one can be led from the messenger.
    can_talk = lead.chat is not None and lead.chat.channel.kind != reports.OPENLINE
    talk = ((cards.open_button(lead),),) if can_talk else ()
    # Telegram refuses buttons that lead to this very machine.
    is_public = "//localhost" not in settings.PUBLIC_URL and "//127." not in settings.PUBLIC_URL
    link = ((Button("🗂 Карточка", url=f"{settings.PUBLIC_URL}/admin/crm/lead/{lead.pk}/change/"),),)
    return (*talk, *cards.pay_buttons(lead), *(link if is_public else ()))


def tell_managers(text: str, *, key: str, lead: Lead | None = None) -> int:
    """Write to the managers' chat where the lead was offered, and to its manager; without either to all on duty.

    Return how many were written to.
    """
    in_room = lead is not None and rooms.tell_room(lead, text, key=f"{key}:room")
    if lead is not None and lead.manager is not None:
        people = [lead.manager]
    elif in_room:
        people = []
    else:
        people = list(Manager.objects.filter(is_active=True, is_on_duty=True))
    return in_room + sum(tell_manager(manager, text, key=key, lead=lead) for manager in people)


def tell_owner(text: str, *, key: str) -> int:
    """Write to everybody who gets alerts, in Telegram and in Bitrix24; return how many were reached by either."""
    people = Manager.objects.filter(is_active=True, gets_alerts=True)
    told = 0
    for manager in people:
        in_telegram = tell_manager(manager, text, key=key)
        in_portal = reports.notify_user(manager, text, key=f"{key}:m{manager.pk}")
        told += in_telegram or in_portal
    return told
